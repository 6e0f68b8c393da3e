import { el, icon } from '../../voice-agent.js';

const ICONS = {
  talk: 'M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM5.5 11a6.5 6.5 0 0 0 13 0M12 17.5V21',
  speakAloud: 'M4 9.5v5h3.5L12 18V6L7.5 9.5zM15.5 9a4.5 4.5 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11',
  replay: 'M4 4v6h6M4.5 10a8 8 0 1 1-.5 4M10 9l5 3-5 3z',
};
const TEXTS = {
  en: { talk: 'Talk', speakAloud: 'Read answers aloud', replay: 'Say that again' },
  de: { talk: 'Sprechen', speakAloud: 'Antworten vorlesen', replay: 'Noch einmal sagen' },
  ar: { talk: 'تحدّث', speakAloud: 'قراءة الإجابات بصوت عالٍ', replay: 'أعد القول' },
};
// Held for longer, a button means: until it is let go.
const HOLD_MS = 350;

/** Puts the buttons in their place; all else is loaded when one is used. */
export function offer(panel, at, { speech }, labels) {
  const input = speech.input || 'SpeechRecognition' in window || 'webkitSpeechRecognition' in window;
  const output = speech.output || 'speechSynthesis' in window;
  if (panel.buttons) return;
  const { host } = panel;
  const buttons = (panel.buttons = {});
  let loading;
  const voice = () => (loading ??= import('./voice.js').then(({ load }) => load(panel, at, speech, buttons, labels)));
  const failed = () => {
    loading = null;
    at.failure.textContent = panel.transcript.texts.unreachable;
  };
  const use = (act) => voice().then(act, failed);
  const button = (name, listeners) => {
    const node = (buttons[name] = el('button', { part: `tool ${name}`, ...listeners }, icon(ICONS[name])));
    labels.push(() => (node.title = node.ariaLabel = host.texts[name] ?? host.getAttribute(`text-${name}`) ?? TEXTS[host.language][name]));
    return node;
  };
  if (output) {
    const speakAloud = button('speakAloud', { 'aria-pressed': false, onclick: () => use((loaded) => loaded.toggle()) });
    at.restart.before(button('replay', { hidden: '', onclick: () => use((loaded) => loaded.replay()) }), speakAloud);
  }
  if (input) {
    const talk = button('talk', { 'aria-pressed': false, ...pressing(use) });
    Object.assign(talk.style, { touchAction: 'none', userSelect: 'none', webkitUserSelect: 'none' });
    at.input.after(talk);
  }
  if (output && host.hasAttribute('read-aloud')) return use(() => {});
}

// By pointer, by key, and by what only clicks (a screen reader); held or tapped.
function pressing(use) {
  let since = null;
  const down = ({ timeStamp }) => {
    since = timeStamp;
    use((voice) => voice.down());
  };
  const up = ({ timeStamp }) => {
    if (since === null) return;
    const held = timeStamp - since > HOLD_MS;
    since = null;
    use((voice) => voice.up(held, timeStamp));
  };
  const key = (act) => (event) => {
    if (event.key !== ' ' && event.key !== 'Enter') return;
    event.preventDefault();
    if (!event.repeat) act(event);
  };
  return {
    onpointerdown: (event) => {
      if (event.button) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      down(event);
    },
    onpointerup: up,
    onpointercancel: up,
    onkeydown: key(down),
    onkeyup: key(up),
    onblur: up,
    onclick: (event) => {
      if (event.detail || event.pointerType) return;
      down(event);
      up(event);
    },
  };
}
