import { adopt } from '../dom.js';
import { loadVoiceTexts } from './load-texts.js';

/** @import { ApiError } from '../api/errors.js' */
/** @import { State } from '../events.js' */
/** @import { VoiceTexts } from '../languages.js' */
/** @import { VoiceContext } from './interfaces.js' */

const STYLE = `
.talk[aria-pressed=true] { border-radius: 50%; background: var(--primary); color: var(--on-primary); box-shadow: 0 0 0 calc(var(--level, 0) * 10px) var(--edge) }
`;
// Speech at a usual distance reaches a sixth of full scale.
const LEVEL_GAIN = 6;

/** What visitors see of the voice: the buttons, the text field and the failures. */
export class VoiceView {
  #context;
  #talk;
  /** @type {Partial<VoiceTexts>} */
  #texts = {};
  /** @type {string | null} what the visitor had typed; null while nothing else is in the text field */
  #draft = null;

  /**
   * @param {VoiceContext} context
   * @param {HTMLButtonElement | undefined} talk the microphone button
   */
  constructor(context, talk) {
    this.#context = context;
    this.#talk = talk;
  }

  /** Begins to show what the voice is doing. */
  show() {
    const { shadow, labels } = this.#context;
    adopt(shadow, STYLE);
    // If the texts of another language cannot be loaded, those of the last one stay.
    labels.push(() => this.translate().catch(() => {}));
    this.clearFailure();
  }

  /** Takes the texts of the language of the moment. */
  async translate() {
    const { host } = this.#context;
    const texts = { ...(await loadVoiceTexts(host.language)) };
    for (const name of /** @type {(keyof VoiceTexts)[]} */ (Object.keys(texts))) {
      texts[name] = host.texts[name] ?? host.getAttribute(`text-${name}`) ?? texts[name];
    }
    this.#texts = texts;
  }

  /** The name of what speaks an answer again. */
  get replay() {
    return this.#texts.replay ?? '';
  }

  /**
   * Shows what the voice is doing, and announces it if it is new.
   *
   * @param {State} state
   * @param {{ isNew: boolean, listening: boolean }} more
   */
  update(state, { isNew, listening }) {
    const { layout, transcript } = this.#context;
    const text = this.#text(state);
    layout.input.placeholder = text ?? transcript.texts.placeholder;
    if (this.#talk) this.#talk.ariaPressed = String(listening);
    if (isNew && text) transcript.announce(text);
  }

  /** @param {number} level of 1 */
  level(level) {
    this.#talk?.style.setProperty('--level', Math.min(1, level * LEVEL_GAIN).toFixed(2));
  }

  /** Removes the last failure. */
  clearFailure() {
    this.#context.layout.failure.textContent = '';
  }

  /**
   * Shows a failure and tells the page.
   *
   * @param {string} name of a text; it is the event's code too, unless the error has one
   * @param {Partial<ApiError> & { code: string }} [error]
   */
  tell(name, error) {
    const { layout, transcript, emit } = this.#context;
    const message = this.#text(name) ?? transcript.texts[/** @type {'lost'} */ (name)];
    const { code = name, status = 0, retryAfter = null } = error ?? {};
    layout.failure.textContent = message;
    emit('error', { code, status, retryAfter, retrying: false, message });
  }

  /**
   * Shows what was understood so far, in the place of what the visitor has typed.
   *
   * @param {string} text
   */
  interim(text) {
    const { input } = this.#context.layout;
    this.#draft ??= input.value;
    input.value = text;
  }

  /** Puts back what the visitor had typed. */
  noInterim() {
    const { input } = this.#context.layout;
    input.value = this.#draft ?? input.value;
    this.#draft = null;
  }

  /** What is in the text field is the visitor's from now on. */
  keepTyped() {
    this.#draft = null;
  }

  /**
   * Puts what was heard behind what was typed, for the visitor to correct and send.
   *
   * @param {string} text
   */
  review(text) {
    const { input } = this.#context.layout;
    input.value = `${input.value} ${text}`.trim();
    input.dispatchEvent(new Event('input'));
    input.focus();
  }

  /** Removes the last question and what followed it. */
  removeTurn() {
    const { layout, transcript } = this.#context;
    const items = Array.from(layout.list.children);
    const question = items.findLastIndex((item) => item.matches('.message.user'));
    if (question < 0) return;
    for (const item of items.slice(question)) item.remove();
    transcript.entries.splice(transcript.entries.findLastIndex(({ role }) => role === 'user'));
  }

  /** @param {string} name */
  #text(name) {
    return this.#texts[/** @type {keyof VoiceTexts} */ (name)];
  }
}
