/** The styles of the floating button, and the custom properties that the panel uses too. */
export const STYLE = `
/* The page cannot move or blur what has no box; it can hide it with display: none. */
:host {
  display: contents;
}
:host([hidden]),
[hidden] {
  display: none !important;
}
/* The page's rules reach the host, and would be inherited. */
.root {
  all: initial;
  color-scheme: light dark;
  --primary: var(--voice-agent-primary-color, light-dark(#3a4bc4, #aab6ff));
  --on-primary: var(--voice-agent-on-primary-color, oklch(from var(--primary) clamp(0, (.66 - l) * 1000, 1) 0 0));
  --bg: var(--voice-agent-background-color, light-dark(#fff, #191a1f));
  --fg: var(--voice-agent-text-color, light-dark(#1c1d22, #eeeff3));
  --ring: color-mix(in oklab, var(--fg) 60%, var(--primary));
  --r: var(--voice-agent-radius, 18px);
  --size: var(--voice-agent-launcher-size, 56px);
  --x: max(var(--voice-agent-offset-x, 20px), env(safe-area-inset-right));
  --y: max(var(--voice-agent-offset-y, 20px), env(safe-area-inset-bottom));
  position: fixed;
  z-index: var(--voice-agent-z-index, 2147483000);
  inset: auto auto var(--y) auto;
  inset-inline-end: var(--x);
  margin-inline: calc(var(--agent-place, 0) * (var(--size) + 12px));
  font: var(--voice-agent-font-size, medium)/1.5 var(--voice-agent-font-family, system-ui, sans-serif);
  color: var(--fg);
}
:host([theme=light]) .root {
  color-scheme: light;
}
:host([theme=dark]) .root {
  color-scheme: dark;
}
:host([placement=bottom-start]) .root {
  inset-inline: var(--x) auto;
}
/* What is above the button. */
:host([placement=bottom-start]) :is(.panel, .oops, .undo) {
  inset-inline: 0 auto;
}
.root * {
  box-sizing: border-box;
}
/* Icons and buttons everywhere in the widget. */
svg {
  display: block;
  width: 1.25em;
  fill: none;
  stroke: currentColor;
  stroke-width: 1.8;
  stroke-linecap: round;
  stroke-linejoin: round;
}
button {
  all: unset;
  cursor: pointer;
}
/* In two tones, so that it can be seen on any colour. */
:focus-visible {
  outline: 2px solid var(--ring);
  outline-offset: 2px;
  box-shadow: 0 0 0 2px var(--bg);
}
/* The floating button. */
.launcher {
  position: relative;
  display: flex;
  align-items: center;
  justify-content: center;
  gap: 8px;
  height: var(--size);
  padding: 0 calc(var(--size) * .275);
  border: 1px solid #0000;
  border-radius: calc(var(--r) * 3);
  background: var(--primary);
  color: var(--on-primary);
  box-shadow: 0 4px 20px #0004;
}
.launcher svg {
  width: calc(var(--size) * .45);
}
.launcher:hover {
  background: color-mix(in oklab, var(--primary) 88%, var(--fg));
}
.label {
  display: none;
  font-weight: 600;
}
/* Where there is room, it says what it is. */
@media (min-width: 481px) {
  :host(:not([style*=place])) .label {
    display: block;
  }
}
.badge {
  position: absolute;
  inset: 0 0 auto auto;
  min-height: 14px;
  padding: 0 5px;
  border: 2px solid var(--bg);
  border-radius: 9px;
  background: var(--fg);
  color: var(--bg);
  font-size: 12px;
  line-height: 1.4;
}
.oops {
  position: absolute;
  bottom: calc(100% + 12px);
  inset-inline-end: 0;
  width: 15em;
  padding: .75em 1em;
  border-radius: var(--r);
  background: var(--fg);
  color: var(--bg);
}
/* While the panel is being loaded. */
[aria-busy=true] {
  outline: 3px dotted var(--primary);
  outline-offset: 3px;
}
@media (prefers-reduced-motion: no-preference) {
  [aria-busy=true] {
    animation: pulse 1s infinite;
  }
}
/* Used by the panel too. */
@keyframes pulse {
  50% {
    opacity: .5;
  }
}
@media print {
  .root {
    display: none;
  }
}
`;
