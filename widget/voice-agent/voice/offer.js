/** @import { VoiceContext } from './interfaces.js' */

/** @typedef {{ hears: boolean, speaks: boolean }} Abilities what the server or the browser can do */

/**
 * Adds what the panel has for the voice, as far as the server or the browser can serve it. Resolves when nothing more
 * has to be loaded for now.
 *
 * @param {VoiceContext} context
 */
export async function offerVoice(context) {
  const { speech = {} } = context.config();
  const hears = !!speech.input || 'SpeechRecognition' in window || 'webkitSpeechRecognition' in window;
  const speaks = !!speech.output || 'speechSynthesis' in window;
  if (!hears && !speaks) return;
  const loaded = await import('./buttons.js').catch(() => null);
  await loaded?.addButtons(context, { hears, speaks });
}
