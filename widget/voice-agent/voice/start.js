import { Voice } from './voice.js';
import { VoiceView } from './voice-view.js';

/** @import { VoiceAgentElement } from '../element.js' */
/** @import { VoiceContext } from './interfaces.js' */

/**
 * Starts the voice: loads what listens and what speaks, and lets it take part in the conversation.
 *
 * @param {VoiceContext} context
 * @param {HTMLButtonElement | undefined} talk the microphone button; undefined if nothing can listen
 * @param {boolean} speaks whether something can speak
 */
export async function startVoice(context, talk, speaks) {
  const { speech = {} } = context.config();
  const view = new VoiceView(context, talk);
  const [{ Listener }, { Player }, spoken] = await Promise.all([
    speech.input ? import('./server.js') : import('./browser.js'),
    speech.output ? import('./server.js') : import('./browser.js'),
    speaks ? loadSpoken(context.host, speech.maxChars) : undefined,
    view.translate(),
  ]);
  if (speech.input && context.host.hasAttribute('hands-free')) void import('./hearing/hands-free.js').catch(() => {});
  const others = speech.output ? [browserVoice] : [];
  const voice = new Voice({ ...context, spoken }, view, Listener, speaks ? [Player, ...others] : undefined);
  const replay = { name: 'replay', text: () => view.replay, act: () => voice.replay(), hidden: () => !voice.canReplay };
  if (speaks) context.menu.unshift(replay);
  if (talk) void import('./receiver.js').then(({ tellReceiver }) => tellReceiver(context)).catch(() => {});
  view.show(voice);
  voice.join();
  return voice;
}

/**
 * Loads what words answers as they are spoken.
 *
 * @param {VoiceAgentElement} host
 * @param {number} [maxCharacters]
 */
async function loadSpoken(host, maxCharacters) {
  const { SpokenAnswers } = await import('./spoken/answers.js');
  const spoken = new SpokenAnswers(host, maxCharacters);
  await spoken.load();
  return spoken;
}

/** The browser's own voice; null if it has none. */
async function browserVoice() {
  const { Player } = await import('./browser.js');
  return (await Player.able()) ? Player : null;
}
