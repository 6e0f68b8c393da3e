import { el, icon, nameButton } from '../dom.js';
import { pressListeners } from './press.js';

/** @import { VoiceContext } from './interfaces.js' */
/** @import { Voice } from './voice.js' */

const TALK = 'M9 6a3 3 0 0 1 6 0v5a3 3 0 0 1-6 0zM5.5 11a6.5 6.5 0 0 0 13 0M12 17.5V21';

/**
 * Adds the microphone button and an entry in the menu to the panel, as far as the server or the browser can serve
 * them. The rest of the voice is loaded when one of them is used. Resolves when nothing more has to be loaded for now.
 *
 * @param {VoiceContext} context
 */
export async function offerVoice(context) {
  const { host, config, layout, labels, menu, transcript } = context;
  const { speech = {} } = config();
  const hears = speech.input || 'SpeechRecognition' in window || 'webkitSpeechRecognition' in window;
  const speaks = !!speech.output || 'speechSynthesis' in window;
  /** @type {HTMLButtonElement | undefined} */
  let talk;
  /** @type {Promise<Voice> | null} */
  let loading = null;
  /** @type {Voice | undefined} */
  let voice;

  /** @param {(voice: Voice) => void} act */
  const use = async (act) => {
    try {
      loading ??= import('./start.js').then(({ startVoice }) => startVoice(context, talk, speaks));
      act((voice = await loading));
    } catch {
      loading = null;
      layout.failure.textContent = transcript.texts.unreachable;
    }
  };

  if (speaks) {
    const act = () => use((loaded) => loaded.toggleAloud());
    menu.unshift({ name: 'speakAloud', act, checked: () => !!voice?.aloud });
  }
  if (hears) {
    const press = pressListeners({
      down: () => use((loaded) => loaded.down()),
      up: (held, at) => use((loaded) => loaded.up(held, at)),
    });
    const button = el('button', { part: 'tool talk', 'aria-pressed': false, ...press }, icon(TALK));
    labels.push((texts) => nameButton(button, texts.talk));
    layout.input.after((talk = button));
  }
  if (speaks && host.hasAttribute('read-aloud')) await use(() => {});
}
