const LONGEST = 60;
const LOADING_MS = 1000;
const FAILURES = { 'not-allowed': 'denied', 'service-not-allowed': 'denied', 'audio-capture': 'noDevice', 'no-speech': 'silent', network: 'lostSpeech' };

/** The browser's own voice, with the interface of player.js. */
export class Player {
  #waiting = new Set();
  #blocked = null;

  // Some browsers load their voices when they are first asked for them.
  static async able() {
    const { speechSynthesis } = window;
    if (!speechSynthesis) return false;
    if (!speechSynthesis.getVoices().length) {
      await new Promise((resolve) => {
        speechSynthesis.addEventListener('voiceschanged', resolve, { once: true });
        setTimeout(resolve, LOADING_MS);
      });
    }
    return speechSynthesis.getVoices().length > 0;
  }

  constructor(host, events) {
    Object.assign(this, { host, events });
  }

  unlock() {}

  get busy() {
    return this.#waiting.size > 0 || !!this.#blocked;
  }

  say(text) {
    if (this.#blocked) return this.#blocked.push(text);
    const utterance = new SpeechSynthesisUtterance(text);
    utterance.lang = this.host.language;
    utterance.onstart = () => this.#waiting.has(utterance) && this.events.started(0);
    utterance.onend = () => this.#waiting.delete(utterance) && !this.busy && this.events.ended();
    utterance.onerror = ({ error }) => this.#waiting.has(utterance) && this.#failed(error);
    this.#waiting.add(utterance);
    speechSynthesis.speak(utterance);
  }

  stop() {
    this.#blocked = null;
    this.#waiting.clear();
    speechSynthesis.cancel();
  }

  #failed(error) {
    const unsaid = Array.from(this.#waiting, ({ text }) => text);
    this.stop();
    if (error === 'not-allowed') return this.#afterGesture(unsaid);
    this.events.mute({ code: error });
    this.events.ended();
  }

  #afterGesture(texts) {
    this.#blocked = texts;
    const speak = () => this.#blocked === texts && this.#unblock();
    for (const type of ['pointerup', 'keydown']) addEventListener(type, speak, { once: true });
    this.events.blocked();
  }

  #unblock() {
    const texts = this.#blocked;
    this.#blocked = null;
    texts.forEach((text) => this.say(text));
  }
}

/** The browser's own ear, with the interface of listening.js. */
export class Listening {
  state = null;
  handsFree = false;
  free = false;
  #recognition;
  #limit;

  constructor(host, events) {
    Object.assign(this, { host, events });
  }

  get on() {
    return this.state === 'listening';
  }

  start() {
    const recognition = new (window.SpeechRecognition ?? webkitSpeechRecognition)();
    this.#recognition = recognition;
    this.state = 'listening';
    this.end = null;
    let text = '';
    Object.assign(recognition, { lang: this.host.language, interimResults: true, continuous: true });
    const mine = (act) => (event) => this.#recognition === recognition && act(event);
    recognition.onresult = mine(({ results }) => {
      text = Array.from(results, ([{ transcript }]) => transcript).join('');
      this.events.shows(text);
    });
    recognition.onerror = mine(({ error }) => this.#fail(FAILURES[error] ?? 'unsupported'));
    recognition.onend = mine(() => this.#use(text.trim()));
    recognition.start();
    this.#limit = setTimeout(() => this.finish(), (this.host.getAttribute('max-recording') ?? LONGEST) * 1000);
  }

  finish(end = performance.now()) {
    if (!this.on) return;
    this.end = end;
    this.state = 'transcribing';
    this.#recognition.stop();
    this.events.changed();
  }

  rest() {
    const recognition = this.#recognition;
    this.#close();
    recognition?.abort();
  }

  stop() {
    this.rest();
  }

  spoken() {}

  #close() {
    this.events.hides();
    clearTimeout(this.#limit);
    this.#recognition = this.state = null;
  }

  #fail(name) {
    this.#close();
    this.events.failed(name);
  }

  #use(text) {
    const end = this.end ?? performance.now();
    this.#close();
    if (text) this.events.heard(text, end);
    else this.events.failed('silent');
  }
}
