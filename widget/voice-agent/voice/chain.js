/** @import { Api } from '../api/api.js' */
/** @import { VoiceAgentElement } from '../element.js' */
/** @import { ChainEvents, LoadPlayer, Player, PlayerFailure } from './interfaces.js' */
/** @import { SpokenPart } from './spoken/sentences.js' */

/** @typedef {{ load?: LoadPlayer, player?: Player, failedAt: number }} Link */

// A voice that has failed is tried again after so long, at the beginning of an answer.
const REST_MS = 30_000;

/**
 * Several voices as one: if one fails, the next goes on with the part that was not said, and the first is tried again
 * later. It is loaded once the first has failed.
 *
 * @implements {Player}
 */
export class PlayerChain {
  #host;
  #events;
  #api;
  #now;
  /** @type {Link} */
  #first;
  /** @type {Link[]} */
  #links;
  #current;
  /** @type {Set<Link>} those that have failed since something was heard */
  #failed = new Set();
  /** @type {SpokenPart[] | null} what is to be said as soon as the next voice is there */
  #waiting = null;

  /**
   * @param {VoiceAgentElement} host
   * @param {ChainEvents} events
   * @param {Api} api
   * @param {Player} first whose events do not pass through here: `sounded` and `takeOver` are called for it
   * @param {LoadPlayer[]} others
   * @param {() => number} [now] in milliseconds
   */
  constructor(host, events, api, first, others, now = () => performance.now()) {
    this.#host = host;
    this.#events = events;
    this.#api = api;
    this.#now = now;
    this.#current = first;
    this.#first = { player: first, failedAt: -Infinity };
    this.#links = [this.#first, ...others.map((load) => ({ load, failedAt: -Infinity }))];
  }

  unlock() {
    return this.#current.unlock();
  }

  get busy() {
    return this.#current.busy || !!this.#waiting?.length;
  }

  get level() {
    return this.#current.level;
  }

  get heard() {
    return Math.max(...this.#players.map(({ heard }) => heard));
  }

  duck() {
    this.#current.duck();
  }

  restore() {
    this.#current.restore();
  }

  /** @param {SpokenPart} part */
  say(part) {
    if (this.#waiting) {
      this.#waiting.push(part);
      return;
    }
    if (!this.busy) this.#prefer();
    this.#current.say(part);
  }

  stop() {
    for (const player of this.#players) player.stop();
    this.#waiting?.splice(0);
    this.#waiting = null;
    this.#failed.clear();
  }

  /** Something was heard: whatever has failed before may be tried again. */
  sounded() {
    this.#failed.clear();
  }

  /**
   * @param {PlayerFailure} error
   * @param {SpokenPart[]} unsaid emptied if the answer is stopped meanwhile
   * @param {Link} [link] that has failed
   */
  async takeOver(error, unsaid, link = this.#first) {
    link.failedAt = this.#now();
    this.#failed.add(link);
    this.#waiting = unsaid;
    const next = await this.#next();
    if (this.#waiting !== unsaid || !unsaid.length) return;
    this.#waiting = null;
    if (next) this.#current = next;
    else this.#events.muted(error);
    for (const part of next ? [...unsaid] : []) next?.say(part);
  }

  get #players() {
    return this.#links.flatMap(({ player }) => player ?? []);
  }

  /** Goes back to the first voice that has rested for long enough. */
  #prefer() {
    const rested = this.#links.find(({ player, failedAt }) => player && this.#now() - failedAt >= REST_MS);
    if (!rested?.player || rested.player === this.#current) return;
    rested.player.stop();
    this.#current = rested.player;
  }

  /** The first voice that has not failed since something was heard; undefined if there is none. */
  async #next() {
    for (const link of this.#links) {
      if (this.#failed.has(link)) continue;
      link.player ??= await this.#load(link);
      link.player?.stop();
      if (link.player) return link.player;
    }
  }

  /** @param {Link} link */
  async #load(link) {
    const Class = await link.load?.().catch(() => null);
    if (!Class) return;
    const events = this.#events;
    const own = {
      started: (/** @type {number} */ delay) => {
        this.sounded();
        events.started(delay);
      },
      ended: () => events.ended(),
      blocked: () => events.blocked(),
      takeOver: (/** @type {PlayerFailure} */ error, /** @type {SpokenPart[]} */ unsaid) => this.takeOver(error, unsaid, link),
    };
    return new Class(this.#host, own, this.#api);
  }
}
