import { adopt, el, icon } from '../../voice-agent.js';
import TEXTS from './texts.js';

const ICONS = {
  talk: 'M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM5.5 11a6.5 6.5 0 0 0 13 0M12 17.5V21',
  speakAloud: 'M4 9.5v5h3.5L12 18V6L7.5 9.5zM15.5 9a4.5 4.5 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11',
  replay: 'M4 4v6h6M4.5 10a8 8 0 1 1-.5 4M10 9l5 3-5 3z',
};
const STYLE = `
.talk { touch-action: none; user-select: none; -webkit-user-select: none }
.talk[aria-pressed=true] { border-radius: 50%; background: var(--soft); color: var(--primary); box-shadow: 0 0 0 calc(var(--level, 0) * 10px) color-mix(in oklab, var(--primary) 35%, transparent) }
.speakAloud[aria-pressed=true] { color: var(--primary); background: var(--soft) }
`;
// Held for longer, a button means: until it is let go.
const HOLD_MS = 350;

/** Puts the buttons in their place where speech is possible; what they do is loaded when one is used. */
export function offer(panel, at, { speech }, labels) {
  const input = speech.input || 'SpeechRecognition' in window || 'webkitSpeechRecognition' in window;
  const output = speech.output || 'speechSynthesis' in window;
  const buttons = { input, output };
  if (panel.buttons || !(input || output)) return;
  panel.buttons = buttons;
  adopt(panel.shadow, STYLE);
  const texts = {};
  let loading;
  const voice = () => (loading ??= import('./voice.js').then(({ Voice }) => new Voice(panel, at, speech, buttons, texts)));
  const button = (name, listeners, place) => {
    const node = el('button', { part: `tool ${name}`, ...listeners }, icon(ICONS[name]));
    labels.push(() => {
      const own = panel.host.getAttribute(`text-${name}`) ?? panel.host.texts[name];
      node.title = node.ariaLabel = own ?? TEXTS[panel.host.language][name];
    });
    place(node);
    return (buttons[name] = node);
  };
  labels.push(() => {
    for (const key in TEXTS.en) texts[key] = panel.host.getAttribute(`text-${key}`) ?? panel.host.texts[key] ?? TEXTS[panel.host.language][key];
  });
  if (output) {
    button('speakAloud', { 'aria-pressed': false, onclick: async () => (await voice()).toggle() }, (node) => at.restart.before(node));
    button('replay', { hidden: '', onclick: async () => (await voice()).replay() }, (node) => at.restart.before(node));
  }
  if (input) button('talk', { 'aria-pressed': false, ...pressing(voice) }, (node) => at.input.after(node));
}

// By pointer, by key, and by what only clicks (a screen reader); held or tapped.
function pressing(voice) {
  let since = null;
  const down = async () => {
    since = performance.now();
    (await voice()).down();
  };
  const up = async () => {
    if (since === null) return;
    const held = performance.now() - since > HOLD_MS;
    since = null;
    (await voice()).up(held);
  };
  const isPress = ({ key }) => key === ' ' || key === 'Enter';
  return {
    onpointerdown: (event) => {
      if (event.button) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      down();
    },
    onpointerup: up,
    onpointercancel: up,
    onkeydown: (event) => {
      if (!isPress(event)) return;
      event.preventDefault();
      if (!event.repeat) down();
    },
    onkeyup: (event) => {
      if (!isPress(event)) return;
      event.preventDefault();
      up();
    },
    onblur: up,
    onclick: async ({ detail, pointerType }) => {
      if (detail || pointerType) return;
      await down();
      since = null;
      (await voice()).up(false);
    },
  };
}
