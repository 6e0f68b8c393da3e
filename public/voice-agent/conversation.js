import { newId } from './session.js';

const ATTEMPTS = 4;
const SENTENCES = {
  responder_timeout: 'timeout',
  rate_limited: 'rateLimited',
  responder_busy: 'busy',
  storage_unavailable: 'busy',
  configuration_error: 'misconfigured',
  not_found: 'misconfigured',
  turn_in_progress: 'working',
  session_budget_spent: 'spent',
};
const OURS = ['offline', 'unreachable', 'lost', 'timeout'];

export class ApiError extends Error {
  constructor(code, status = 0, retryAfter = null) {
    super(code);
    Object.assign(this, { code, status, retryAfter });
    this.sentence = OURS.includes(code) ? code : (SENTENCES[code] ?? ([401, 403, 405].includes(status) ? 'misconfigured' : 'serverError'));
  }
}

export class Api {
  constructor(base, seconds) {
    Object.assign(this, { base, seconds });
  }

  config() {
    return this.call('/config', {}, json);
  }

  history(id) {
    return this.call('/session', { headers: { 'X-Session-ID': id } }, json).catch((error) => {
      if (error.code === 'session_not_found' || error.code === 'session_closed') return null;
      throw error;
    });
  }

  end(id) {
    return this.call('/session', { method: 'DELETE', headers: { 'X-Session-ID': id }, keepalive: true }, () => {}).catch(() => {});
  }

  ask(body, signal, onText) {
    const headers = { 'Content-Type': 'application/json', Accept: 'text/event-stream' };
    return this.call('/chat', { method: 'POST', headers, body: JSON.stringify(body) }, (response) => answer(response, onText), signal);
  }

  async call(path, request, read, ...stop) {
    const signal = AbortSignal.any([AbortSignal.timeout(this.seconds * 1000), ...stop]);
    let code = 'unreachable';
    try {
      const response = await fetch(this.base + path, { ...request, signal, credentials: 'omit' });
      code = 'lost';
      if (!response.ok) throw await refusal(response);
      return await read(response);
    } catch (error) {
      if (error instanceof ApiError || stop[0]?.aborted) throw error;
      throw new ApiError(signal.aborted ? 'timeout' : navigator.onLine ? code : 'offline');
    }
  }
}

const is = (response, type) => response.headers.get('Content-Type')?.includes(type);

function json(response) {
  if (is(response, 'json')) return response.json();
  throw new ApiError('not_found', response.status);
}

async function answer(response, onText) {
  if (!is(response, 'event-stream')) return json(response);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = ''; ; ) {
    const { value, done } = await reader.read();
    if (done) throw new ApiError('lost');
    const blocks = (text + value).split(/\r?\n\r?\n/);
    text = blocks.pop();
    for (const [event, data] of blocks.map(parse)) {
      if (event === 'delta') onText(data.text);
      else if (event === 'error') throw new ApiError(data.code, 502);
      else if (event === 'done') return data;
    }
  }
}

function parse(block) {
  const field = (name) => Array.from(block.matchAll(RegExp(`^${name}: ?(.*)`, 'gm')), (match) => match[1]).join('\n');
  return [field('event'), JSON.parse(field('data') || null)];
}

async function refusal(response) {
  const { status, headers } = response;
  const { code = status === 429 ? 'rate_limited' : status < 500 ? 'not_found' : 'server_error' } = await response.json().catch(() => ({}));
  const after = headers.get('Retry-After');
  return new ApiError(code, status, Math.max(0, Math.ceil(+after || (Date.parse(after) - Date.now()) / 1000)) || null);
}

export class Conversation {
  state = 'idle';
  #stop;
  #turn;

  constructor(api, session, view, emit) {
    Object.assign(this, { api, session, view, emit });
  }

  get busy() {
    return this.state !== 'idle' && this.state !== 'error';
  }

  get running() {
    return !!this.#turn;
  }

  async restore() {
    const { session, view } = this;
    if (session.turns === undefined) return;
    const stored = await this.api.history(session.id);
    stored?.messages.forEach(({ role, content, timestamp }) => view.add(role, content, new Date(timestamp)));
    if (stored) session.turns = stored.turn;
    else if (session.turns) this.#renew();
  }

  async ask(question, times = { since: performance.now() }) {
    this.session.start();
    const { id } = this.session;
    while (this.#turn) await this.#turn;
    if (this.session.id !== id) return;
    this.session.turns ??= 0;
    const view = this.view.turn(question);
    this.emit('message', { role: 'user', content: question });
    await this.#run({ question, id: newId(), view, due: 0 }, times);
  }

  stop() {
    this.voice?.stop();
    this.cancel();
  }

  cancel() {
    this.#stop?.abort('stop');
  }

  end() {
    this.voice?.end();
    this.#stop?.abort('end');
    const { id } = this.session;
    this.session.forget();
    if (id) this.api.end(id);
    this.view.clear();
    this.become('idle');
  }

  report(error, view, retry) {
    view.failed(error.sentence, retry);
    this.become('error');
    this.#tell(error, false);
  }

  // Once for each turn.
  measured() {
    const { since, ...times } = this.times ?? {};
    this.times = null;
    if (since) this.emit('metrics', { transcript: null, firstText: null, firstAudio: null, ...times });
  }

  mark(name, at = performance.now()) {
    if (this.times) this.times[name] ??= Math.round(at - this.times.since);
  }

  #run(turn, times = { since: performance.now() }) {
    this.measured();
    this.times = times;
    this.#stop = new AbortController();
    this.#turn = this.#settle(turn, this.#stop.signal).finally(() => {
      this.#turn = null;
      if (this.voice) this.voice.quiet();
      else this.measured();
    });
    return this.#turn;
  }

  async #settle(turn, signal) {
    try {
      this.#answered(turn, await this.#persist(turn, signal));
    } catch (error) {
      if (!signal.aborted) return this.report(error, turn.view, () => this.#turn || this.#run(turn));
      if (signal.reason === 'end') return;
      turn.view.stopped();
    }
    this.become('idle');
  }

  async #persist(turn, signal) {
    for (let attempt = 1; ; attempt += 1) {
      this.become('thinking');
      try {
        await this.#wait(turn, signal);
        return await this.#attempt(turn, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (error.code === 'session_closed' && attempt === 1) {
          this.#renew(turn.view.item);
          continue;
        }
        // Unasked only where the server says that it did not answer.
        const again = error.status === 409 || (attempt < ATTEMPTS && [429, 503].includes(error.status));
        const seconds = error.retryAfter ?? (again ? 2 ** attempt * (0.5 + Math.random()) : 0);
        Object.assign(turn, { error, due: Date.now() + seconds * 1000 });
        if (!again && error.code !== 'offline') throw error;
        this.#tell(error, true);
      }
    }
  }

  async #wait({ error, due, view }, signal) {
    const left = () => Math.ceil((due - Date.now()) / 1000);
    for (const all = left(); left() > 0; await heard(signal, (done) => setTimeout(done, 1000))) view.waiting(error.sentence, left(), all);
    if (navigator.onLine) return;
    view.waiting('offline');
    await heard(signal, (done) => addEventListener('online', done, { once: true, signal }));
  }

  // The server answers a turn once, however often its id is sent.
  #attempt({ question, id: turnId, view }, signal) {
    const { id: sessionId, turns } = this.session;
    const answer = this.api.ask({ question, sessionId, turnId, turns }, signal, (piece) => {
      this.mark('firstText');
      this.become('answering');
      this.voice?.hear(piece);
      view.text(piece);
    });
    view.thinking();
    return answer;
  }

  #answered({ view }, { response, turn, saved, context }) {
    if (context === 'lost') this.view.note('expired', view.item);
    if (context === 'stale') this.view.note('stale', view.item);
    this.session.turns = turn;
    view.done(response);
    if (!saved) this.view.note('unsaved');
    this.emit('message', { role: 'assistant', content: response, turn });
  }

  #renew(item) {
    this.session.forget();
    this.session.start();
    this.session.turns = 0;
    this.view.note('expired', item);
  }

  #tell({ code, status, retryAfter, sentence }, retrying) {
    this.emit('error', { code, status, retryAfter, retrying, message: this.view.texts[sentence] });
  }

  become(wanted) {
    const state = this.voice?.follow(wanted) ?? wanted;
    if (state === this.state) return;
    this.state = state;
    this.emit('state', { state });
  }
}

const heard = (signal, listen) =>
  new Promise((resolve, reject) => {
    listen(resolve);
    signal.addEventListener('abort', () => reject(signal.reason));
  });
