import { Sentences } from '../transcript.js';

/** The mouth: what is spoken of an answer. */
export class Speaking {
  sounding = false;
  answer = null;
  #sentences = null;

  constructor(player, host) {
    Object.assign(this, { player, host });
    this.aloud = !!player && host.hasAttribute('read-aloud');
  }

  get busy() {
    return !!this.player?.busy;
  }

  begin() {
    this.silence();
    this.answer = '';
    this.#sentences = new Sentences(this.host.language);
  }

  // An answer is spoken only if it is heard from its beginning.
  hear(piece) {
    if (this.answer === null) return;
    this.answer += piece;
    const whole = this.#sentences?.push(piece);
    if (this.aloud && whole) this.#say(whole);
  }

  end() {
    if (this.aloud && this.#sentences) this.#say([this.#sentences.rest]);
    this.#sentences = null;
  }

  replay() {
    this.silence();
    const sentences = new Sentences(this.host.language);
    this.#say([...sentences.push(this.answer), sentences.rest]);
  }

  mute() {
    this.player?.stop();
    this.sounding = false;
  }

  silence() {
    this.mute();
    this.leave();
  }

  leave() {
    this.#sentences = null;
  }

  // Links and signs are for the eye.
  #say(sentences) {
    for (const sentence of sentences) {
      const text = sentence.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/https?:\/\/\S+|[*_#`|]/g, '').trim();
      if (/[\p{L}\p{N}]/u.test(text)) this.player.say(text);
    }
  }
}
