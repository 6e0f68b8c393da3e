/** @import { State, TurnState } from '../events.js' */

/**
 * What the agent is doing: the state of the turn, and the state that visitors see and pages are told.
 * They are the same until a voice is attached.
 */
export class Activity {
  /** @type {TurnState} */
  turn = 'idle';
  /** @type {State} */
  state = 'idle';
  #announce;
  /** @type {(turn: TurnState, previous: TurnState) => State} */
  #combine = (turn) => turn;

  /** @param {(state: State) => void} announce is called with each new state */
  constructor(announce) {
    this.#announce = announce;
  }

  /** Whether there is something to stop. */
  get busy() {
    return this.state !== 'idle' && this.state !== 'error';
  }

  /**
   * Lets a voice take part: `combine` is called with the state of the turn and the one before, whenever
   * either side may have changed, and returns the state to show.
   *
   * @param {(turn: TurnState, previous: TurnState) => State} combine
   */
  attach(combine) {
    const { turn } = this;
    this.#combine = combine;
    this.turn = 'idle';
    this.enter(turn);
  }

  /**
   * Changes the state of the turn.
   *
   * @param {TurnState} turn
   */
  enter(turn) {
    const state = this.#combine(turn, this.turn);
    this.turn = turn;
    if (state === this.state) return;
    this.state = state;
    this.#announce(state);
  }

  /** Looks again at what the voice does. */
  refresh() {
    this.enter(this.turn);
  }
}
