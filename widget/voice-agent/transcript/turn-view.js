import { el } from '../dom.js';
import { AnswerText } from './answer-text.js';
import { pills } from './pills.js';
import { SentenceChunker } from './sentences.js';

/** @import { TextName } from '../languages.js' */
/** @import { Transcript } from './transcript.js' */

/** What is shown of one turn: the question, the answer as it arrives, and a status line such as 'Thinking…'. */
export class TurnView {
  /** The question, or the last item there was; notes about this turn are put before it. */
  item;
  #transcript;
  /** @type {AnswerText | null} */
  #answer = null;
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
    this.#answer?.bubble.parentElement?.remove();
    this.#answer = null;
    this.#show('note thinking', this.#transcript.texts.thinking);
  }

  /**
   * Appends a piece of the answer, and announces the sentences it completes.
   *
   * @param {string} piece
   */
  append(piece) {
    const transcript = this.#transcript;
    const answer = this.#answer ?? this.#beginAnswer();
    answer.show(answer.text + piece);
    for (const sentence of this.#sentences?.add(piece) ?? []) this.#announce(answer, sentence);
    return answer;
  }

  /**
   * Shows the final answer; resolves when it is formatted.
   *
   * @param {string} content
   */
  async complete(content) {
    const answer = this.#answer ?? this.append(content);
    this.#transcript.complete(answer.bubble, 'assistant', content);
    const shown = answer.show(content, true);
    this.#announce(answer, this.#sentences?.flush() ?? '');
    await shown;
  }

  /**
   * Offers questions that may follow.
   *
   * @param {string[]} questions
   * @param {(question: string) => void} ask
   */
  suggest(questions, ask) {
    if (questions[0]) this.#transcript.append('suggestions', null, ...pills(questions, ask));
  }

  /** Says that the visitor stopped the answer, and keeps what came of it. */
  stopped() {
    if (this.#answer) void this.complete(this.#answer.text);
    this.#show('note', this.#transcript.texts.stopped);
  }

  /**
   * Says why there is no answer, with a button to try again.
   *
   * @param {TextName} name
   * @param {() => void} [retry] nothing if it would be of no use
   */
  failed(name, retry) {
    const { texts } = this.#transcript;
    this.#answer?.bubble.classList.add('partial');
    const button = retry && el('button', { part: 'pill', onclick: retry }, texts.retry);
    this.#show('failure', el('span', { role: 'alert' }, texts[name]), button ?? '');
  }

  /**
   * Says why the question waits.
   *
   * @param {string} line for the eye
   * @param {string} alert what screen readers are told; nothing if only the line has changed
   */
  waiting(line, alert) {
    if (alert) {
      const spoken = el('span', { part: 'sr', role: 'alert' }, alert);
      this.#show('failure waiting', spoken, el('span', { 'aria-hidden': true }));
    }
    const shown = this.#status?.lastChild;
    if (shown) this.#transcript.keepEndInView(() => (shown.textContent = line));
  }

  /**
   * @param {AnswerText} answer
   * @param {string} sentence
   */
  #announce(answer, sentence) {
    const announce = () => this.#transcript.announce(answer.spoken(sentence));
    if (answer.formatting) void answer.formatting.then(announce);
    else announce();
  }

  #beginAnswer() {
    this.#status?.remove();
    this.#sentences = new SentenceChunker(this.#transcript.texts.language);
    return (this.#answer = new AnswerText(this.#transcript, this.#transcript.bubble('assistant')));
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
