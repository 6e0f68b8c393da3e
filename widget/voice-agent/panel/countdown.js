import { adopt, el } from '../dom.js';
import { addNoticeTexts } from '../notices/load-texts.js';
import { formatDuration } from '../transcript/duration.js';

/** @import { VoiceAgentElement } from '../element.js' */
/** @import { Transcript } from '../transcript/transcript.js' */
/** @import { Layout } from './layout.js' */

const STYLE = `
.countdown { display: flex; align-items: center; justify-content: space-between; gap: 8px; margin: 0 16px 8px; padding: 8px 8px 8px 16px; border-radius: var(--r); background: var(--soft); font-size: .9em }
[dir=rtl] .countdown { padding: 8px 16px 8px 8px }
`;
// Screen readers are told once more when so many seconds are left.
const LAST_CALL = 5;

/** The line that says when the conversation ends, with a button that visitors press to stay. */
export class Countdown {
  #parts;
  #line = el('span');
  #stay = el('button', { part: 'pill stay' });
  #bar = el('div', { part: 'countdown', hidden: '' }, this.#line, this.#stay);

  /** @param {{ host: VoiceAgentElement, shadow: ShadowRoot, layout: Layout, transcript: Transcript }} parts */
  constructor(parts) {
    this.#parts = parts;
    adopt(parts.shadow, STYLE);
    parts.layout.failure.before(this.#bar);
  }

  /** Loads its texts in the language of the moment; rejects if that fails. */
  async ready() {
    await addNoticeTexts(this.#parts);
    return this;
  }

  /**
   * @param {number} left seconds
   * @param {number} total seconds from the beginning
   */
  show(left, total) {
    const { transcript } = this.#parts;
    const { closing, stay, language } = transcript.texts;
    const line = closing.replace('{time}', formatDuration(left, language));
    this.#line.textContent = line;
    this.#stay.textContent = stay;
    this.#bar.hidden = false;
    if (left === total || left === LAST_CALL) transcript.announce(line);
  }

  hide() {
    this.#bar.hidden = true;
  }
}
