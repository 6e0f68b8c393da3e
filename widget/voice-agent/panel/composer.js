/** @import { Config } from '../api/api.js' */
/** @import { Activity } from '../conversation/activity.js' */
/** @import { Transcript } from '../transcript/transcript.js' */
/** @import { Layout } from './layout.js' */

/** @typedef {{ layout: Layout, transcript: Transcript, activity: Activity, config: () => Config }} Parts */

/** The text field with its buttons. */
export class Composer {
  #parts;
  #ask;

  /**
   * @param {Parts} parts
   * @param {(question: string) => void} ask
   */
  constructor(parts, ask) {
    this.#parts = parts;
    this.#ask = ask;
    parts.layout.input.addEventListener('input', () => this.#grow());
  }

  /** Asks what was typed, if anything was, and says so if it is too long. */
  submit() {
    const { layout, transcript, activity, config } = this.#parts;
    const { input, failure } = layout;
    const { maxQuestionLength: max } = config();
    const question = input.value.trim();
    const tooLong = max !== undefined && [...question].length > max;
    input.ariaInvalid = String(tooLong);
    failure.textContent = tooLong ? transcript.texts.tooLong.replace('{count}', String(max)) : '';
    if (!question || tooLong || activity.busy) return;
    input.value = '';
    this.#grow();
    this.#ask(question);
  }

  /**
   * Says what the agent is doing, and shows the stop button in the place of the send button, or the other way round;
   * the focus goes along.
   */
  refresh() {
    const { layout, transcript, activity, config } = this.#parts;
    const { send, stop, status } = layout;
    const { texts } = transcript;
    const state = /** @type {'answering'} */ (activity.state.replace('think', 'answer'));
    status.textContent = texts[state] ?? texts[config().demo ? 'demo' : 'ready'];
    const [shown, hidden] = activity.busy ? [stop, send] : [send, stop];
    const focused = hidden.matches(':focus');
    shown.hidden = false;
    hidden.hidden = true;
    if (focused) shown.focus();
  }

  #grow() {
    const { input } = this.#parts.layout;
    input.style.height = 'auto';
    input.style.height = `${input.scrollHeight}px`;
  }
}
