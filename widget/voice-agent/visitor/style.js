/** The styles of sheets and of the question for consent. */
export const STYLE = `
.panel:has(> .sheet) > :not(.sheet, .countdown),
.asking > :is(.dock, .notice),
.asking .suggestions {
  display: none;
}
.sheet {
  flex: 1;
  display: flex;
  flex-direction: column;
  min-height: 0;
  outline: none;
}
.title {
  margin: 0;
  font-size: 1em;
  font-weight: 600;
}
.title:focus-visible {
  outline: none;
}
[dir=rtl] .back svg {
  scale: -1 1;
}
.page {
  flex: 1;
  overflow: auto;
  overscroll-behavior: contain;
  display: flex;
  flex-direction: column;
  gap: 12px;
  padding: 16px;
  scroll-padding: 16px;
}
.page > * {
  flex: none;
}
.consent {
  display: flex;
  flex-direction: column;
  gap: 12px;
  margin: 8px 16px 16px;
  padding: 16px;
  border-radius: var(--r);
  background: var(--soft);
  font-size: .9em;
}
.consent:focus-visible {
  outline-offset: -2px;
}
.choices {
  display: flex;
  flex-wrap: wrap;
  gap: 8px;
}
.choices .pill {
  font-size: 1em;
}
.agree {
  border-color: #0000;
  background: var(--primary);
  color: var(--on-primary);
}
.agree:hover {
  background: color-mix(in oklab, var(--primary) 88%, var(--fg));
  color: var(--on-primary);
}
.field {
  all: unset;
  box-sizing: border-box;
  width: 100%;
  padding: 8px 12px;
  border: 1px solid var(--edge);
  border-radius: calc(var(--r) * .6);
  overflow-wrap: anywhere;
}
.field:focus-visible {
  border-color: var(--ring);
  box-shadow: 0 0 0 1px var(--ring);
}
.danger {
  border-color: light-dark(#c0362c, #ff9b90);
  color: light-dark(#b02a20, #ff9b90);
}
.confirm {
  flex: 1;
  display: flex;
  flex-direction: column;
  gap: 12px;
  min-width: 0;
  overflow-wrap: anywhere;
}
/* The history. */
.past:not(:empty) {
  gap: 4px;
  margin: 0;
}
.past li {
  display: flex;
  align-items: center;
  gap: 2px;
  padding: 4px 8px;
  border-radius: calc(var(--r) * .6);
}
.past li:hover,
.past li:has(.confirm) {
  background: var(--soft);
}
.reopen {
  flex: 1;
  min-width: 0;
  display: flex;
  flex-direction: column;
  border-radius: 6px;
}
.topic {
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
}
/* The text has a direction of its own; the place is that of the page. */
[dir=rtl] .topic {
  text-align: right;
}
[dir=ltr] .topic {
  text-align: left;
}
.facts {
  color: var(--muted);
  font-size: .85em;
}
.foot {
  display: flex;
  flex-wrap: wrap;
  gap: 8px;
  margin-top: auto;
  padding-top: 16px;
  border-top: 1px solid var(--line);
}
/* A code for another device. */
.qr {
  align-self: center;
  width: min(240px, 100%);
  border-radius: 8px;
  stroke: none;
  stroke-width: 1;
  stroke-linecap: butt;
  shape-rendering: crispEdges;
  forced-color-adjust: none;
}
.code {
  font-family: ui-monospace, monospace;
  font-size: 1.6em;
  letter-spacing: .08em;
  text-align: center;
}
`;
