import { adopt, el, icon } from '../voice-agent.js';
import { Api, Conversation } from './conversation.js';
import { STYLE } from './style.js';
import { duration, Transcript } from './transcript.js';

const ICONS = {
  restart: 'M4 4v6h6M4.5 10a8 8 0 1 1-.5 4',
  download: 'M12 4v11m-5-5 5 5 5-5M5 20h14',
  hide: 'M5 9l7 7 7-7',
  close: 'M6 6l12 12M18 6L6 18',
  send: 'M12 19V5m-6 6 6-6 6 6',
  stop: 'M7 7h10v10H7z',
};
const ACTIVITY = ['click', 'input', 'keydown', 'pointermove', 'touchmove', 'wheel'];
const SMALL = '(max-width: 480px), (max-height: 480px)';
const LAST_CALL = 5;

export class Panel {
  #config = {};
  #at = {};
  #labels = [];
  #quiet = 0;

  constructor(host, root, launcher, session) {
    const shadow = root.getRootNode();
    Object.assign(this, { host, launcher, session, shadow });
    adopt(shadow, STYLE);
    this.#build(root);
    this.transcript = new Transcript(this.#at.list, this.#at.log, this.#at.live);
    this.conversation = new Conversation(new Api(host.apiUrl, Math.abs(host.getAttribute('timeout')) || 60), session, this.transcript, (name, detail) => {
      this.#refresh();
      host.emit(name, detail);
    });
    this.#refresh();
  }

  open() {
    if (this.host.isOpen) return this.ready;
    const { activeElement } = document;
    this.opener = [this.host, document.body].includes(activeElement) ? this.launcher : activeElement;
    this.#at.panel.inert = false;
    this.host.expanded(true);
    this.host.badge(null);
    this.#focus();
    this.ready ??= this.#prepare();
    this.session.start();
    this.#watch();
    this.host.emit('open');
    return this.ready;
  }

  minimize() {
    this.#hide();
    if (this.transcript.messages.length) this.host.badge('');
    else this.watch.abort();
    this.host.emit('minimize');
  }

  close(reason) {
    this.#hide();
    this.watch?.abort();
    this.clear();
    this.host.badge(null);
    if (reason === 'countdown') this.transcript.note('closed');
    this.host.emit('close', { reason });
  }

  clear() {
    this.conversation.end();
    this.#refresh();
    if (this.host.isOpen) this.#focus();
  }

  async ask(question) {
    await this.ready;
    await this.conversation.ask(question);
  }

  async translate() {
    const { host } = this;
    const { log, input, demo, suggestions } = this.#at;
    const { language } = host;
    const { default: all } = await import(`./texts/${language}.js`);
    const { name = all.name, greeting, suggestedQuestions = [], language: main } = this.#config;
    const ours = main?.startsWith(language);
    const texts = { ...all, name, greeting: ours ? greeting : all.greeting };
    for (const key in all) texts[key] = host.getAttribute(`text-${key}`) ?? texts[key];
    this.transcript.texts = Object.assign(texts, host.texts, { language });
    for (const label of this.#labels) label(texts);
    demo.title = texts.demoHint;
    log.ariaLabel = texts.conversation;
    input.placeholder = input.ariaLabel = texts.placeholder;
    const suggested = host.getAttribute('suggested-questions')?.split('|') ?? (ours ? suggestedQuestions : []);
    suggestions.replaceChildren(...suggested.filter(Boolean).map((question) => el('button', { part: 'pill', onclick: () => this.#suggest(question) }, question)));
  }

  #build(root) {
    const at = this.#at;
    const div = (part, attributes, ...children) => (at[part] = el('div', { part, ...attributes }, ...children));
    const text = (part, tag = 'p') => {
      const node = el(tag, { part, id: part });
      this.#labels.push((texts) => (node.textContent = texts[part]));
      return node;
    };
    const button = (name, onclick) => {
      const node = (at[name] = el('button', { part: `tool ${name}`, onclick }, icon(ICONS[name])));
      this.#labels.push((texts) => (node.title = node.ariaLabel = texts[name]));
      return node;
    };
    at.list = el('ol', { role: 'list' });
    at.demo = text('demo');
    at.demo.hidden = true;
    at.closing = el('span');
    at.input = el('textarea', { part: 'input', rows: 1, dir: 'auto', enterkeyhint: 'send', oninput: () => this.#grow() });
    div(
      'panel',
      { id: 'panel', role: 'dialog', 'aria-labelledby': 'name', tabindex: -1, inert: '' },
      div(
        'header',
        {},
        text('name'),
        at.demo,
        button('restart', () => this.clear()),
        button('download', () => this.transcript.download()),
        button('hide', () => this.minimize()),
        button('close', () => this.close('user')),
      ),
      div('log', { role: 'region', tabindex: 0 }, text('greeting'), div('suggestions'), at.list),
      div('countdown', { hidden: '' }, at.closing, text('stay', 'button')),
      div('failure', { role: 'alert' }),
      div('composer', {}, at.input, button('send', () => this.#send()), button('stop', () => this.conversation.stop())),
      text('notice'),
    );
    root.append(at.panel, div('live', { 'aria-live': 'polite' }));
    root.addEventListener('keydown', (event) => this.#key(event));
    this.launcher.setAttribute('aria-controls', 'panel');
  }

  async #prepare() {
    try {
      await this.translate();
      [this.#config] = await Promise.all([this.conversation.api.config(), this.conversation.restore()]);
      this.#at.demo.hidden = !this.#config.demo;
      await import('./voice/buttons.js').then(({ offer }) => offer(this, this.#at, this.#config, this.#labels), () => {});
      await this.translate();
    } catch (error) {
      this.conversation.report(error, this.transcript.turn(), () => this.#reload());
    }
    this.#refresh();
  }

  #reload() {
    this.transcript.clear();
    this.#focus();
    this.ready = this.#prepare();
  }

  #watch() {
    this.watch?.abort();
    this.watch = new AbortController();
    const { signal } = this.watch;
    const active = () => this.#active();
    for (const type of ACTIVITY) document.addEventListener(type, active, { signal, capture: true, passive: true });
    for (const type of ['resize', 'scroll']) visualViewport.addEventListener(type, () => this.#fit(), { signal });
    addEventListener('pageshow', ({ persisted }) => persisted && this.#reload(), { signal });
    const timer = setInterval(() => this.#second(), 1000);
    signal.onabort = () => {
      clearInterval(timer);
      active();
    };
    active();
    this.#fit();
  }

  #active() {
    this.#quiet = 0;
    if (!this.#at.countdown.hidden && !this.host.isOpen) this.host.badge('');
    this.#at.countdown.hidden = true;
  }

  #second() {
    if (document.hidden || this.conversation.busy) return;
    const setting = (name, otherwise) => Number(this.host.getAttribute(name) ?? otherwise ?? 0);
    const idle = setting('auto-close', this.#config.autoCloseSeconds);
    const seconds = setting('countdown', this.#config.countdownSeconds);
    const left = idle + seconds - ++this.#quiet;
    if (!idle || left > seconds) return;
    if (left > 0) this.#count(left, left === seconds || left === LAST_CALL);
    else this.close('countdown');
  }

  #count(left, aloud) {
    const { closing, language } = this.transcript.texts;
    this.#at.closing.textContent = closing.replace('{time}', duration(left, language));
    this.#at.countdown.hidden = false;
    if (!this.host.isOpen) this.host.badge(left);
    if (aloud) this.transcript.announce(this.#at.closing.textContent);
  }

  #hide() {
    const within = this.#at.panel.contains(this.shadow.activeElement);
    this.#at.panel.inert = true;
    this.host.expanded(false);
    if (within) (this.opener.isConnected ? this.opener : this.launcher).focus();
  }

  // On touch screens the input would raise the keyboard.
  #focus() {
    (matchMedia('(pointer: coarse)').matches ? this.#at.panel : this.#at.input).focus();
  }

  #suggest(question) {
    this.#focus();
    this.ask(question);
  }

  #send() {
    const { maxQuestionLength: most } = this.#config;
    const question = this.#at.input.value.trim();
    const long = [...question].length > most;
    this.#at.input.ariaInvalid = long;
    this.#at.failure.textContent = long ? this.transcript.texts.tooLong.replace('{count}', most) : '';
    if (!question || long || this.conversation.busy) return;
    this.#at.input.value = '';
    this.#grow();
    this.ask(question);
  }

  #grow() {
    const { input } = this.#at;
    input.style.height = 'auto';
    input.style.height = `${input.scrollHeight}px`;
  }

  #key(event) {
    const { key, target, shiftKey, isComposing, keyCode } = event;
    if (!this.host.isOpen || isComposing || keyCode === 229) return;
    if (key === 'Escape') this.conversation.busy ? this.conversation.stop() : this.close('escape');
    else if (key === 'Enter' && !shiftKey && target === this.#at.input) this.#send();
    else if (key !== 'Tab' || !matchMedia(SMALL).matches || !this.#wrap(shiftKey)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  // On small screens the panel covers the page.
  #wrap(back) {
    const stops = [...this.#at.panel.querySelectorAll('button, a, textarea, [tabindex="0"]')].filter((stop) => stop.checkVisibility());
    const ends = [stops[0], stops.at(-1)];
    if (back) ends.reverse();
    if (this.shadow.activeElement !== ends[1]) return false;
    ends[0].focus();
    return true;
  }

  // On iOS the on-screen keyboard changes only this.
  #fit() {
    this.#at.panel.style.setProperty('--height', `${visualViewport.height}px`);
    this.#at.panel.style.setProperty('--top', `${visualViewport.offsetTop}px`);
    this.#at.panel.ariaModal = matchMedia(SMALL).matches;
  }

  #refresh() {
    const [shown, gone] = this.conversation.busy ? [this.#at.stop, this.#at.send] : [this.#at.send, this.#at.stop];
    const focused = this.shadow.activeElement === gone;
    shown.hidden = false;
    gone.hidden = true;
    if (focused) shown.focus();
    this.#at.suggestions.hidden = this.transcript.messages.length > 0;
    this.#at.restart.hidden = this.#at.download.hidden = !this.#at.suggestions.hidden;
  }
}
