/** The browser's own voice, with the player's interface. */
export class BrowserPlayer {
  #left = 0;

  constructor(language, { started, ended, failed }) {
    Object.assign(this, { language, started, ended, failed });
  }

  async unlock() {}

  get busy() {
    return this.#left > 0;
  }

  say(text) {
    const utterance = new SpeechSynthesisUtterance(text);
    utterance.lang = this.language;
    utterance.onstart = () => this.started(0);
    utterance.onend = () => (this.#left -= 1) || this.ended();
    utterance.onerror = ({ error }) => {
      if (['interrupted', 'canceled'].includes(error)) return;
      this.stop();
      this.failed(error);
      this.ended();
    };
    this.#left += 1;
    speechSynthesis.speak(utterance);
  }

  stop() {
    this.#left = 0;
    speechSynthesis.cancel();
  }
}

const FAILURES = { 'not-allowed': 'denied', 'service-not-allowed': 'denied', 'audio-capture': 'noDevice', 'no-speech': 'silent', network: 'lostSpeech' };

/** The browser's own ear: gives what it understood when the visitor has ended. */
export function recognize(language, signal, onText) {
  return new Promise((resolve, reject) => {
    const recognition = new (window.SpeechRecognition ?? webkitSpeechRecognition)();
    let text = '';
    Object.assign(recognition, { lang: language, interimResults: true });
    recognition.onresult = ({ results }) => {
      text = Array.from(results, ([{ transcript }]) => transcript).join('');
      onText(text);
    };
    recognition.onerror = ({ error }) => reject(FAILURES[error] ?? 'unsupported');
    recognition.onend = () => resolve(text);
    signal.addEventListener('abort', () => (signal.reason === 'finish' ? recognition.stop() : recognition.abort()));
    recognition.start();
  });
}
