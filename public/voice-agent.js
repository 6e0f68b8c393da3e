const PATH = '/api/voice-agent';
const SVG = 'http://www.w3.org/2000/svg';
// What is said before a file of texts/ is there.
const LANGUAGES = {
  en: ['Ask the voice agent', 'This could not be loaded. Check your connection and reload the page.'],
  de: ['Den Sprachassistenten fragen', 'Das ließ sich nicht laden. Prüfen Sie die Verbindung und laden Sie die Seite neu.'],
  ar: ['اسأل المساعد الصوتي', 'تعذّر التحميل. تحقق من الاتصال وأعد تحميل الصفحة.'],
};
const STYLE = `
:host { display: contents !important }
:host([hidden]), [hidden] { display: none !important }
.root {
  all: initial;
  color-scheme: light dark;
  --primary: var(--voice-agent-primary-color, light-dark(#3a4bc4, #aab6ff));
  --on-primary: var(--voice-agent-on-primary-color, oklch(from var(--primary) clamp(0, (.66 - l) * 1000, 1) 0 0));
  --bg: var(--voice-agent-background-color, light-dark(#fff, #191a1f));
  --fg: var(--voice-agent-text-color, light-dark(#1c1d22, #eeeff3));
  --size: var(--voice-agent-launcher-size, 56px);
  --x: max(var(--voice-agent-offset-x, 20px), env(safe-area-inset-right));
  --y: max(var(--voice-agent-offset-y, 20px), env(safe-area-inset-bottom));
  position: fixed;
  z-index: var(--voice-agent-z-index, 2147483000);
  inset: auto auto var(--y) auto;
  inset-inline-end: var(--x);
  font: var(--voice-agent-font-size, medium)/1.5 var(--voice-agent-font-family, system-ui, sans-serif);
  color: var(--fg);
}
:host([theme=light]) .root { color-scheme: light }
:host([theme=dark]) .root { color-scheme: dark }
:host([placement=bottom-start]) .root { inset-inline: var(--x) auto }
.root * { box-sizing: border-box }
svg { display: block; width: 1.25em; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round }
button { all: unset; cursor: pointer }
:focus-visible { outline: 2px solid var(--primary); outline-offset: 2px }
.launcher {
  position: relative; display: grid; place-items: center; width: var(--size); height: var(--size); border: 1px solid #0000;
  border-radius: 50%; background: var(--primary); color: var(--on-primary); box-shadow: 0 1px 2px #0003, 0 6px 20px #0003;
}
.launcher svg { width: 45% }
.launcher:hover { background: color-mix(in oklab, var(--primary) 88%, var(--fg)) }
[aria-expanded=true] svg:first-child, [aria-expanded=false] :nth-child(2) { display: none }
.badge { position: absolute; inset: 0 0 auto auto; min-width: 14px; min-height: 14px; padding: 0 4px; border: 2px solid var(--bg); border-radius: 9px; background: var(--fg); color: var(--bg); font-size: 12px; line-height: 1.4 }
.oops:not(:empty) { position: absolute; inset: auto 0 calc(100% + 12px) auto; width: 15em; padding: .75em 1em; border-radius: 12px; background: var(--fg); color: var(--bg) }
@media print { .root { display: none } }
`;

// `part` is the class too; strings become text, never markup.
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value);
  }
  if (attributes.part) node.className = attributes.part;
  node.append(...children);
  return node;
}

export function icon(path) {
  const svg = document.createElementNS(SVG, 'svg');
  const line = document.createElementNS(SVG, 'path');
  svg.setAttribute('viewBox', '0 0 24 24');
  line.setAttribute('d', path);
  svg.append(line);
  svg.ariaHidden = true;
  return svg;
}

// A strict Content-Security-Policy allows this, and no <style>.
export function adopt(root, css) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets.push(sheet);
}

/** The floating button; what it opens is loaded when it is wanted. See docs/widget.md. */
export class VoiceAgent extends HTMLElement {
  static observedAttributes = ['language', 'launcher-label'];

  #badge = el('span', { part: 'badge', hidden: '', 'aria-hidden': true });
  #launcher = el(
    'button',
    { part: 'launcher', 'aria-expanded': false, onclick: () => this.toggle() },
    icon('M4 10.5v3M8 7v10M12 3.5v17M16 7v10M20 10.5v3'),
    icon('M5 9l7 7 7-7'),
    this.#badge,
  );
  #oops = el('div', { part: 'oops', role: 'alert' });
  #root = el('div', { part: 'root', role: 'region' }, this.#launcher, this.#oops);
  #texts = {};
  #session;
  #loading;
  #panel;

  constructor() {
    super();
    const shadow = this.attachShadow({ mode: 'open' });
    adopt(shadow, STYLE);
    shadow.append(this.#root);
    for (const warm of ['pointerenter', 'focus']) this.#launcher.addEventListener(warm, () => this.#load());
  }

  connectedCallback() {
    this.#label();
    if (this.#kept) this.session.then(({ turns }) => this.badge(turns ? '' : null), () => {});
  }

  disconnectedCallback() {
    this.#panel?.minimize();
  }

  attributeChangedCallback() {
    this.#label();
  }

  get apiUrl() {
    const given = this.getAttribute('api-url');
    const { origin, pathname } = new URL(given ?? '/', given ? document.baseURI : import.meta.url);
    return origin + pathname.replace(/\/+$/, '').replace(PATH, '') + PATH;
  }

  get language() {
    const wanted = [this.getAttribute('language'), this.closest('[lang]')?.lang, ...navigator.languages];
    return wanted.map((tag) => tag?.split('-')[0].toLowerCase()).find((tag) => tag in LANGUAGES) ?? 'en';
  }

  get texts() {
    return this.#texts;
  }

  set texts(texts) {
    this.#texts = texts;
    this.#label();
  }

  get state() {
    return this.#panel?.conversation.state ?? 'idle';
  }

  get isOpen() {
    return this.#launcher.ariaExpanded === 'true';
  }

  get session() {
    this.#session ??= import('./voice-agent/session.js').then(({ Session }) => Session.resume(this.apiUrl));
    return this.#session;
  }

  async open() {
    const panel = await this.#load();
    this.#oops.textContent = panel ? '' : LANGUAGES[this.language][1];
    await panel?.open();
  }

  async close() {
    if (this.#kept) (await this.#load())?.close('method');
  }

  minimize() {
    this.#panel?.minimize();
  }

  async toggle() {
    await (this.isOpen ? this.minimize() : this.open());
  }

  async sendMessage(text) {
    await this.open();
    await this.#panel?.ask(text);
  }

  async clear() {
    if (this.#kept) (await this.#load())?.clear();
  }

  // '' is a dot, null is nothing.
  badge(text) {
    this.#badge.hidden = text === null;
    this.#badge.textContent = text;
  }

  expanded(open) {
    this.#launcher.ariaExpanded = open;
    this.#label();
  }

  emit(name, detail) {
    this.dispatchEvent(new CustomEvent(`voice-agent:${name}`, { bubbles: true, composed: true, detail }));
  }

  get #kept() {
    try {
      return this.#panel || sessionStorage.getItem(`voice-agent:${this.apiUrl}`);
    } catch {
      return null;
    }
  }

  async #load() {
    try {
      // Browsers do not try an import again.
      if (!navigator.onLine) return null;
      this.#loading ??= Promise.all([import('./voice-agent/panel.js'), this.session]);
      const [{ Panel }, session] = await this.#loading;
      return (this.#panel ??= new Panel(this, this.#root, this.#launcher, session));
    } catch {
      return null;
    }
  }

  #label() {
    const { language } = this;
    const label = this.getAttribute('launcher-label') ?? LANGUAGES[language][0];
    Object.assign(this.#root, { lang: language, dir: language === 'ar' ? 'rtl' : 'ltr', ariaLabel: label });
    this.#launcher.title = this.#launcher.ariaLabel = label;
    this.#panel?.translate();
  }
}

if (!customElements.get('voice-agent')) customElements.define('voice-agent', VoiceAgent);
