import { adopt, el, icon, nameButton } from '../dom.js';
import { pressListeners } from './press.js';
import { MICROPHONE } from './sign.js';
import { STYLE } from './style.js';

/** @import { VoiceContext } from './interfaces.js' */
/** @import { Abilities } from './offer.js' */
/** @import { PressActions } from './press.js' */
/** @import { Voice } from './voice.js' */

/**
 * Adds the button for talking and an entry in the menu to the panel. The rest of the voice is loaded when one of them
 * is used.
 *
 * @param {VoiceContext} context
 * @param {Abilities} abilities
 */
export async function addButtons(context, { hears, speaks }) {
  const { host, layout, menu, transcript } = context;
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
    talk = addTalkButton(context, {
      down: () => use((loaded) => loaded.down()),
      up: (held, at) => use((loaded) => loaded.up(held, at)),
    });
  }
  if (speaks && host.hasAttribute('read-aloud')) await use(() => {});
}

/**
 * Adds the button for talking beside the text field: large, until the visitor types.
 *
 * @param {VoiceContext} context
 * @param {PressActions} actions
 */
function addTalkButton({ shadow, layout, labels }, { down, up }) {
  const { panel, dock, input } = layout;
  const word = el('span');
  const talking = () => {
    panel.classList.remove('texting');
    down();
  };
  const press = pressListeners({ down: talking, up });
  const button = el('button', { part: 'talk', 'aria-pressed': false, ...press }, icon(MICROPHONE), word);
  labels.push((texts) => {
    word.textContent = texts.talk;
    nameButton(button, texts.talk);
  });
  adopt(shadow, STYLE);
  input.addEventListener('input', () => panel.classList.add('texting'));
  dock.append(button);
  return button;
}
