import { Voice } from './voice.js';
import { VoiceView } from './voice-view.js';

/** @import { Buttons, VoiceContext } from './interfaces.js' */

/**
 * Starts the voice: loads what listens and what speaks, and lets it take part in the conversation.
 *
 * @param {VoiceContext} context
 * @param {Buttons} buttons
 */
export async function startVoice(context, buttons) {
  const { speech = {} } = context.config();
  const view = new VoiceView(context, buttons);
  const [{ Listener }, { Player }] = await Promise.all([
    speech.input ? import('./server.js') : import('./browser.js'),
    speech.output ? import('./server.js') : import('./browser.js'),
    view.translate(),
  ]);
  const voice = new Voice(context, view, Listener, buttons.replay && Player);
  view.show();
  voice.join();
  return voice;
}
