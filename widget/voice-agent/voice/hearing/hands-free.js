import { patience } from './patience.js';
import { PreRoll } from './pre-roll.js';

/** @import { ApiError } from '../../api/errors.js' */
/** @import { Hearing } from '../server-listener.js' */
/** @import { Frame, Utterance } from './utterance.js' */

// What is kept from before speech is noticed: a soft beginning. Of the agent's echo, less.
const PRE_ROLL_SECONDS = 0.5;
const OVER_ANSWER_SECONDS = 0.3;
// A pause in which writing down begins; the text is thrown away if the visitor goes on.
const PAUSE_SECONDS = 0.3;
// Sound that was no speech is forgotten after so much quiet, or when there is so much of it.
const NOISE_PAUSE_SECONDS = 1;
const MAX_NOISE_SECONDS = 5;
// The agent speaks up again in noise that goes on.
const MAX_DUCKING_SECONDS = 1.5;
// A click in a pause is shorter than the shortest word.
const MIN_WORD_SECONDS = 0.06;
// Speech without any pause ends after so many times the longest recording.
const HARD_LIMIT = 2;

/**
 * The text of what was said up to a pause.
 *
 * @typedef {object} Draft
 * @property {AbortController} over
 * @property {string | null} text null until it is known
 * @property {ApiError} [error] why it never will be
 * @property {number} seconds of sound that it is the text of
 * @property {number} more seconds of speech since
 * @property {boolean} late whether the visitor was told that it is still awaited
 */

/**
 * Listens all the time, and decides when a visitor's turn begins and when it is over. What it hears while the agent
 * thinks or speaks interrupts the agent, and may go on with the question before.
 */
export class HandsFree {
  /** Whether the visitor is expected to speak, or is speaking. */
  listening = true;
  /** Seconds of sound that were written down in vain since the last question. */
  wasted = 0;
  #detector;
  #events;
  #transcriber;
  #silence;
  #max;
  #preRoll = new PreRoll(PRE_ROLL_SECONDS);
  /** @type {Utterance | null} what is being said */
  #utterance = null;
  /** @type {{ utterance: Utterance, text: string } | null} what was asked last */
  #asked = null;
  /** What is being said goes on with the question before. */
  #joins = false;
  /** @type {Draft | null} */
  #draft = null;
  #certain = false;
  /** Seconds without a word. */
  #idle = 0;
  #over = new AbortController();

  /** @param {Hearing} hearing */
  constructor({ detector, events, transcriber, silence, max }) {
    this.#detector = detector;
    this.#events = events;
    this.#transcriber = transcriber;
    this.#silence = silence;
    this.#max = max;
  }

  /** Null while the agent thinks or speaks. */
  get state() {
    if (!this.listening) return null;
    return this.#draft?.late && this.#draft.text === null ? 'transcribing' : 'listening';
  }

  /** What has been said of a question that is not asked yet. */
  get unasked() {
    return this.#certain ? this.#utterance : null;
  }

  /** The agent has finished: it is the visitor's turn. */
  again() {
    this.listening = true;
    this.#idle = 0;
  }

  finish() {}

  /** The agent's turn begins. Returns whether the microphone is needed no longer. */
  discard() {
    this.listening = false;
    return false;
  }

  /** Ends listening. */
  stop() {
    this.#over.abort();
    this.#draft?.over.abort();
  }

  /**
   * The agent was interrupted: it is the visitor's turn.
   *
   * @param {boolean} joins whether this goes on with the question before
   */
  resume(joins) {
    this.again();
    if (!joins || !this.#asked || !this.#utterance) return;
    this.#utterance.follow(this.#asked.utterance);
    this.#joins = true;
  }

  /** @param {Frame} frame that the detector has heard */
  hear(frame) {
    const { speech } = this.#detector;
    if (!this.#utterance && speech) this.#begin();
    this.#preRoll.add(frame);
    if (this.#utterance) this.#follow(this.#utterance, frame);
    else this.#wait(frame.seconds);
  }

  #begin() {
    const { speaking } = this.#events;
    this.#utterance = this.#transcriber.begin(this.#preRoll.last(speaking ? OVER_ANSWER_SECONDS : PRE_ROLL_SECONDS));
    this.#events.noticed();
  }

  /** @param {number} seconds without a word */
  #wait(seconds) {
    if (!this.listening) return;
    this.#idle += seconds;
    if (this.#idle > this.#max) this.#events.failed('silent');
  }

  /**
   * @param {Utterance} utterance
   * @param {Frame} frame
   */
  #follow(utterance, frame) {
    const { speech, heard, interrupts, quiet } = this.#detector;
    utterance.add(frame);
    if (!this.#certain && (this.listening ? heard : interrupts)) this.#beCertain();
    if (speech) this.#goOn(frame.seconds);
    if (!this.#certain) this.#doubt(utterance, frame.seconds);
    else if (!this.#draft && quiet >= PAUSE_SECONDS) this.#write(utterance);
    else if (this.#draft) this.#decide(utterance, this.#draft);
    else if (utterance.seconds > HARD_LIMIT * this.#max) this.#write(utterance);
    else utterance.split(this.#over.signal);
  }

  #beCertain() {
    this.#certain = true;
    this.#idle = 0;
    if (!this.listening) this.#events.interrupted();
  }

  /**
   * Perhaps it is noise.
   *
   * @param {Utterance} utterance
   * @param {number} seconds
   */
  #doubt(utterance, seconds) {
    this.#wait(seconds);
    const { speaking } = this.#events;
    if (this.#detector.quiet >= (speaking ? PAUSE_SECONDS : NOISE_PAUSE_SECONDS)) this.#drop();
    else if (speaking && utterance.seconds > MAX_DUCKING_SECONDS) this.#events.dismissed();
    if (utterance.seconds > MAX_NOISE_SECONDS) utterance.shorten(NOISE_PAUSE_SECONDS);
  }

  /**
   * The visitor goes on after a pause.
   *
   * @param {number} seconds
   */
  #goOn(seconds) {
    const draft = this.#draft;
    if (!draft) return;
    draft.more += seconds;
    if (draft.more < MIN_WORD_SECONDS) return;
    this.#throwAway(draft);
  }

  /** @param {Draft} draft */
  #throwAway(draft) {
    this.wasted += draft.seconds;
    draft.over.abort();
    this.#draft = null;
  }

  /** @param {Utterance} utterance */
  async #write(utterance) {
    const over = new AbortController();
    /** @type {Draft} */
    const draft = { over, text: null, seconds: utterance.seconds, more: 0, late: false };
    this.#draft = draft;
    const signal = AbortSignal.any([over.signal, this.#over.signal]);
    try {
      draft.text = await utterance.text(signal);
    } catch (error) {
      draft.error = /** @type {ApiError} */ (error);
    }
    if (this.#draft === draft && !signal.aborted) this.#decide(utterance, draft);
  }

  /**
   * Whether the turn is over.
   *
   * @param {Utterance} utterance
   * @param {Draft} draft
   */
  #decide(utterance, draft) {
    const { quiet } = this.#detector;
    const { text } = draft;
    if (text === null) return void (quiet >= this.#silence && this.#lack(draft));
    const enough = utterance.seconds > this.#max ? 0 : this.#silence * patience(text, this.#transcriber.language);
    if (quiet >= enough) this.#finish(utterance, text);
  }

  /**
   * The visitor has probably finished, and there is no text.
   *
   * @param {Draft} draft
   */
  #lack(draft) {
    if (draft.error) this.#events.failed('lostSpeech', draft.error);
    else if (!draft.late) {
      draft.late = true;
      this.#events.changed();
    }
  }

  /**
   * @param {Utterance} utterance
   * @param {string} text of the whole turn; empty if it was noise after all
   */
  #finish(utterance, text) {
    const question = text || (this.#joins && this.#asked?.text) || '';
    const end = performance.now() - this.#detector.quiet * 1000;
    this.#draft = null;
    this.#drop();
    if (!question) return this.#events.changed();
    this.#asked = { utterance, text: question };
    this.listening = false;
    this.#events.heard(question, end);
    this.wasted = 0;
  }

  /** What was heard is forgotten. */
  #drop() {
    if (this.#draft) this.#throwAway(this.#draft);
    if (this.#utterance && !this.#certain) this.#events.dismissed();
    this.#utterance = null;
    this.#certain = this.#joins = false;
    this.#detector.reset();
  }
}
