import { adopt, el } from '../dom.js';
import { addNoticeTexts } from '../notices/load-texts.js';

/** @import { Left } from '../conversation/endings.js' */
/** @import { VoiceAgentElement } from '../element.js' */
/** @import { Launcher } from '../launcher/launcher.js' */
/** @import { Transcript } from '../transcript/transcript.js' */
/** @import { Layout } from './layout.js' */

/**
 * @typedef {object} Parts
 * @property {VoiceAgentElement} host
 * @property {ShadowRoot} shadow
 * @property {Launcher} launcher
 * @property {Layout} layout
 * @property {Transcript} transcript
 */

const STYLE = `
.undo { position: absolute; bottom: calc(100% + 12px); inset-inline-end: 0; display: flex; align-items: center; justify-content: space-between; gap: 12px; width: max-content; max-width: calc(100vw - 2 * var(--x)); padding: 8px 8px 8px 16px; border: 1px solid var(--line); border-radius: var(--r); background: var(--bg); box-shadow: 0 4px 20px #0004; font-size: .9em }
[dir=rtl] .undo { padding: 8px 16px 8px 8px }
.panel .undo { position: static; width: auto; max-width: none; margin: 0 16px 8px; border: 0; background: var(--soft); box-shadow: none }
`;

// How long a closed conversation can be brought back.
const UNDO_MS = 10_000;

/** @type {WeakSet<ShadowRoot>} those that have the style */
const styled = new WeakSet();

/**
 * Says that a conversation was closed, with a button that brings it back, for ten seconds or until the page is hidden.
 * The time stops while the visitor is at the button.
 *
 * @param {Parts} parts
 * @param {Left} left
 * @param {() => void} undo
 */
export async function offerUndo(parts, left, undo) {
  endWhenHidden(left);
  endWhenAsked(parts.host, left);
  await addNoticeTexts(parts);
  const { undo: label, undone } = parts.transcript.texts;
  if (left.signal.aborted) return;
  const notice = el('div', { part: 'undo' }, undone, el('button', { part: 'pill', onclick: undo }, label));
  endInTime(left, notice);
  left.signal.addEventListener('abort', () => notice.remove());
  show(notice, parts, left.signal);
  parts.transcript.announce(`${undone} ${label}`);
}

/** @param {Left} left */
function endWhenHidden({ end, signal }) {
  document.addEventListener('visibilitychange', () => document.hidden && end(), { signal });
}

/**
 * Another element for the same agent shares the session of the page, and may have begun a conversation in it.
 *
 * @param {VoiceAgentElement} host
 * @param {Left} left
 */
function endWhenAsked(host, { end, signal }) {
  const asked = (/** @type {Event} */ event) => {
    const [element] = /** @type {VoiceAgentElement[]} */ (event.composedPath());
    if (element.apiUrl === host.apiUrl) end();
  };
  document.addEventListener('voice-agent:message', asked, { signal });
}

/**
 * @param {Left} left
 * @param {HTMLElement} notice
 */
function endInTime({ end, signal }, notice) {
  let timer = setTimeout(end, UNDO_MS);
  const restart = () => {
    clearTimeout(timer);
    if (!notice.matches(':hover, :focus-within')) timer = setTimeout(end, UNDO_MS);
  };
  for (const type of ['pointerenter', 'pointerleave', 'focusin', 'focusout']) notice.addEventListener(type, restart, { signal });
  signal.addEventListener('abort', () => clearTimeout(timer));
}

/**
 * Shows the notice at the floating button, or in the panel while it is open.
 *
 * @param {HTMLElement} notice
 * @param {Parts} parts
 * @param {AbortSignal} signal
 */
function show(notice, { host, shadow, launcher, layout }, signal) {
  if (!styled.has(shadow)) adopt(shadow, STYLE);
  styled.add(shadow);
  const place = () => (launcher.expanded ? layout.failure.before(notice) : launcher.button.after(notice));
  for (const type of ['open', 'minimize']) host.addEventListener(`voice-agent:${type}`, place, { signal });
  place();
}
