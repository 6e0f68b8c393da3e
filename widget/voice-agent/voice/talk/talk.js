import { adopt, el, icon } from '../../dom.js';
import { formatDuration } from '../../transcript/duration.js';
import { Figure } from './figure.js';
import { STYLE } from './style.js';

/** @import { State } from '../../events.js' */
/** @import { VoiceTexts } from '../../languages.js' */
/** @import { PanelTexts } from '../../transcript/transcript.js' */
/** @import { VoiceContext } from '../interfaces.js' */

/**
 * @typedef {object} Talking
 * @property {() => void} send ends the question
 * @property {() => void} type the visitor would rather type
 * @property {() => number | undefined} output how loud the agent speaks, of 1; undefined if that cannot be told
 */

/** @typedef {PanelTexts & VoiceTexts} AllTexts */
/** @typedef {'cancel' | 'finish' | 'halt' | 'type'} Control */

/** @type {Record<Control, { sign: string, text: keyof AllTexts, states?: State[] }>} */
const CONTROLS = {
  cancel: { sign: 'M6 6l12 12M18 6L6 18', text: 'cancel', states: ['listening', 'transcribing'] },
  finish: { sign: 'M12 19V5m-6 6 6-6 6 6', text: 'send', states: ['listening'] },
  halt: { sign: 'M7 7h10v10H7z', text: 'stop', states: ['thinking', 'answering', 'speaking'] },
  type: { sign: 'M3 7h18v10H3zM7 11h.01M12 11h.01M17 11h.01M8 14h8', text: 'type' },
};
const MAX_SECONDS = 60;
// Screen readers are told when so many seconds are left.
const LAST_CALL = 10;

/** What visitors see in the place of the text field while they talk with the agent. */
export class TalkView {
  #context;
  #talk;
  #figure;
  #doing = el('span');
  #left = el('span', { part: 'left' });
  #caption = el('p', { part: 'caption', dir: 'auto' });
  /** @type {Record<Control, HTMLButtonElement>} */
  #buttons;
  #stage;
  /** @type {State | null} null while the text field is shown */
  #state = null;
  /** When listening began, on the page's clock. */
  #since = 0;
  #timer = 0;
  /** @type {AudioContext | undefined} */
  #audio;

  /**
   * @param {VoiceContext} context
   * @param {HTMLElement} talk the button for talking, which becomes the figure
   * @param {Talking} talking
   */
  constructor(context, talk, talking) {
    this.#context = context;
    this.#talk = talk;
    this.#figure = new Figure(talk, talking.output);
    const stop = () => context.conversation.stop();
    this.#buttons = buildControls({ cancel: stop, finish: talking.send, halt: stop, type: talking.type });
    const controls = el('div', { part: 'controls' }, ...Object.values(this.#buttons));
    const words = el('p', { part: 'doing' }, this.#doing, this.#left);
    this.#stage = el('div', { part: 'stage' }, words, this.#caption, controls);
    adopt(context.shadow, STYLE);
    context.layout.dock.append(this.#stage);
  }

  /** @param {State | null} state null for the text field */
  show(state) {
    const changed = state !== this.#state;
    this.#state = state;
    if (changed) this.#enter(state);
    this.#context.transcript.keepEndInView(() => this.#draw(state));
  }

  /** @param {string} text what is being said, as far as it was understood */
  caption(text) {
    this.#context.transcript.keepEndInView(() => (this.#caption.textContent = text));
  }

  /** @param {number} level of the microphone, of 1 */
  hear(level) {
    this.#figure.hear(level);
  }

  /** @param {State | null} state */
  #enter(state) {
    clearInterval(this.#timer);
    this.#left.textContent = '';
    if (state === 'listening') {
      this.#since = performance.now();
      this.#timer = setInterval(() => this.#count(), 1000);
      this.#count();
    }
    if (state && this.#context.host.hasAttribute('sounds')) void this.#sound(state);
  }

  /** @param {State} state */
  async #sound(state) {
    const loaded = await import('./cue.js').catch(() => null);
    loaded?.playCue((this.#audio ??= new AudioContext()), state);
  }

  /** @param {State | null} state */
  #draw(state) {
    const { dock } = this.#context.layout;
    const texts = /** @type {AllTexts} */ (this.#context.transcript.texts);
    const focused = dock.matches(':focus-within');
    dock.classList.toggle('talking', !!state);
    dock.dataset.state = state ?? '';
    this.#figure.show(state);
    this.#doing.textContent = texts[/** @type {'thinking'} */ (state)];
    for (const [name, { text, states }] of Object.entries(CONTROLS)) {
      const button = this.#buttons[/** @type {Control} */ (name)];
      button.hidden = !(states?.includes(/** @type {State} */ (state)) ?? true);
      /** @type {Element} */ (button.lastChild).textContent = texts[text];
    }
    // What had the focus may be gone.
    if (focused && !dock.querySelector(':focus')?.checkVisibility()) this.#talk.focus();
  }

  /** Says how much time is left for the question. Hands-free, silence ends it long before. */
  #count() {
    const { host, transcript } = this.#context;
    if (host.hasAttribute('hands-free')) return;
    const max = Number(host.getAttribute('max-recording') ?? MAX_SECONDS);
    const left = Math.max(0, Math.round(max - (performance.now() - this.#since) / 1000));
    const { left: text, language } = /** @type {AllTexts} */ (transcript.texts);
    const line = text.replace('{time}', formatDuration(left, language));
    this.#left.textContent = ` · ${line}`;
    if (left === LAST_CALL) transcript.announce(line);
  }
}

/**
 * @param {Record<Control, () => void>} actions
 * @returns {Record<Control, HTMLButtonElement>}
 */
function buildControls(actions) {
  const build = (/** @type {Control} */ name) =>
    el('button', { part: `pill ${name}`, onclick: actions[name] }, icon(CONTROLS[name].sign), el('span'));
  return { cancel: build('cancel'), finish: build('finish'), halt: build('halt'), type: build('type') };
}
