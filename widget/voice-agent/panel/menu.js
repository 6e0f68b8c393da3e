import { adopt, el } from '../dom.js';
import { addNoticeTexts } from '../notices/load-texts.js';

/** @import { VoiceAgentElement } from '../element.js' */
/** @import { PanelTexts, Transcript } from '../transcript/transcript.js' */
/** @import { Layout } from './layout.js' */

/**
 * @typedef {object} MenuEntry
 * @property {string} name its part, and the name of its text in `notices/texts/`
 * @property {() => unknown} act
 * @property {() => string} [text] instead of the text of that name
 * @property {() => boolean} [hidden] whether it is of no use at the moment
 * @property {() => boolean} [checked] for what is on or off: whether it is on
 *
 * @typedef {object} Parts
 * @property {VoiceAgentElement} host
 * @property {ShadowRoot} shadow
 * @property {Layout} layout
 * @property {Transcript} transcript
 * @property {MenuEntry[]} menu entries that come before those of every panel
 */

const STYLE = `
.menu { position: absolute; z-index: 1; inset: calc(100% - 4px) 8px auto auto; min-width: 12em; max-width: calc(100% - 16px); padding: 4px; border: 1px solid var(--line); border-radius: var(--r); background: var(--bg); box-shadow: 0 6px 20px #0003 }
[dir=rtl] .menu { inset: calc(100% - 4px) auto auto 8px }
.entry { display: block; box-sizing: border-box; width: 100%; min-height: 44px; padding: 10px 12px; border-radius: calc(var(--r) * .7) }
.entry:is(:hover, :focus) { background: var(--soft) }
.entry:focus-visible { outline-offset: -2px }
.entry[aria-checked=true]::after { content: '✓' / ''; float: inline-end; margin-inline-start: 1em }
`;

/** @type {WeakSet<ShadowRoot>} those that have the style */
const styled = new WeakSet();

/**
 * The entries of every panel.
 *
 * @param {Parts} parts
 * @returns {MenuEntry[]}
 */
function ownEntries({ host, transcript }) {
  const hidden = () => !transcript.entries.length;
  const download = async () => (await import('../transcript/download.js')).downloadConversation(transcript);
  return [
    { name: 'restart', act: () => host.clear(), hidden },
    { name: 'download', act: download, hidden },
    { name: 'hide', act: () => host.minimize() },
  ];
}

/**
 * Opens the menu of the panel, or closes it if it is open. The focus moves into it, and back when it closes.
 *
 * @param {Parts} parts
 */
export async function toggleMenu(parts) {
  const { shadow, layout } = parts;
  const button = layout.more;
  await addNoticeTexts(parts);
  const entries = [...parts.menu, ...ownEntries(parts)].filter(({ hidden }) => !hidden?.());
  const items = entries.map((entry) => buildItem(entry, parts.transcript.texts));
  const menu = /** @type {HTMLElement} */ (openMenu(button) ?? el('div', { part: 'menu', role: 'menu' }, ...items));
  const close = () => {
    button.ariaExpanded = 'false';
    menu.remove();
  };
  const leave = () => {
    button.focus();
    close();
  };
  if (menu.isConnected) return close();
  menu.ariaLabel = button.title;
  menu.addEventListener('keydown', (event) => useKey(event, items, leave));
  // Before the item acts, which may move the focus.
  menu.addEventListener('click', leave, { capture: true });
  menu.addEventListener('focusout', ({ relatedTarget }) => {
    if (relatedTarget !== button && !menu.contains(/** @type {Node | null} */ (relatedTarget))) close();
  });
  if (!styled.has(shadow)) adopt(shadow, STYLE);
  styled.add(shadow);
  layout.failure.textContent = '';
  // Safari focuses a button that is clicked only if it says where it is in the order.
  button.tabIndex = 0;
  button.after(menu);
  button.ariaExpanded = 'true';
  items[0].focus();
}

/** @param {HTMLElement} button */
function openMenu({ nextElementSibling: next }) {
  return next?.role === 'menu' ? next : null;
}

/**
 * @param {MenuEntry} entry
 * @param {PanelTexts} texts
 */
function buildItem({ name, text, act, checked }, texts) {
  const role = checked ? { role: 'menuitemcheckbox', 'aria-checked': checked() } : { role: 'menuitem' };
  const label = text?.() ?? texts[/** @type {keyof PanelTexts} */ (name)];
  return el('button', { part: `entry ${name}`, tabindex: -1, ...role, onclick: act }, label);
}

/**
 * Moves among the items as the ARIA practices for menus say; Escape and Tab close the menu.
 *
 * @param {KeyboardEvent} event
 * @param {HTMLElement[]} items
 * @param {() => void} leave
 */
function useKey(event, items, leave) {
  const { key } = event;
  const at = items.indexOf(/** @type {HTMLElement} */ (event.target));
  /** @type {Record<string, number>} */
  const targets = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 };
  if (key === 'Tab') return leave();
  if (key === 'Escape') leave();
  else if (key in targets) items.at(targets[key] % items.length)?.focus();
  else if (key.length === 1 && key !== ' ') startingWith(key, [...items.slice(at + 1), ...items])?.focus();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/**
 * @param {string} letter
 * @param {HTMLElement[]} items
 */
function startingWith(letter, items) {
  return items.find(({ textContent }) => textContent?.toLowerCase().startsWith(letter.toLowerCase()));
}
