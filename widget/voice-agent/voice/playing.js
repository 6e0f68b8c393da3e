import { Speaker } from './speaker.js';

/** @import { ApiError } from '../api/errors.js' */
/** @import { Player, PlayerClass, PlayerEvents, VoiceContext } from './interfaces.js' */
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

  /**
   * @param {VoiceContext} context
   * @param {VoiceView} view
   * @param {PlayerClass | undefined} Player undefined if nothing can speak
   * @param {Follower} follower
   */
  constructor(context, view, Player, follower) {
    const { host, api } = context;
    this.#context = context;
    this.#view = view;
    this.#follower = follower;
    this.speaker = new Speaker(Player && new Player(host, this, api), host, context.spoken);
  }

  /** @param {number} delay milliseconds until the first sound */
  started(delay) {
    const { stopwatch } = this.#context;
    if (this.speaker.sounding) return;
    this.speaker.sounding = true;
    this.#view.clearFailure();
    stopwatch.mark('firstAudio', performance.now() + delay);
    stopwatch.report();
    this.#follower.started();
  }

  ended() {
    this.speaker.sounding = false;
    this.#follower.ended();
  }

  blocked() {
    this.#view.tell('blocked');
  }

  /** @param {{ code: string }} [error] */
  muted(error) {
    this.speaker.abandon();
    this.#view.tell('mute', error);
  }

  /**
   * Has the browser speak from now on.
   *
   * @param {ApiError} error why the server cannot
   * @param {SpokenPart[]} unsaid emptied if the answer is stopped meanwhile
   */
  async takeOver(error, unsaid) {
    const browser = await import('./browser.js').catch(() => null);
    const able = await browser?.Player.able();
    if (!unsaid.length) return;
    if (!browser || !able) {
      this.muted(error);
      return;
    }
    /** @type {Player} */
    const player = new browser.Player(this.#context.host, this);
    this.speaker.player = player;
    for (const part of unsaid) player.say(part);
  }
}
