import { adopt } from '../../voice-agent.js';
import { Speaking } from './speaking.js';

const TALKING = ['listening', 'transcribing', 'speaking'];
const STYLE = `
[aria-pressed=true] { color: var(--primary); background: var(--soft) }
.talk[aria-pressed=true] { border-radius: 50%; background: var(--primary); color: var(--on-primary); box-shadow: 0 0 0 calc(var(--level, 0) * 10px) var(--edge) }
`;

export async function load(panel, at, speech, buttons, labels) {
  const { host, conversation } = panel;
  const [{ Listening }, { Player }] = await Promise.all([
    import(speech.input ? './listening.js' : './browser.js'),
    import(speech.output ? './player.js' : './browser.js'),
    import(`./texts/${host.language}.js`),
  ]);
  const voice = new Voice(panel, at, buttons);
  await voice.translate();
  voice.ear = new Listening(host, voice, conversation.api);
  voice.mouth = new Speaking(buttons.replay && new Player(host, voice, conversation.api), host);
  labels.push(() => voice.translate());
  adopt(panel.shadow, STYLE);
  at.failure.textContent = '';
  conversation.voice = voice;
  conversation.become(conversation.state);
  return voice;
}

/** Joins the ear, the mouth, the buttons and the conversation. */
export class Voice {
  turn = 'idle';
  #texts = {};
  #ending = false;
  #draft = null;

  constructor(panel, at, buttons) {
    Object.assign(this, { panel, at, buttons, host: panel.host, conversation: panel.conversation });
    this.host.addEventListener('voice-agent:minimize', () => this.stop());
    at.input.addEventListener('input', () => this.#typed());
  }

  async translate() {
    const { host } = this;
    const { default: all } = await import(`./texts/${host.language}.js`);
    for (const key in all) this.#texts[key] = host.texts[key] ?? host.getAttribute(`text-${key}`) ?? all[key];
  }

  down() {
    this.#ending = this.ear.on;
    if (this.#ending) return;
    this.conversation.stop();
    this.mouth.aloud = !!this.mouth.player;
    this.mouth.player?.unlock();
    this.at.failure.textContent = '';
    this.ear.start();
    this.changed();
  }

  up(held, at) {
    if (this.ear.handsFree) this.#ending && this.conversation.stop();
    else if (this.#ending || held) this.ear.finish(at);
  }

  toggle() {
    const { mouth } = this;
    mouth.aloud = !mouth.aloud;
    if (mouth.aloud) mouth.player.unlock();
    else mouth.mute();
    this.quiet();
  }

  replay() {
    this.mouth.player.unlock();
    this.ear.rest();
    this.mouth.replay();
    this.conversation.become('idle');
  }

  stop() {
    this.ear.stop();
    this.mouth.silence();
    if (!this.conversation.running) this.turn = 'idle';
    this.quiet();
  }

  end() {
    this.mouth.answer = null;
    this.stop();
  }

  get speaking() {
    return this.mouth.sounding;
  }

  hear(piece) {
    this.mouth.hear(piece);
  }

  // `turn` is the state without a voice. The ear's counts while it is at work, else the mouth's.
  follow(turn) {
    if (turn !== this.turn) this.#enter(turn);
    this.turn = turn;
    const { conversation, ear, mouth } = this;
    if (turn === 'idle' && ear.free && !ear.state && !mouth.busy && !conversation.running) ear.again();
    const speaking = mouth.sounding || (mouth.busy && turn === 'idle');
    const state = ear.state ?? (speaking ? 'speaking' : turn);
    this.#show(state);
    return state;
  }

  changed() {
    this.conversation.become(this.turn);
  }

  quiet() {
    if (!this.conversation.running && !this.mouth.busy) this.conversation.measured();
    this.changed();
  }

  level(level) {
    this.buttons.talk.style.setProperty('--level', Math.min(1, level * 6).toFixed(2));
  }

  // In the text field, in the place of the visitor's draft.
  shows(text) {
    const { input } = this.at;
    this.#draft ??= input.value;
    input.value = text;
  }

  hides() {
    this.at.input.value = this.#draft ?? this.at.input.value;
    this.#draft = null;
  }

  heard(text, since) {
    this.host.emit('transcript', { text });
    if (!this.host.hasAttribute('review')) return this.conversation.ask(text, { since, transcript: Math.round(performance.now() - since) });
    const { input } = this.at;
    input.value = `${input.value} ${text}`.trim();
    input.dispatchEvent(new Event('input'));
    input.focus();
    this.stop();
  }

  interrupted() {
    this.ear.resume();
    this.mouth.silence();
    this.conversation.cancel();
    this.changed();
  }

  started(delay) {
    const { conversation, mouth, ear } = this;
    if (mouth.sounding) return;
    mouth.sounding = true;
    this.at.failure.textContent = '';
    ear.spoken();
    conversation.mark('firstAudio', performance.now() + delay);
    conversation.measured();
    this.changed();
  }

  ended() {
    this.mouth.sounding = false;
    this.quiet();
  }

  blocked() {
    this.#tell('blocked');
  }

  mute(error) {
    this.mouth.leave();
    this.#tell('mute', error);
  }

  // What the server cannot say, the browser says from then on; nothing of `unsaid` is left when it was stopped.
  async lend(error, unsaid) {
    const { Player } = await import('./browser.js').catch(() => ({}));
    const able = await Player?.able();
    if (!unsaid.length) return;
    if (!able) return this.mute(error);
    const player = (this.mouth.player = new Player(this.host, this));
    unsaid.forEach((text) => player.say(text));
  }

  failed(name, error) {
    this.ear.stop();
    if (this.conversation.running) this.changed();
    else this.conversation.become('error');
    this.#tell(name, error);
  }

  #typed() {
    this.#draft = null;
    if (TALKING.includes(this.conversation.state)) this.conversation.stop();
  }

  #enter(turn) {
    if (turn === 'thinking') {
      this.ear.rest();
      this.mouth.begin();
    }
    if (turn === 'error') {
      this.ear.stop();
      this.mouth.silence();
    }
    if (turn === 'idle') this.mouth.end();
  }

  #show(state) {
    const { conversation, buttons, ear, mouth, panel } = this;
    if (buttons.talk) buttons.talk.ariaPressed = ear.on;
    this.at.input.placeholder = this.#texts[state] ?? panel.transcript.texts.placeholder;
    if (buttons.speakAloud) {
      buttons.speakAloud.ariaPressed = mouth.aloud;
      buttons.replay.hidden = !mouth.answer || !(state === 'idle' || state === 'error' || (state === 'listening' && ear.free));
    }
    if (state !== conversation.state && this.#texts[state]) panel.transcript.announce(this.#texts[state]);
  }

  #tell(name, { code = name, status = 0, retryAfter = null } = {}) {
    const message = this.#texts[name] ?? this.panel.transcript.texts[name];
    this.at.failure.textContent = message;
    this.host.emit('error', { code, status, retryAfter, retrying: false, message });
  }
}
