import { el } from '../dom.js';

/** @import { Transcript } from './transcript.js' */

// Long enough for the browser to begin the download.
const REVOKE_AFTER_MS = 1000;

/**
 * Saves the conversation as a text file.
 *
 * @param {Transcript} transcript
 */
export function downloadConversation({ entries, texts: { you, name, cutOff: note, language } }) {
  const blocks = entries.map(({ role, content, at, cutOff }) => {
    const speaker = role === 'user' ? you : name;
    return `${speaker} (${at.toLocaleString(language)}):\n${content}\n${cutOff ? `(${note})\n` : ''}`;
  });
  saveFile(new Blob([blocks.join('\n')], { type: 'text/plain' }), `conversation-${new Date().toISOString().slice(0, 10)}.txt`);
}

/**
 * Has the browser download a file.
 *
 * @param {Blob} content
 * @param {string} download its name
 */
export function saveFile(content, download) {
  const href = URL.createObjectURL(content);
  el('a', { href, download }).click();
  setTimeout(() => URL.revokeObjectURL(href), REVOKE_AFTER_MS);
}
