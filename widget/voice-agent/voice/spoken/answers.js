import { spokenLanguage } from '../../spoken-language.js';
import { loadRules, neutralRules } from './rules.js';
import { SpokenSentences } from './sentences.js';

/** @import { VoiceAgentElement } from '../../element.js' */
/** @import { Rules } from './rules.js' */

/** Says how answers are spoken in the language that visitors are expected to speak, which the page may change. */
export class SpokenAnswers {
  #host;
  #maxCharacters;
  /** @type {Rules | undefined} */
  #rules;

  /**
   * @param {VoiceAgentElement} host
   * @param {number} [maxCharacters] how long a text the server speaks
   */
  constructor(host, maxCharacters) {
    this.#host = host;
    this.#maxCharacters = maxCharacters;
  }

  /** Loads the rules of the language. If they cannot be loaded, the voice has to find the words for symbols. */
  async load() {
    const language = spokenLanguage(this.#host);
    if (this.#rules?.language === language) return;
    try {
      const rules = await loadRules(language);
      if (language === spokenLanguage(this.#host)) this.#rules = rules;
    } catch {
      // They are asked for again before the next answer.
    }
  }

  /** Begins an answer. */
  begin() {
    void this.load();
    const language = spokenLanguage(this.#host);
    const rules = this.#rules?.language === language ? this.#rules : neutralRules(language);
    return new SpokenSentences(rules, this.#maxCharacters);
  }
}
