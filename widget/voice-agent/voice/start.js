import { el, icon } from '../dom.js';
import { Voice } from './voice.js';
import { VoiceView } from './voice-view.js';

/** @import { Buttons, VoiceContext } from './interfaces.js' */

const REPLAY = 'M4 4v6h6M4.5 10a8 8 0 1 1-.5 4M10 9l5 3-5 3z';

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
  const voice = new Voice(context, view, Listener, buttons.speakAloud && Player);
  if (buttons.speakAloud) {
    const replay = el('button', { part: 'tool replay', hidden: '', onclick: () => voice.replay() }, icon(REPLAY));
    buttons.replay = replay;
    buttons.speakAloud.before(replay);
  }
  view.show();
  voice.join();
  return voice;
}
