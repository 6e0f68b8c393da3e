/**
 * The styles of the talk view. The button for talking becomes its figure: round while the visitor is heard, square
 * while the agent is, and without a colour of its own while nobody is.
 */
export const STYLE = `
.talking {
  flex-direction: column;
  align-items: center;
  gap: 12px;
  padding: 16px;
  border-top: 1px solid var(--line);
}
.talking .composer,
.talking + .notice,
.talking .talk span,
.dock:not(.talking) .stage,
.caption:empty {
  display: none;
}
.talking .talk {
  order: -1;
  width: 80px;
  height: 80px;
  margin: 12px;
  padding: 0;
  border: 2px solid #0000;
  border-radius: 50%;
}
.talking .talk svg {
  width: 36px;
}
.talking:is([data-state=transcribing], [data-state=thinking], [data-state=answering]) .talk {
  border-color: var(--edge);
  background: var(--bg);
  color: var(--fg);
}
[data-state=listening] .talk {
  box-shadow: 0 0 0 calc(var(--level, .4) * 20px) color-mix(in oklab, var(--primary) 30%, var(--bg));
}
[data-state=transcribing] .talk {
  border-style: dashed;
}
[data-state=thinking] .talk {
  border-style: dotted;
  stroke-width: 3.5;
}
.talking:is([data-state=answering], [data-state=speaking]) .talk {
  border-radius: calc(var(--r) * .7);
}
[data-state=speaking] .talk {
  border-color: var(--primary);
  background: var(--soft);
  color: var(--primary);
}
[data-state=speaking] .talk svg {
  width: 48px;
  scale: 1 calc(.4 + var(--level, .7) * .8);
}
.stage {
  display: flex;
  flex-direction: column;
  align-items: center;
  gap: 8px;
  width: 100%;
  text-align: center;
}
.doing {
  font-weight: 600;
}
.left {
  color: var(--muted);
  font-weight: 400;
}
.caption {
  max-height: 4.5em;
  overflow: auto;
  overflow-wrap: anywhere;
}
.controls {
  display: flex;
  flex-wrap: wrap;
  justify-content: center;
  gap: 8px;
  margin-top: 4px;
}
.controls .pill {
  min-height: 44px;
}
.finish,
.finish:hover {
  border-color: #0000;
  background: var(--primary);
  color: var(--on-primary);
}
.halt,
.halt:hover {
  background: var(--fg);
  color: var(--bg);
}
.halt path {
  fill: currentColor;
}
/* A low screen. */
@media (max-height: 480px) {
  .talking {
    gap: 0;
    padding: 4px;
  }
  .talking .talk {
    width: 44px;
    min-width: 44px;
    height: 44px;
    margin: 8px;
  }
}
@media (forced-colors: active) {
  .talking .talk {
    border-color: ButtonText;
    outline: calc(var(--level, .3) * 8px) solid Highlight;
  }
}
@media (prefers-reduced-motion: no-preference) {
  .talking:is([data-state=transcribing], [data-state=thinking]) .talk {
    animation: pulse 1.4s infinite;
  }
  .talk.unmeasured svg {
    animation: pulse .9s infinite;
  }
}
`;
