/** Cuts a text that arrives in pieces into sentences. */
export class SentenceChunker {
  #segmenter;
  #pending = '';

  /** @param {string} language */
  constructor(language) {
    this.#segmenter = new Intl.Segmenter(language, { granularity: 'sentence' });
  }

  /**
   * Adds a piece and returns the sentences it completes. That a sentence is complete shows only in what
   * follows it: '49.' may go on as '49.50'.
   *
   * @param {string} piece
   */
  add(piece) {
    const sentences = Array.from(this.#segmenter.segment(this.#pending + piece), ({ segment }) => segment);
    this.#pending = sentences.pop() ?? '';
    return sentences;
  }

  /** Returns what is left at the end of the text, and empties the chunker. */
  flush() {
    const rest = this.#pending;
    this.#pending = '';
    return rest;
  }
}
