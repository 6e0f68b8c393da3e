import { el } from '../dom.js';
import { formatDuration } from './duration.js';
import { SentenceChunker } from './sentences.js';

/** @import { Texts } from '../languages.js' */
/** @import { Transcript } from './transcript.js' */

/** What is shown of one turn: the question, the answer as it arrives, and a status line such as 'Thinking…'. */
export class TurnView {
  /** The question, or the last item there was; notes about this turn are put before it. */
  item;
  #transcript;
  /** @type {HTMLElement | null} */
  #bubble = null;
  #text = new Text();
  /** @type {SentenceChunker | null} */
  #sentences = null;
  /** @type {HTMLElement | null} */
  #status = null;

  /**
   * @param {Transcript} transcript
   * @param {string} [question]
   */
  constructor(transcript, question) {
    this.#transcript = transcript;
    transcript.beginTurn();
    if (question) transcript.add('user', question);
    this.item = transcript.lastItem;
  }

  /** Shows that the answer is being waited for; what came of an earlier attempt is removed. */
  thinking() {
    this.#bubble?.parentElement?.remove();
    this.#bubble = null;
    this.#show('note thinking', this.#transcript.texts.thinking);
  }

  /**
   * Appends a piece of the answer, and announces the sentences it completes.
   *
   * @param {string} piece
   */
  append(piece) {
    const transcript = this.#transcript;
    if (!this.#bubble) this.#beginAnswer();
    transcript.keepEndInView(() => this.#text.appendData(piece));
    for (const sentence of this.#sentences?.add(piece) ?? []) transcript.announce(sentence);
  }

  /**
   * Shows the final answer.
   *
   * @param {string} content
   */
  complete(content) {
    if (!this.#bubble) this.append(content);
    if (!this.#bubble || !this.#sentences) return;
    this.#transcript.announce(this.#sentences.flush());
    this.#transcript.complete(this.#bubble, 'assistant', content);
  }

  /** Says that the visitor stopped the answer, and keeps what came of it. */
  stopped() {
    if (this.#bubble) this.complete(this.#text.data);
    this.#show('note', this.#transcript.texts.stopped);
  }

  /**
   * Says why there is no answer, with a button to try again.
   *
   * @param {keyof Texts} name
   * @param {() => void} retry
   */
  failed(name, retry) {
    const { texts } = this.#transcript;
    this.#bubble?.classList.add('partial');
    const button = el('button', { part: 'pill', onclick: retry }, texts.retry);
    this.#show('failure', el('span', { role: 'alert' }, texts[name]), button);
  }

  /**
   * Says why the question waits, and for how long. The remaining seconds are for the eye; screen readers are
   * told once.
   *
   * @param {keyof Texts} name
   * @param {number} [left] seconds
   * @param {number} [total] seconds from the beginning
   */
  waiting(name, left, total) {
    const { again, language, [name]: reason } = this.#transcript.texts;
    /** @param {number} [seconds] */
    const line = (seconds) =>
      seconds ? `${reason} ${again.replace('{time}', formatDuration(seconds, language))}` : reason;
    if (!left || left === total) {
      const alert = el('span', { part: 'sr', role: 'alert' }, line(total));
      this.#show('failure', alert, el('span', { 'aria-hidden': true }));
    }
    if (this.#status?.lastChild) this.#status.lastChild.textContent = line(left);
  }

  #beginAnswer() {
    this.#status?.remove();
    this.#bubble = this.#transcript.bubble('assistant');
    this.#text = this.#bubble.appendChild(new Text());
    this.#sentences = new SentenceChunker(this.#transcript.texts.language);
  }

  /**
   * @param {string} part
   * @param {...(Node | string)} children
   */
  #show(part, ...children) {
    this.#status?.remove();
    this.#status = this.#transcript.append(part, null, ...children);
  }
}
