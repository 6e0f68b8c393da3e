/** The styles of the conversation, and of buttons with text. */
export const STYLE = `
/* The conversation: it fades under the header. */
.log {
  flex: 1;
  overflow: auto;
  overscroll-behavior: contain;
  padding: 16px;
  outline-offset: -4px;
}
.log:not(:focus-visible) {
  mask: linear-gradient(#0000, #000 16px);
}
.suggestions {
  display: flex;
  flex-wrap: wrap;
  gap: 8px;
  margin-top: 12px;
}
.pill {
  flex: none;
  display: flex;
  align-items: center;
  gap: 8px;
  min-height: 36px;
  padding: 0 16px;
  border: 1px solid var(--edge);
  border-radius: var(--r);
}
ol {
  display: flex;
  flex-direction: column;
  gap: 12px;
  margin-top: 16px;
  list-style: none;
}
.bubble {
  white-space: pre-wrap;
  overflow-wrap: anywhere;
}
.user,
.greeting,
.assistant .bubble {
  width: fit-content;
  max-width: 88%;
  padding: 8px 16px;
  border-radius: var(--r);
  border-end-start-radius: 4px;
  background: var(--soft);
}
.user {
  align-self: end;
  border-radius: var(--r);
  border-end-end-radius: 4px;
  background: var(--primary);
  color: var(--on-primary);
}
.copy {
  width: 32px;
  height: 32px;
  margin: 4px 0 -12px;
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
.status,
.notice,
.partial,
::placeholder {
  color: var(--muted);
}
.note,
.pill,
.failure {
  font-size: .9em;
}
/* What went wrong, and what only takes a while. */
.failure:not(:empty) {
  --tone: light-dark(#c0362c, #ff9b90);
  position: relative;
  padding: 12px;
  padding-inline-start: 44px;
  border: 1px solid var(--tone);
  border-radius: var(--r);
}
.failure:not(:empty)::before {
  content: '!' / '';
  position: absolute;
  inset-inline-start: 12px;
  width: 20px;
  border-radius: 50%;
  background: var(--tone);
  color: var(--bg);
  font-weight: 600;
  line-height: 20px;
  text-align: center;
}
.failure.waiting {
  --tone: var(--edge);
}
.failure.waiting::before {
  content: 'i' / '';
}
div.failure {
  margin: 0 16px 8px;
}
li .pill {
  margin-top: 8px;
  width: fit-content;
}
`;
