import { VOICE, el, icon, nameButton } from '../dom.js';

/** @import { Texts } from '../languages.js' */
/** @import { PanelTexts } from '../transcript/transcript.js' */

const ICONS = {
  more: 'M5 7h14M5 12h14M5 17h14',
  close: 'M6 6l12 12M18 6L6 18',
  send: 'M12 19V5m-6 6 6-6 6 6',
  stop: 'M7 7h10v10H7z',
};

/** @typedef {((texts: PanelTexts) => void)[]} Labels what is called with the texts whenever they change */
/** @typedef {Record<keyof typeof ICONS, () => void>} Actions what the buttons do */
/** @typedef {ReturnType<typeof buildLayout>} Layout the elements of the panel */

/**
 * Builds the elements of the panel.
 *
 * @param {Actions} actions
 */
export function buildLayout(actions) {
  /** @type {Labels} */
  const labels = [];
  /**
   * @template {keyof HTMLElementTagNameMap} Tag
   * @param {keyof Texts} name
   * @param {Tag} tag
   */
  const text = (name, tag) => {
    const node = el(tag, { part: name });
    labels.push((texts) => (node.textContent = texts[name]));
    return node;
  };
  /** @param {keyof Actions} name */
  const button = (name) => {
    const node = el('button', { part: `tool ${name}`, onclick: actions[name] }, icon(ICONS[name]));
    labels.push((texts) => nameButton(node, texts[name]));
    return node;
  };

  const more = button('more');
  const logo = el('div', { part: 'logo' }, icon(VOICE));
  const status = el('p', { part: 'status' });
  const who = el('div', { part: 'who' }, text('name', 'p'), status);
  const header = el('div', { part: 'header' }, logo, who, more, button('close'));

  const suggestions = el('div', { part: 'suggestions' });
  const list = el('ol', { role: 'list' });
  const log = el('div', { part: 'log', role: 'region', tabindex: 0 }, text('greeting', 'p'), suggestions, list);

  const failure = el('div', { part: 'failure', role: 'alert' });

  const input = el('textarea', { part: 'input', rows: 1, dir: 'auto', enterkeyhint: 'send' });
  const send = button('send');
  const stop = button('stop');
  const dock = el('div', { part: 'dock' }, el('div', { part: 'composer' }, input, send, stop));

  const panel = el(
    'div',
    { part: 'panel', role: 'dialog', tabindex: -1, inert: '' },
    ...[header, log, failure, dock, text('notice', 'p')],
  );
  const live = el('div', { part: 'live', 'aria-live': 'polite' });

  more.ariaHasPopup = 'menu';
  labels.push((texts) => {
    panel.ariaLabel = texts.name;
    log.ariaLabel = texts.conversation;
    input.placeholder = input.ariaLabel = texts.placeholder;
  });
  return { labels, panel, logo, status, more, suggestions, list, log, failure, dock, input, send, stop, live };
}
