import { FollowUp } from './follow-up.js';

/** @import { VoiceContext } from './interfaces.js' */
/** @import { VoiceView } from './voice-view.js' */

/** Asks what was said, and knows what it has to do with the turns before. */
export class Questions {
  #context;
  #view;
  #followUp = new FollowUp();
  /** @type {object | null} the question that is about to be asked */
  #next = null;

  /**
   * @param {VoiceContext} context
   * @param {VoiceView} view
   */
  constructor(context, view) {
    this.#context = context;
    this.#view = view;
  }

  /** Whether a question is about to be asked. */
  get pending() {
    return !!this.#next;
  }

  /**
   * Asks it once the turn before is over, unless the visitor goes on before.
   *
   * @param {string} text
   * @param {number} since when the visitor had finished
   * @param {number} wastedSeconds of sound that were written down in vain
   */
  async ask(text, since, wastedSeconds) {
    const { conversation, panel } = this.#context;
    const transcript = Math.round(performance.now() - since);
    const next = (this.#next = {});
    await conversation.settled();
    if (this.#next !== next) return;
    const amends = this.#followUp.ask();
    if (amends.replaces) this.#view.removeTurn();
    await panel.ask(text, { since, transcript, wastedSeconds, amends });
    if (this.#next === next) this.#next = null;
  }

  /** What is about to be asked is not. */
  drop() {
    this.#next = null;
  }

  /**
   * A turn begins.
   *
   * @param {boolean} again whether it was begun before, and its answer broke off
   */
  begin(again) {
    this.#next = null;
    if (!again) this.#followUp.begin();
  }

  /** Something of the answer is heard or read. */
  perceived() {
    this.#followUp.perceive();
  }

  /**
   * The visitor speaks before the turn is over. Returns whether this goes on with its question.
   *
   * @param {number} heardChars of the answer
   */
  continueOrInterrupt(heardChars) {
    const waits = this.pending;
    this.#next = null;
    return waits || this.#followUp.continueOrInterrupt(this.#turnId, heardChars);
  }

  /**
   * The visitor does not want to hear the rest of an answer.
   *
   * @param {number} heardChars of it
   */
  interrupt(heardChars) {
    this.#followUp.interrupt(this.#turnId, heardChars);
  }

  /** The turn that is being answered, or was last. */
  get #turnId() {
    const { unanswered, last } = this.#context.session.kept;
    return unanswered?.id ?? last;
  }
}
