import { formatDuration } from '../transcript/duration.js';
import { pills } from '../transcript/pills.js';

/** @import { Config } from '../api/api.js' */
/** @import { Texts } from '../languages.js' */
/** @import { PanelTexts } from '../transcript/transcript.js' */
/** @import { VoiceAgentElement } from '../element.js' */

/**
 * The texts to show: the page's own (`texts`), else its attributes (`text-…`), else the server's name and
 * greeting, else those of the language. The server's greeting counts only in the server's language. The notice says how
 * long a conversation is kept; until that is known, it is empty.
 *
 * @param {Texts} defaults
 * @param {VoiceAgentElement} host
 * @param {Config} config
 * @returns {PanelTexts}
 */
export function panelTexts(defaults, host, config) {
  const { language } = host;
  const { name = defaults.name, greeting = defaults.greeting } = config;
  const texts = { ...defaults, name, greeting: speaks(config, language) ? greeting : defaults.greeting };
  for (const key of /** @type {(keyof Texts)[]} */ (Object.keys(defaults))) {
    texts[key] = host.getAttribute(`text-${key}`) ?? texts[key];
  }
  const all = { .../** @type {PanelTexts} */ (texts), ...host.texts, language };
  const { keepsMinutes } = config;
  all.notice = keepsMinutes ? all.notice.replace('{time}', formatDuration(keepsMinutes * 60, language)) : '';
  return all;
}

/**
 * Shows the questions to begin with: the page's, else the server's in the server's language.
 *
 * @param {HTMLElement} list
 * @param {VoiceAgentElement} host
 * @param {Config} config
 * @param {(question: string) => void} ask
 */
export function suggestQuestions(list, host, config, ask) {
  const own = host.getAttribute('suggested-questions')?.split('|');
  const questions = own ?? (speaks(config, host.language) ? (config.suggestedQuestions ?? []) : []);
  list.replaceChildren(...pills(questions.filter(Boolean), ask));
}

/**
 * @param {Config} config
 * @param {string} language
 */
function speaks(config, language) {
  return !!config.language?.startsWith(language);
}
