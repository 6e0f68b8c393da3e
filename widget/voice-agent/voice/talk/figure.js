import { VOICE, icon } from '../../dom.js';
import { MICROPHONE } from '../sign.js';

/** @import { State } from '../../events.js' */

/** @type {Partial<Record<State, string>>} */
const SIGNS = {
  transcribing: 'M5 19l1-4L16 5l3 3L9 18zM14 7l3 3',
  thinking: 'M6 12h.01M12 12h.01M18 12h.01',
  answering: 'M5 8h14M5 12h14M5 16h8',
  speaking: VOICE,
};
// Speech at a usual distance reaches a sixth of full scale; what is played is louder.
const GAIN = { heard: 6, played: 4 };

/** The button for talking as a figure, which shows who is being heard and moves with the sound. */
export class Figure {
  #talk;
  #output;
  /** @type {State | null} */
  #state = null;

  /**
   * @param {HTMLElement} talk
   * @param {() => number | undefined} output how loud the agent speaks, of 1; undefined if that cannot be told
   */
  constructor(talk, output) {
    this.#talk = talk;
    this.#output = output;
  }

  /** @param {State | null} state null for a button beside the text field */
  show(state) {
    const before = this.#state;
    this.#state = state;
    if (state === before) return;
    this.#talk.querySelector('svg')?.replaceWith(icon(SIGNS[state ?? 'idle'] ?? MICROPHONE));
    this.#talk.style.removeProperty('--level');
    if (state === 'speaking') this.#follow();
  }

  /** @param {number} level of the microphone, of 1 */
  hear(level) {
    if (this.#state === 'listening') this.#move(level * GAIN.heard);
  }

  /** Moves with what is played, as long as that lasts. */
  #follow() {
    if (this.#state !== 'speaking') return;
    const level = this.#output();
    this.#talk.classList.toggle('unmeasured', level === undefined);
    if (level !== undefined) this.#move(level * GAIN.played);
    requestAnimationFrame(() => this.#follow());
  }

  /** @param {number} level */
  #move(level) {
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    this.#talk.style.setProperty('--level', Math.min(1, level).toFixed(2));
  }
}
