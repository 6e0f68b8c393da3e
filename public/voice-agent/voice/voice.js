import { Sentences } from '../transcript.js';
import { Detector } from './detector.js';
import { Microphone } from './microphone.js';
import { Player } from './player.js';

const LONGEST = 60;
const SILENCE = 0.9;
// Silence before the first word is not worth sending.
const STALE = 5;

/** What the microphone and the speaker do. The conversation asks it what its state is (`follow`). */
export class Voice {
  #microphone;
  #attempt;
  #times;
  #answer = '';
  #aloud = false;

  constructor(panel, at, speech, buttons, texts) {
    Object.assign(this, { panel, at, speech, buttons, texts, host: panel.host, conversation: panel.conversation });
    this.conversation.voice = this;
    const events = {
      started: (delay) => this.#started(delay),
      ended: () => this.#spoken(),
      blocked: () => this.#say('blocked'),
      failed: () => this.#say('mute'),
    };
    if (speech.output) this.player = new Player((text, signal) => this.#fetch(text, signal), events);
    this.ready = this.player ? null : import('./browser.js').then(({ BrowserPlayer }) => buttons.output && (this.player = new BrowserPlayer(this.host.language, events)));
    this.host.addEventListener('voice-agent:minimize', () => this.#microphone && this.conversation.stop());
    at.input.addEventListener('input', () => this.speaking && this.conversation.stop());
  }

  get speaking() {
    return this.conversation.state === 'speaking';
  }

  get listening() {
    return this.conversation.state === 'listening';
  }

  // The button goes down: begin to listen, or end.
  down() {
    this.#ending = this.#open;
    if (this.#open) return;
    this.#aloud = this.buttons.output;
    this.#show();
    this.player?.unlock();
    this.conversation.stop();
    this.#listen();
  }

  // It is let go: what was begun by holding ends, what was begun by a tap goes on until the next.
  up(held) {
    if (this.#handsFree ? this.#ending : this.#ending || held) this.#handsFree ? this.stop() : this.#finish();
  }

  toggle() {
    this.#aloud = !this.#aloud;
    this.#show();
    if (this.#aloud) this.player?.unlock();
    else this.#silence();
  }

  replay() {
    this.player.unlock();
    this.#silence();
    const sentences = new Sentences(this.host.language);
    this.#speak([...sentences.push(this.#answer), sentences.rest]);
    this.conversation.become('speaking');
  }

  // Everything ends: the recording, what is on its way, what is being said.
  stop() {
    this.#attempt?.abort();
    this.#attempt = null;
    this.#release();
    this.sentences = null;
    this.#silence();
    if (!['thinking', 'answering'].includes(this.conversation.state)) this.conversation.become('idle');
  }

  hear(piece) {
    if (this.#times && !this.#times.firstText) this.#times.firstText = performance.now();
    this.#answer += piece;
    const whole = this.sentences?.push(piece);
    if (this.#aloud && whole) this.#speak(whole);
  }

  // The conversation is about to be in `state`; what it is with a voice.
  follow(state) {
    if (state === 'thinking') {
      this.player?.stop();
      this.#answer = '';
      this.sentences = new Sentences(this.host.language);
    }
    if (state === 'error') {
      this.player?.stop();
      this.#release();
    }
    if (state === 'idle') {
      if (this.#open) return 'listening';
      if (this.#aloud && this.sentences) this.#speak([this.sentences.rest]);
      this.sentences = null;
    }
    const busy = this.player?.busy && (state === 'idle' || (state === 'answering' && this.#sounding));
    if (this.buttons.replay) this.buttons.replay.hidden = busy || state !== 'idle' || !this.#answer;
    if (busy) return 'speaking';
    return state === 'idle' && this.#microphone && this.#handsFree ? this.#again() : state;
  }

  #ending = false;
  #open = false;
  #sounding = false;

  get #handsFree() {
    return this.speech.input && this.host.hasAttribute('hands-free');
  }

  #setting(name, otherwise) {
    return Number(this.host.getAttribute(name) ?? otherwise);
  }

  async #listen() {
    const attempt = (this.#attempt = new AbortController());
    this.#open = true;
    this.at.failure.textContent = '';
    this.#become('listening');
    try {
      if (!this.speech.input) return await this.#recognize(attempt);
      this.detector = new Detector(this.#setting('silence', SILENCE));
      const microphone = await Microphone.open(
        (level, seconds) => this.#level(level, seconds),
        () => this.#fail('noDevice'),
      );
      if (attempt.signal.aborted) return microphone.close();
      this.#microphone = microphone;
      if (attempt.finished) this.#finish();
    } catch (error) {
      if (!attempt.signal.aborted) this.#fail(typeof error === 'string' ? error : 'unsupported');
    }
  }

  // Hands-free: the microphone is open still.
  #again() {
    this.detector.reset();
    this.#microphone.record();
    this.#attempt = new AbortController();
    this.#open = true;
    this.#announce('listening');
    return 'listening';
  }

  #level(level, seconds) {
    const { detector } = this;
    this.buttons.talk.style.setProperty('--level', Math.min(1, level * 6).toFixed(2));
    detector.hear(level, seconds, this.speaking);
    if (this.listening) {
      if (detector.elapsed >= this.#setting('max-recording', LONGEST)) this.#finish();
      else if (this.#handsFree && detector.ended) this.#ended();
      else if (this.#handsFree && !detector.voiced && detector.elapsed - (this.#fresh ?? 0) > STALE) {
        this.#fresh = detector.elapsed;
        this.#microphone.record();
      }
    } else if (this.#handsFree && this.speaking && detector.interrupts) {
      this.#barge();
    }
  }

  #ended() {
    if (this.detector.heard) this.#finish();
    else {
      const { elapsed } = this.detector;
      this.detector.reset();
      Object.assign(this.detector, { elapsed });
      this.#microphone.record();
    }
  }

  // The visitor talks over the answer. Their first words were before this moment: keep them.
  #barge() {
    const microphone = this.#microphone;
    this.#microphone = null;
    this.conversation.stop();
    this.#microphone = microphone;
    this.#attempt = new AbortController();
    this.#open = true;
    this.#become('listening');
  }

  async #finish() {
    const attempt = this.#attempt;
    this.#open = false;
    this.buttons.talk.ariaPressed = this.#handsFree;
    if (!this.speech.input) return attempt?.abort('finish');
    if (!this.#microphone) return (attempt.finished = true);
    const end = performance.now() - (this.#handsFree ? this.detector.quiet * 1000 : 0);
    const { heard } = this.detector;
    this.#fresh = 0;
    const clip = await this.#microphone.take();
    if (this.#handsFree) this.#microphone.record();
    else this.#release();
    if (attempt.signal.aborted) return;
    if (!heard) return this.#fail('silent');
    this.#become('transcribing');
    try {
      const text = await this.#transcribe(clip, attempt.signal);
      if (!attempt.signal.aborted) await this.#use(text, end);
    } catch (error) {
      if (!attempt.signal.aborted) this.#fail(error.status ? error.sentence : 'lostSpeech', error);
    }
  }

  async #recognize(attempt) {
    const { recognize } = await import('./browser.js');
    const show = (text) => (this.at.input.value = text);
    const text = await recognize(this.host.language, attempt.signal, show);
    this.#open = false;
    this.at.input.value = '';
    if (!attempt.signal.aborted || attempt.signal.reason === 'finish') await this.#use(text, performance.now());
  }

  async #transcribe(clip, signal) {
    const body = new FormData();
    body.append('file', clip, `speech.${clip.type.match(/webm|mp4|ogg/)?.[0] ?? 'webm'}`);
    body.append('language', this.host.language);
    const { text } = await this.conversation.api.call('/transcribe', { method: 'POST', body }, (response) => response.json(), signal);
    return text;
  }

  async #use(text, end) {
    if (!text) return this.#fail('silent');
    this.host.emit('transcript', { text });
    this.buttons.talk.ariaPressed = this.#handsFree;
    if (this.host.hasAttribute('review')) {
      this.at.input.value = text;
      this.at.input.dispatchEvent(new Event('input'));
      this.at.input.focus();
      this.#release();
      this.conversation.become('idle');
      return;
    }
    this.#times = { end, transcript: performance.now() };
    await this.conversation.ask(text);
  }

  #fetch(text, signal) {
    const headers = { 'Content-Type': 'application/json' };
    const body = JSON.stringify({ text, format: 'pcm', voice: this.host.getAttribute('voice') ?? undefined });
    return this.conversation.api.call('/speech', { method: 'POST', headers, body }, (response) => response, signal);
  }

  // Links and signs are for the eye.
  #speak(sentences) {
    for (const sentence of sentences) {
      const text = sentence.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/https?:\/\/\S+|[*_#`|]/g, '').trim();
      if (/[\p{L}\p{N}]/u.test(text)) this.player.say(text);
    }
  }

  #started(delay) {
    const { conversation } = this;
    if (!this.#sounding) {
      this.#sounding = true;
      this.#measure(delay);
      this.detector?.reset();
      this.#microphone?.record();
    }
    if (conversation.state !== 'speaking') this.#become('speaking');
  }

  #measure(delay) {
    const times = this.#times;
    this.#times = null;
    if (!times) return;
    const since = (moment) => Math.round(moment - times.end);
    this.host.emit('metrics', { transcript: since(times.transcript), firstText: since(times.firstText), firstAudio: since(performance.now() + delay) });
  }

  // All that was there has been said; there may be more to come.
  #spoken() {
    this.#sounding = false;
    if (this.speaking) this.conversation.become(this.conversation.running ? 'answering' : 'idle');
  }

  #silence() {
    this.player?.stop();
    this.#spoken();
  }

  #release() {
    this.#open = false;
    this.#microphone?.close();
    this.#microphone = null;
    if (this.buttons.talk) this.buttons.talk.ariaPressed = false;
  }

  #fail(name, error) {
    this.#release();
    this.player?.stop();
    this.conversation.become('error');
    this.#say(name);
    this.host.emit('error', { code: error?.code ?? name, status: error?.status ?? 0, retrying: false, message: this.at.failure.textContent });
  }

  #say(name) {
    this.at.failure.textContent = this.texts[name] ?? this.panel.transcript.texts[name];
  }

  #become(state) {
    this.conversation.become(state);
    if (state === 'listening') this.buttons.talk.ariaPressed = true;
    if (this.texts[state]) this.#announce(state);
  }

  #announce(state) {
    this.panel.transcript.announce(this.texts[state]);
  }

  #show() {
    if (this.buttons.speakAloud) this.buttons.speakAloud.ariaPressed = this.#aloud;
  }

  #fresh = 0;
}
