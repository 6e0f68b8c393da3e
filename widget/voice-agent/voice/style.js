/** The styles of the button for talking, beside the text field. */
export const STYLE = `
.talk {
  flex: none;
  display: flex;
  align-items: center;
  justify-content: center;
  gap: 8px;
  min-width: 50px;
  height: 50px;
  padding: 0 16px;
  border-radius: calc(var(--r) * 3);
  background: var(--primary);
  color: var(--on-primary);
  font-weight: 600;
  touch-action: none;
  user-select: none;
}
/* Visitors who prefer to type. */
.texting .talk {
  padding: 0;
  background: var(--soft);
  color: var(--fg);
}
.texting .talk span {
  display: none;
}
@media (max-width: 480px), (max-height: 480px) {
  .talk {
    min-width: 54px;
    height: 54px;
  }
}
@media (forced-colors: active) {
  .talk {
    border: 1px solid;
  }
}
`;
