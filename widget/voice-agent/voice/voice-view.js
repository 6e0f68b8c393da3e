import { loadVoiceTexts } from './load-texts.js';
import { TalkView } from './talk/talk.js';

/** @import { ApiError } from '../api/errors.js' */
/** @import { State } from '../events.js' */
/** @import { VoiceTexts } from '../languages.js' */
/** @import { VoiceContext } from './interfaces.js' */
/** @import { Voice } from './voice.js' */

/** @type {State[]} the states that are announced: the others can be heard, or are announced by the conversation */
const ANNOUNCED = ['listening', 'transcribing'];
/** @type {State[]} the states in which nobody is talking */
const RESTING = ['idle', 'error'];

/** What visitors see of the voice: the talk view, the buttons and the failures. */
export class VoiceView {
  #context;
  #talk;
  /** @type {Partial<VoiceTexts>} */
  #texts = {};
  /** Whether the visitor talks rather than types. */
  #spoken = false;
  /** @type {State | null} what the talk view shows */
  #state = null;
  /** @type {TalkView | undefined} */
  #talkView;

  /**
   * @param {VoiceContext} context
   * @param {HTMLButtonElement | undefined} talk the button for talking
   */
  constructor(context, talk) {
    this.#context = context;
    this.#talk = talk;
  }

  /**
   * Begins to show what the voice is doing.
   *
   * @param {Voice} voice
   */
  show(voice) {
    const { host, labels, layout, transcript } = this.#context;
    // If the texts of another language cannot be loaded, those of the last one stay.
    labels.push(() => this.translate().catch(() => {}));
    this.clearFailure();
    layout.input.addEventListener('input', () => this.#write());
    host.addEventListener('voice-agent:message', ({ detail: { role, content } }) => {
      if (this.#spoken && role === 'user') transcript.announce(`${transcript.texts.you}: ${content}`);
    });
    if (this.#talk) this.#talkView = new TalkView(this.#context, this.#talk, this.#talking(voice));
  }

  /** Takes the texts of the language of the moment. */
  async translate() {
    const { host, transcript } = this.#context;
    const texts = { ...(await loadVoiceTexts(host.language)) };
    for (const name of /** @type {(keyof VoiceTexts)[]} */ (Object.keys(texts))) {
      texts[name] = host.texts[name] ?? host.getAttribute(`text-${name}`) ?? texts[name];
    }
    this.#texts = Object.assign(transcript.texts, texts);
    this.#talkView?.show(this.#state);
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
    const text = ANNOUNCED.includes(state) ? this.#text(state) : undefined;
    layout.input.placeholder = text ?? transcript.texts.placeholder;
    if (this.#talk) this.#talk.ariaPressed = String(listening);
    if (isNew && text) transcript.announce(text);
    this.#spoken ||= state === 'listening';
    this.#state = this.#spoken && !RESTING.includes(state) ? state : null;
    this.#talkView?.show(this.#state);
  }

  /** @param {number} level of 1 */
  level(level) {
    this.#talkView?.hear(level);
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

  /** @param {string} text what was understood so far */
  interim(text) {
    this.#talkView?.caption(text);
  }

  /** Nothing is being understood any more. */
  noInterim() {
    this.#talkView?.caption('');
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

  /** @param {Voice} voice */
  #talking(voice) {
    const { panel, input } = this.#context.layout;
    const type = () => {
      this.#write();
      voice.quiet();
      panel.classList.add('texting');
      input.focus();
    };
    return { send: () => voice.send(), type, output: () => voice.level };
  }

  /** The visitor types. */
  #write() {
    this.#spoken = false;
    this.#state = null;
    this.#talkView?.show(null);
  }

  /** @param {string} name */
  #text(name) {
    return this.#texts[/** @type {keyof VoiceTexts} */ (name)];
  }
}
