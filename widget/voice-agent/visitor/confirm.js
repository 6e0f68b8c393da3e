import { el } from '../dom.js';

/**
 * Asks before something that cannot be undone. The focus moves to the answer that changes nothing.
 *
 * @param {{ question: string, yes: string, no: string }} texts
 * @param {() => unknown} act
 * @param {() => void} leave is called in any other case
 */
export function confirmAction({ question, yes, no }, act, leave) {
  const text = el('p', { id: 'question' }, question);
  const keep = el('button', { part: 'pill', onclick: leave }, no);
  const confirm = el('button', { part: 'pill danger', onclick: act }, yes);
  const onkeydown = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    event.preventDefault();
    leave();
  };
  const labels = { role: 'group', 'aria-labelledby': 'question', onkeydown };
  const box = el('div', { part: 'confirm', ...labels }, text, el('div', { part: 'choices' }, confirm, keep));
  return { box, focus: () => keep.focus() };
}
