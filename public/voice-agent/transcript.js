import { el, icon } from '../voice-agent.js';

const COPY = 'M8 8h11v12H8zM5 16V4h10';
const CHECK = 'M5 12.5l4.5 4.5L19 7.5';
const LINK = /\[([^\]\n]{1,200})\]\((https?:\/\/[^\s()<>]{1,2000})\)|https?:\/\/[^\s<>"]{1,2000}/gi;
const TAIL = /[.,;:!?'"*_\]»”’。，、؟،)]+$/;

export function linked(text) {
  const nodes = [];
  let last = 0;
  for (const { 0: whole, 1: label, 2: target, index } of text.matchAll(LINK)) {
    const shown = label ? whole : whole.replace(TAIL, '');
    const url = URL.parse(target ?? shown);
    if (!url) continue;
    // A label must not look like another address.
    const name = !label || /:\/\/|^www\./.test(label) ? url.href : label;
    const away = url.origin === location.origin ? {} : { target: '_blank', rel: 'noopener' };
    nodes.push(text.slice(last, index), el('a', { href: url.href, part: 'link', ...away }, name));
    last = index + shown.length;
  }
  return [...nodes, text.slice(last)];
}

export class Sentences {
  rest = '';

  constructor(language) {
    this.segmenter = new Intl.Segmenter(language, { granularity: 'sentence' });
  }

  push(piece) {
    const all = Array.from(this.segmenter.segment(this.rest + piece), ({ segment }) => segment);
    this.rest = all.pop();
    return all;
  }
}

export function duration(seconds, language) {
  const [unit, value] = seconds < 90 ? ['second', seconds] : ['minute', Math.ceil(seconds / 60)];
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(value);
}

export class Transcript {
  messages = [];
  texts = {};

  constructor(list, log, live) {
    Object.assign(this, { list, log, live });
  }

  clear() {
    this.messages = [];
    this.list.replaceChildren();
    this.live.replaceChildren();
  }

  announce(text) {
    this.live.append(el('p', {}, text));
  }

  add(role, content, at) {
    this.finish(this.bubble(role), role, content, at);
  }

  note(name, before) {
    this.append('note', before, this.texts[name]);
    this.announce(this.texts[name]);
  }

  turn(question) {
    this.list.querySelectorAll('.failure button').forEach((retry) => retry.remove());
    this.live.replaceChildren();
    if (question) this.add('user', question);
    return new Turn(this, this.list.lastChild);
  }

  bubble(role) {
    const bubble = el('div', { part: 'bubble', dir: 'auto' });
    this.append(`message ${role}`, null, el('span', { part: 'sr' }, `${this.texts[role === 'user' ? 'you' : 'name']}: `), bubble);
    return bubble;
  }

  finish(bubble, role, content, at = new Date()) {
    this.messages.push({ role, content, at });
    this.follow(() => {
      bubble.replaceChildren(...(role === 'user' ? [content] : linked(content)));
      if (role !== 'user' && navigator.clipboard) bubble.after(this.copy(content));
    });
  }

  append(kind, before, ...children) {
    const item = el('li', { part: kind }, ...children);
    this.follow(() => this.list.insertBefore(item, before ?? null), kind === 'message user');
    return item;
  }

  follow(change, always) {
    const { scrollTop, scrollHeight, clientHeight } = this.log;
    change();
    if (always || scrollHeight - scrollTop - clientHeight < 48) this.log.scrollTop = this.log.scrollHeight;
  }

  copy(content) {
    const { copy, copied } = this.texts;
    const onclick = async () => {
      await navigator.clipboard.writeText(content);
      button.replaceChildren(icon(CHECK));
      this.announce(copied);
    };
    const button = el('button', { part: 'tool copy', 'aria-label': copy, title: copy, onclick }, icon(COPY));
    return button;
  }

  download() {
    const { you, name, language } = this.texts;
    const lines = this.messages.map(({ role, content, at }) => `${role === 'user' ? you : name} (${at.toLocaleString(language)}):\n${content}\n`);
    const href = URL.createObjectURL(new Blob([lines.join('\n')], { type: 'text/plain' }));
    el('a', { href, download: `conversation-${new Date().toISOString().slice(0, 10)}.txt` }).click();
    setTimeout(() => URL.revokeObjectURL(href), 1000);
  }
}

class Turn {
  constructor(transcript, item) {
    Object.assign(this, { transcript, item });
  }

  thinking() {
    this.bubble?.parentNode.remove();
    this.bubble = null;
    this.say('note thinking', this.transcript.texts.thinking);
  }

  text(piece) {
    const { transcript } = this;
    if (!this.bubble) {
      this.status?.remove();
      this.bubble = transcript.bubble('assistant');
      this.data = this.bubble.appendChild(new Text());
      this.sentences = new Sentences(transcript.texts.language);
    }
    transcript.follow(() => this.data.appendData(piece));
    this.sentences.push(piece).forEach((sentence) => transcript.announce(sentence));
  }

  done(content) {
    if (!this.bubble) this.text(content);
    this.transcript.announce(this.sentences.rest);
    this.transcript.finish(this.bubble, 'assistant', content);
  }

  stopped() {
    if (this.bubble) this.done(this.data.data);
    this.say('note', this.transcript.texts.stopped);
  }

  failed(name, onclick) {
    const { texts } = this.transcript;
    this.bubble?.classList.add('partial');
    const retry = el('button', { part: 'pill', onclick }, texts.retry);
    this.say('failure', el('span', { role: 'alert' }, texts[name]), retry);
  }

  waiting(name, left, all) {
    const { again, language, [name]: why } = this.transcript.texts;
    const line = (seconds) => (seconds ? `${why} ${again.replace('{time}', duration(seconds, language))}` : why);
    if (!left || left === all) this.say('failure', el('span', { part: 'sr', role: 'alert' }, line(all)), el('span', { 'aria-hidden': true }));
    this.status.lastChild.textContent = line(left);
  }

  say(kind, ...children) {
    this.status?.remove();
    this.status = this.transcript.append(kind, null, ...children);
  }
}
