/** The styles of the dialog and its text field. Distances are multiples of 4 pixels, and corners follow the page's radius. */
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
  bottom: 0;
  inset-inline-end: 0;
  display: flex;
  flex-direction: column;
  overflow: hidden;
  width: min(var(--voice-agent-panel-width, 384px), 100vw - 2 * var(--x));
  height: min(var(--voice-agent-panel-height, 620px), 100dvh - 2 * var(--y));
  border: 1px solid var(--line);
  border-radius: var(--r);
  background: var(--bg);
  box-shadow: 0 16px 48px #0003;
  outline: none;
}
.panel[inert] {
  visibility: hidden;
  opacity: 0;
  translate: 0 8px;
}
/* It is closed by the button in its header. */
.launcher[aria-expanded=true] {
  visibility: hidden;
}
/* Bars at the top, and icon buttons. */
.header {
  position: relative;
  display: flex;
  align-items: center;
  gap: 4px;
  padding: 12px 8px 8px;
}
.logo {
  display: grid;
  place-items: center;
  flex: none;
  width: 40px;
  height: 40px;
  margin-inline: 8px;
  border-radius: calc(var(--r) * .7);
  background: var(--primary);
  color: var(--on-primary);
}
.who {
  flex: 1;
  min-width: 0;
}
.name {
  font-weight: 600;
}
.name,
::placeholder {
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
}
.tool {
  display: grid;
  place-items: center;
  flex: none;
  width: 40px;
  height: 40px;
  border-radius: calc(var(--r) * .6);
  color: var(--muted);
}
:is(.tool, .pill):hover {
  background: var(--soft);
  color: var(--fg);
}
/* The text field, and the button for talking beside it. */
.dock {
  display: flex;
  align-items: end;
  gap: 8px;
  padding: 0 16px;
}
.composer {
  flex: 1;
  display: flex;
  align-items: end;
  min-width: 0;
  padding: 4px;
  border: 1px solid var(--edge);
  border-radius: var(--r);
}
.composer:focus-within {
  border-color: var(--ring);
  outline: 1px solid var(--ring);
}
textarea,
textarea:focus-visible {
  all: unset;
  flex: 1;
  align-self: center;
  min-width: 0;
  box-sizing: border-box;
  max-height: 8.5em;
  padding: 4px 8px;
  overflow: auto;
  overflow-wrap: anywhere;
}
.tool.stop {
  background: var(--fg);
  color: var(--bg);
}
textarea:not(:placeholder-shown) + .send {
  background: var(--primary);
  color: var(--on-primary);
}
.stop path {
  fill: currentColor;
}
.status,
.notice {
  font-size: .75em;
}
.notice {
  padding: 8px 16px 12px;
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
  .tool,
  .pill {
    min-width: 44px;
    min-height: 44px;
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
