/** @import { Rich } from './rich/rich.js' */
/** @import { Transcript } from './transcript.js' */

// What may have to be formatted: Markdown, links, e-mail addresses and telephone numbers.
const MARKS = /[*_`~#|>[\\@•]|:\/\/|www\.|^ *([-+]|\d+[.)]) |\d[ \d()./-]{5}/m;

/** The text of an answer in its bubble. What formats it is loaded if there is something to format. */
export class AnswerText {
  text = '';
  /** @type {Promise<void> | undefined} resolves when the text is formatted; undefined for a plain one */
  formatting;
  #transcript;
  bubble;
  #complete = false;
  /** @type {Rich | undefined} */
  #rich;
  /** @type {RegExp | string} what is left out because it cannot be formatted */
  #omitted = '';

  /**
   * @param {Transcript} transcript
   * @param {HTMLElement} bubble
   */
  constructor(transcript, bubble) {
    this.#transcript = transcript;
    this.bubble = bubble;
  }

  /**
   * Shows a text; resolves when it is shown as it stays.
   *
   * @param {string} text
   * @param {boolean} [complete] whether nothing more is to come
   */
  show(text, complete = false) {
    this.text = text;
    this.#complete = complete;
    if (MARKS.test(text)) this.formatting ??= this.#format();
    this.#draw();
    return this.formatting;
  }

  /**
   * What screen readers are told of a sentence.
   *
   * @param {string} sentence
   */
  spoken(sentence) {
    return this.#rich?.spoken(sentence) ?? sentence;
  }

  #draw() {
    this.#transcript.keepEndInView(() => {
      if (!this.formatting) this.bubble.textContent = this.text.replace(this.#omitted, '');
      this.#rich?.show(this.text, this.#complete);
    });
  }

  async #format() {
    try {
      const { Rich } = await import('./rich/rich.js');
      this.#rich = new Rich(this.bubble);
    } catch {
      this.#omitted = /[*_`#|]+/g;
      this.formatting = undefined;
    }
    this.#draw();
  }
}
