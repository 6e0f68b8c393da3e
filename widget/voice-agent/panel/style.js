/** The styles of the panel. */
export const STYLE = `
/* Colours between the text and the background. */
.root {
  --muted: color-mix(in oklab, var(--fg) 68%, var(--bg));
  --edge: color-mix(in oklab, var(--fg) 50%, var(--bg));
  --line: color-mix(in oklab, var(--fg) 14%, var(--bg));
  --soft: color-mix(in oklab, var(--fg) 6%, var(--bg));
}
p,
ol {
  margin: 0;
  padding: 0;
}
/* The dialog. */
.panel {
  position: absolute;
  bottom: calc(var(--size) + 12px);
  inset-inline-end: 0;
  display: flex;
  flex-direction: column;
  overflow: hidden;
  width: min(var(--voice-agent-panel-width, 384px), 100vw - 2 * var(--x));
  height: min(var(--voice-agent-panel-height, 620px), 100dvh - var(--size) - 2 * var(--y) - 12px);
  border: 1px solid var(--line);
  border-radius: var(--voice-agent-radius, 18px);
  background: var(--bg);
  box-shadow: 0 16px 48px #0003;
  outline: none;
}
.panel[inert] {
  visibility: hidden;
  opacity: 0;
  translate: 0 8px;
}
/* Bars at the top, and icon buttons. */
.header {
  position: relative;
  display: flex;
  align-items: center;
  gap: 2px;
  padding: 10px;
  padding-inline-start: 18px;
  border-bottom: 1px solid var(--line);
}
.name {
  flex: 1;
  font-weight: 600;
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
}
.demo {
  padding: 0 8px;
}
.tool {
  display: grid;
  place-items: center;
  flex: none;
  width: 36px;
  height: 36px;
  border-radius: 10px;
  color: var(--muted);
}
:is(.tool, .pill):hover {
  background: var(--soft);
  color: var(--fg);
}
/* The conversation. */
.log {
  flex: 1;
  overflow: auto;
  overscroll-behavior: contain;
  padding: 18px;
  outline-offset: -3px;
}
.greeting {
  font-size: 1.25em;
  font-weight: 600;
}
.suggestions {
  display: flex;
  flex-wrap: wrap;
  gap: 8px;
  margin-top: 14px;
}
.pill {
  flex: none;
  padding: 5px 14px;
  border: 1px solid var(--edge);
  border-radius: 18px;
}
ol {
  display: flex;
  flex-direction: column;
  gap: 14px;
  margin-top: 20px;
  list-style: none;
}
.bubble {
  white-space: pre-wrap;
  overflow-wrap: anywhere;
}
.user {
  align-self: end;
  max-width: 85%;
  padding: 8px 14px;
  border-radius: 16px;
  border-end-end-radius: 4px;
  background: var(--primary);
  color: var(--on-primary);
}
.copy {
  width: 28px;
  height: 28px;
  margin: 2px -6px -8px;
  font-size: .8em;
}
@media (hover) {
  li:not(:hover, :focus-within, :last-child) .copy {
    opacity: 0;
  }
}
a {
  color: var(--primary);
}
.note,
.notice,
.partial,
.demo,
::placeholder {
  color: var(--muted);
}
.note,
.pill,
.failure {
  font-size: .9em;
}
.failure:not(:empty) {
  padding: 10px 14px;
  border-inline-start: 3px solid light-dark(#c0362c, #ff9b90);
  background: var(--soft);
}
li .pill {
  display: block;
  margin-top: 8px;
  width: fit-content;
}
/* The text field. */
.composer {
  display: flex;
  align-items: end;
  margin: 10px 14px 0;
  padding: 4px;
  border: 1px solid var(--edge);
  border-radius: 22px;
}
.composer:focus-within {
  border-color: var(--primary);
  outline: 1px solid var(--primary);
}
textarea,
textarea:focus-visible {
  all: unset;
  flex: 1;
  align-self: center;
  min-width: 0;
  box-sizing: border-box;
  max-height: 8.5em;
  padding: 5px 10px;
  overflow: auto;
  overflow-wrap: anywhere;
}
.tool:is(.send, .stop) {
  border-radius: 50%;
  background: var(--primary);
  color: var(--on-primary);
}
.talk {
  touch-action: none;
  user-select: none;
}
.stop path {
  fill: currentColor;
}
.notice,
.demo {
  font-size: .75em;
}
.notice {
  padding: 8px 18px 12px;
  text-align: center;
}
/* For screen readers only. */
.sr,
.live {
  position: absolute;
  width: 1px;
  height: 1px;
  overflow: hidden;
  clip-path: inset(50%);
}
/* On small screens the panel covers the page. */
@media (max-width: 480px), (max-height: 480px) {
  .panel {
    position: fixed;
    inset: var(--top, 0) 0 auto;
    width: 100%;
    height: var(--height, 100dvh);
    border: 0;
    border-radius: 0;
    padding: env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left);
  }
  .tool:not(.copy) {
    width: 44px;
    height: 44px;
  }
  .launcher[aria-expanded=true] {
    visibility: hidden;
  }
}
@media (prefers-reduced-motion: no-preference) {
  .panel {
    transition: .16s;
  }
  .thinking {
    animation: pulse 1.4s infinite;
  }
}
`;
