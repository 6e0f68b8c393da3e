import { el, icon, nameButton } from '../dom.js';
import { pressListeners } from './press.js';

/** @import { Buttons, VoiceContext } from './interfaces.js' */
/** @import { Voice } from './voice.js' */

/** @typedef {'talk' | 'speakAloud'} ButtonName */
/** @typedef {(name: ButtonName, path: string, attributes: Record<string, unknown>) => HTMLButtonElement} MakeButton */

const ICONS = {
  talk: 'M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM5.5 11a6.5 6.5 0 0 0 13 0M12 17.5V21',
  speakAloud: 'M4 9.5v5h3.5L12 18V6L7.5 9.5zM15.5 9a4.5 4.5 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11',
};
/**
 * Adds the voice's buttons to the panel, as far as the server or the browser can serve them. The rest of the
 * voice is loaded when one of them is used. Resolves when nothing more has to be loaded for now.
 *
 * @param {VoiceContext} context
 */
export async function offerVoice(context) {
  const { host, config, layout, labels, transcript } = context;
  const { speech = {} } = config();
  const hears = speech.input || 'SpeechRecognition' in window || 'webkitSpeechRecognition' in window;
  const speaks = speech.output || 'speechSynthesis' in window;
  /** @type {Buttons} */
  const buttons = {};
  /** @type {Promise<Voice> | null} */
  let loading = null;

  /** @param {(voice: Voice) => void} act */
  const use = async (act) => {
    try {
      loading ??= import('./start.js').then(({ startVoice }) => startVoice(context, buttons));
      act(await loading);
    } catch {
      loading = null;
      layout.failure.textContent = transcript.texts.unreachable;
    }
  };
  /** @type {MakeButton} */
  const button = (name, path, attributes) => {
    const node = el('button', { part: `tool ${name}`, ...attributes }, icon(path));
    labels.push((texts) => nameButton(node, texts[name]));
    buttons[name] = node;
    return node;
  };

  if (speaks) {
    const toggle = () => use((voice) => voice.toggleAloud());
    layout.restart.before(button('speakAloud', ICONS.speakAloud, { 'aria-pressed': false, onclick: toggle }));
  }
  if (hears) {
    const press = pressListeners({
      down: () => use((voice) => voice.down()),
      up: (held, at) => use((voice) => voice.up(held, at)),
    });
    layout.input.after(button('talk', ICONS.talk, { 'aria-pressed': false, ...press }));
  }
  if (speaks && host.hasAttribute('read-aloud')) await use(() => {});
}
