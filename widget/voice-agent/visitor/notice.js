import { el, nameButton } from '../dom.js';
import { formatDuration } from '../transcript/duration.js';
import { whoHears } from './who-hears.js';

/** @import { VisitorContext } from './context.js' */

const SECONDS_A_DAY = 86_400;

/**
 * Says below the text field, and on the button that closes, what becomes of the conversation.
 *
 * @param {VisitorContext} context
 */
export function showNotice(context) {
  const { layout, known, session, texts, transcript } = context;
  // What was said before signing in is not in the history until the next question.
  const kept = known() && (session.kept.owned || !session.kept.turns);
  const notice = /** @type {HTMLElement} */ (layout.panel.querySelector('.notice'));
  const close = /** @type {HTMLElement} */ (layout.panel.querySelector('.header .close'));
  const name = kept ? texts().keptClose : transcript.texts.close;
  const text = kept ? withPeriods(context, texts().keptNotice) : transcript.texts.notice;
  nameButton(close, name);
  notice.replaceChildren(`${text} ${whoHears(context.config(), texts())}`.trim(), ...privacyLink(context));
}

/**
 * A text with the times for which conversations are kept: `{time}` for everybody's, `{days}` for the history.
 *
 * @param {VisitorContext} context
 * @param {string} text
 */
export function withPeriods({ config, host }, text) {
  const { keepsMinutes = 0, historyDays } = config();
  const time = formatDuration(keepsMinutes * 60, host.language);
  return text.replace('{time}', time).replace('{days}', formatDuration((historyDays ?? 0) * SECONDS_A_DAY, host.language));
}

/**
 * A space and a link to the owner's privacy policy; nothing if there is none.
 *
 * @param {VisitorContext} context
 */
export function privacyLink({ config, texts }) {
  const { privacyUrl } = config();
  if (!privacyUrl || !/^https?:/.test(privacyUrl)) return [];
  const link = el('a', { part: 'link', href: privacyUrl, target: '_blank', rel: 'noopener' }, texts().privacy);
  return [' ', link];
}
