import { el } from '../dom.js';

/**
 * Buttons with questions that a visitor may ask.
 *
 * @param {string[]} questions
 * @param {(question: string) => void} ask
 */
export function pills(questions, ask) {
  return questions.map((question) => el('button', { part: 'pill', onclick: () => ask(question) }, question));
}
