import { el } from '../dom.js';
import { loadVisitorTexts } from '../visitor/load-texts.js';
import { whoHears } from '../visitor/who-hears.js';

/** @import { VoiceContext } from './interfaces.js' */

/**
 * Says below the text field who receives what visitors say, unless the notice there says so already.
 *
 * @param {VoiceContext} context
 */
export async function tellReceiver({ config, host, labels, layout }) {
  const notice = /** @type {HTMLElement} */ (layout.panel.querySelector('.notice'));
  const line = el('p', { part: 'notice receiver' });
  const show = async () => {
    const text = whoHears(config(), await loadVisitorTexts(host));
    line.textContent = notice.textContent.includes(text) ? '' : text;
  };
  await show();
  notice.after(line);
  // If the texts of another language cannot be loaded, those of the last one stay.
  labels.push(() => void show().catch(() => {}));
}
