/** @import { PanelTexts } from '../transcript/transcript.js' */
/** @import { Layout } from './layout.js' */

/**
 * @typedef {object} ComposerOptions
 * @property {() => number | undefined} maxLength characters of a question
 * @property {() => PanelTexts} texts
 * @property {() => boolean} busy whether a question cannot be sent at the moment
 * @property {(question: string) => void} ask
 */

/** The text field with its buttons. */
export class Composer {
  input;
  #send;
  #stop;
  #failure;
  #options;

  /**
   * @param {Layout} layout
   * @param {ComposerOptions} options
   */
  constructor({ input, send, stop, failure }, options) {
    this.input = input;
    this.#send = send;
    this.#stop = stop;
    this.#failure = failure;
    this.#options = options;
    input.addEventListener('input', () => this.#grow());
  }

  /** Asks what was typed, if anything was, and says so if it is too long. */
  submit() {
    const { maxLength, texts, busy, ask } = this.#options;
    const max = maxLength();
    const question = this.input.value.trim();
    const tooLong = max !== undefined && [...question].length > max;
    this.input.ariaInvalid = String(tooLong);
    this.#failure.textContent = tooLong ? texts().tooLong.replace('{count}', String(max)) : '';
    if (!question || tooLong || busy()) return;
    this.input.value = '';
    this.#grow();
    ask(question);
  }

  /**
   * Shows the stop button in the place of the send button, or the other way round; the focus goes along.
   *
   * @param {boolean} busy
   */
  refresh(busy) {
    const [shown, hidden] = busy ? [this.#stop, this.#send] : [this.#send, this.#stop];
    const focused = hidden.matches(':focus');
    shown.hidden = false;
    hidden.hidden = true;
    if (focused) shown.focus();
  }

  #grow() {
    const { style } = this.input;
    style.height = 'auto';
    style.height = `${this.input.scrollHeight}px`;
  }
}
