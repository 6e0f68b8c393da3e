/** @import { VoiceAgentElement } from '../element.js' */
/** @import { Player } from './interfaces.js' */
/** @import { SpokenAnswers } from './spoken/answers.js' */
/** @import { SpokenPart, SpokenSentences } from './spoken/sentences.js' */

// What has no space for longer is of a script without spaces.
const LONGEST_WORD = 24;

/** Decides what of an answer is spoken. */
export class Speaker {
  /** Whether answers are read aloud. */
  aloud;
  /** Whether sound can be heard. */
  sounding = false;
  /** @type {string | null} the answer so far, or the last one; null before the first */
  answer = null;
  /** @type {Player | undefined} replaced by the browser's own if the server's fails */
  player;
  #spoken;
  /** @type {SpokenPart[]} what is said after the answer */
  #note = [];
  /** @type {SpokenSentences | null} null while nothing of an answer is to be spoken */
  #sentences = null;

  /**
   * @param {Player | undefined} player undefined if nothing can speak
   * @param {VoiceAgentElement} host
   * @param {SpokenAnswers} [spoken]
   */
  constructor(player, host, spoken) {
    this.player = player;
    this.#spoken = spoken;
    this.aloud = !!player && host.hasAttribute('read-aloud');
  }

  /** Whether something is spoken, or waits for it. */
  get busy() {
    return !!this.player?.busy;
  }

  /** How loud it is, of 1; undefined if nobody knows. */
  get level() {
    return this.player?.level;
  }

  /** How many characters of the answer were heard, or could be read if it is not read aloud: Unicode code points. */
  get heardChars() {
    const answer = this.answer ?? '';
    return Array.from(this.aloud && this.player ? answer.slice(0, wordsUpTo(answer, this.player.heard)) : answer).length;
  }

  /** Lowers the voice: the visitor may be speaking. */
  duck() {
    this.player?.duck();
  }

  /** Raises the voice again. */
  restore() {
    this.player?.restore();
  }

  /** Begins an answer. */
  begin() {
    this.silence();
    this.answer = '';
    this.#note = [];
    this.#sentences = this.#spoken?.begin() ?? null;
  }

  /**
   * Adds a piece of the answer. An answer is spoken only if it is followed from its beginning.
   *
   * @param {string} piece
   */
  add(piece) {
    if (this.answer === null) return;
    this.answer += piece;
    const parts = this.#sentences?.add(piece);
    if (this.aloud && parts) this.#say(parts);
  }

  /**
   * The answer ends here, although it is not complete.
   *
   * @param {string} note says so, after the answer
   */
  cutOff(note) {
    const spoken = this.aloud && this.#sentences;
    this.end();
    this.#note = [{ text: note, shown: this.answer?.length ?? 0 }];
    if (spoken) this.#say(this.#note);
  }

  /** Nothing of the answer is to come any more. */
  end() {
    if (this.aloud && this.#sentences) this.#say(this.#sentences.flush());
    this.#sentences = null;
  }

  /** Speaks the last answer again. */
  replay() {
    this.silence();
    const sentences = this.#spoken?.begin();
    if (!sentences) return;
    this.#say([...sentences.add(this.answer ?? ''), ...sentences.flush(), ...this.#note]);
  }

  /** Stops the sound; what follows of the answer is spoken. */
  mute() {
    this.player?.stop();
    this.sounding = false;
  }

  /** Stops the sound for the rest of the answer. */
  silence() {
    this.mute();
    this.abandon();
  }

  /** Leaves the rest of the answer unspoken. */
  abandon() {
    this.#sentences = null;
  }

  /** @param {SpokenPart[]} parts */
  #say(parts) {
    for (const part of parts) this.player?.say(part);
  }
}

/**
 * Where the last whole word ends that was heard, as nobody remembers half of one.
 *
 * @param {string} text
 * @param {number} heard up to where it was heard
 */
function wordsUpTo(text, heard) {
  if (/\s/.test(text.charAt(heard) || ' ')) return heard;
  const end = text.slice(0, heard).search(/\s*\S*$/);
  return heard - end > LONGEST_WORD ? heard : end;
}
