import { Speaker } from './speaker.js';

/** @import { PlayerChain } from './chain.js' */
/** @import { LoadPlayer, PlayerClass, PlayerEvents, PlayerFailure, VoiceContext } from './interfaces.js' */
/** @import { SpokenPart } from './spoken/sentences.js' */
/** @import { VoiceView } from './voice-view.js' */

/**
 * @typedef {object} Follower
 * @property {() => void} started the answer begins to be heard
 * @property {() => void} ended everything has been spoken
 */

/**
 * Has answers spoken, and follows what becomes of it.
 *
 * @implements {PlayerEvents}
 */
export class Playing {
  speaker;
  #context;
  #view;
  #follower;
  #others;
  /** @type {PlayerChain | undefined} once the first voice has failed */
  #chain;

  /**
   * @param {VoiceContext} context
   * @param {VoiceView} view
   * @param {[PlayerClass, ...LoadPlayer[]] | undefined} voices the first, and those that take over from it; undefined if
   *   nothing can speak
   * @param {Follower} follower
   */
  constructor(context, view, voices, follower) {
    const [Player, ...others] = voices ?? [undefined];
    const { host, api } = context;
    this.#context = context;
    this.#view = view;
    this.#follower = follower;
    this.#others = others;
    this.speaker = new Speaker(Player && new Player(host, this, api), host, context.spoken);
  }

  /** @param {number} delay milliseconds until the first sound */
  started(delay) {
    const { stopwatch } = this.#context;
    this.#chain?.sounded();
    if (this.speaker.sounding) return;
    this.speaker.sounding = true;
    this.#view.clearFailure();
    stopwatch.mark('firstAudio', performance.now() + delay);
    stopwatch.report();
    this.#follower.started();
  }

  ended() {
    if (this.speaker.busy) return;
    this.speaker.sounding = false;
    this.#follower.ended();
  }

  blocked() {
    this.#view.tell('blocked');
  }

  /** @param {PlayerFailure} error */
  muted(error) {
    this.speaker.abandon();
    this.#view.tell('mute', error);
  }

  /**
   * Has the next voice speak.
   *
   * @param {PlayerFailure} error why the first one cannot
   * @param {SpokenPart[]} unsaid emptied if the answer is stopped meanwhile
   */
  async takeOver(error, unsaid) {
    const { host, api } = this.#context;
    const { player } = this.speaker;
    const loaded = this.#chain ? undefined : await import('./chain.js').catch(() => undefined);
    if (loaded && player) this.#chain ??= new loaded.PlayerChain(host, this, api, player, this.#others);
    if (this.#chain) {
      this.speaker.player = this.#chain;
      await this.#chain.takeOver(error, unsaid);
    } else if (unsaid.length) this.muted(error);
  }
}
