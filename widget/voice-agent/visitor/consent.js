import { el } from '../dom.js';
import { privacyLink, withPeriods } from './notice.js';
import { whoHears } from './who-hears.js';

/** @import { VisitorContext } from './context.js' */

// The beginning of the key in localStorage; the address of the API follows.
const KEY = 'voice-agent-consent:';

/**
 * Whether the visitor agrees to what happens to a conversation. Until then, there is no text field and no
 * microphone. Consent is to what was said to happen: if that changes, the visitor is asked again.
 */
export class Consent {
  #context;
  #key;
  /** @type {PromiseWithResolvers<boolean>} */
  #decision = Promise.withResolvers();
  #card = el('div', { part: 'consent', role: 'group', 'aria-labelledby': 'consent', 'aria-describedby': 'terms', tabindex: -1 });
  /** @type {string[]} what the visitor has agreed to */
  #accepted = [];

  /** @param {VisitorContext} context */
  constructor(context) {
    this.#context = context;
    this.#key = KEY + context.host.apiUrl;
    this.#accepted = read(this.#key);
    context.layout.panel.querySelector('.dock')?.before(this.#card);
    context.host.addEventListener('voice-agent:open', () => this.#focus());
    addEventListener('storage', ({ key }) => key === this.#key && this.#adopt());
  }

  /** Whether the visitor has agreed to what happens to the conversation now. */
  get given() {
    return this.#accepted.includes(this.#terms);
  }

  /** Whether the visitor agrees; resolves when that is known. */
  async agreed() {
    return this.given || this.#decision.promise;
  }

  /** Takes consent back: the conversation ends, and the browser forgets that there was consent. */
  withdraw() {
    this.#keep([]);
    this.#end();
    this.#context.transcript.announce(this.#context.texts().withdrawn);
  }

  /** Shows the question, unless the visitor has agreed. */
  show() {
    const { layout, launcher } = this.#context;
    const { given } = this;
    const asked = !this.#card.hidden && !!this.#card.firstChild;
    layout.panel.classList.toggle('asking', !given);
    this.#card.hidden = given;
    this.#card.replaceChildren(...(given ? [] : this.#question()));
    if (given || asked) return;
    // Nothing is heard that the visitor has not agreed to.
    this.#context.conversation.stop();
    if (launcher.expanded) this.#focus();
  }

  /** What is kept and who hears it, which the visitor agrees to. */
  get #terms() {
    const { known, config } = this.#context;
    const { keepsMinutes, historyDays } = config();
    const kept = known() ? `days ${historyDays}` : `minutes ${keepsMinutes}`;
    const { input, receiver } = config().speech ?? {};
    return input ? `${kept}, ${receiver}` : kept;
  }

  #question() {
    const context = this.#context;
    const texts = context.texts();
    const text = withPeriods(context, context.known() ? texts.keptConsent : texts.consent);
    const agree = el('button', { part: 'pill agree', onclick: () => this.#agree() }, texts.agree);
    const decline = el('button', { part: 'pill', onclick: () => this.#decline() }, texts.decline);
    return [
      el('h2', { part: 'title', id: 'consent' }, texts.consentTitle),
      el('p', { id: 'terms' }, `${text} ${whoHears(context.config(), texts)}`.trim(), ...privacyLink(context)),
      el('div', { part: 'choices' }, agree, decline),
    ];
  }

  #agree() {
    this.#keep([...this.#accepted, this.#terms]);
    this.show();
    this.#context.dialog.focus();
    this.#decide(true);
  }

  #decline() {
    this.#context.host.minimize();
    this.#decide(false);
  }

  /** @param {boolean} agreed */
  #decide(agreed) {
    this.#decision.resolve(agreed);
    this.#decision = Promise.withResolvers();
  }

  /** Another tab has asked, or consent was taken back there. */
  #adopt() {
    const { given } = this;
    this.#accepted = read(this.#key);
    if (given && !this.given) this.#end();
    else this.show();
    if (this.given) this.#decide(true);
  }

  #end() {
    this.#context.panel.forget();
    this.show();
  }

  #focus() {
    if (!this.given) this.#card.focus();
  }

  /** @param {string[]} accepted */
  #keep(accepted) {
    this.#accepted = accepted;
    try {
      if (accepted.length) localStorage.setItem(this.#key, JSON.stringify(accepted));
      else localStorage.removeItem(this.#key);
    } catch {
      // Storage is blocked: consent lasts as long as the page.
    }
  }
}

/**
 * @param {string} key
 * @returns {string[]}
 */
function read(key) {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(kept) ? kept : [];
  } catch {
    return [];
  }
}
