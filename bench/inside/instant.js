// OpenAI and KV in this process and without delay, so that only the Worker's own work is measured. Evaluates to the
// controls that scene.py uses.
(() => {
  const frame = { id: "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT", created: 1741569952, model: "gpt-6-luna" };
  const usage = {
    prompt_tokens: 1219,
    completion_tokens: 46,
    total_tokens: 1265,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
  };
  const tail = { service_tier: "default", system_fingerprint: "fp_b8bc95a0ac" };
  const completion = (content) => {
    const message = { role: "assistant", content, refusal: null, annotations: [] };
    const choice = { index: 0, message, logprobs: null, finish_reason: "stop" };
    return { ...frame, object: "chat.completion", choices: [choice], usage, ...tail };
  };
  const chunk = (choices, usage = null) =>
    `data: ${JSON.stringify({ ...frame, object: "chat.completion.chunk", ...tail, choices, usage })}\n\n`;
  const delta = (delta, finish_reason = null) => chunk([{ index: 0, delta, logprobs: null, finish_reason }]);
  const events = (pieces) => [
    delta({ role: "assistant", content: "", refusal: null }),
    ...pieces.map((content) => delta({ content })),
    delta({}, "stop"),
    chunk([], usage),
    "data: [DONE]\n\n",
  ];

  // Log lines would go into a pipe, and waking its reader costs more than writing them.
  const { log } = console;
  console.log = (line) => /"level": ?"info"/.test(line) || log(line);

  const encoder = new TextEncoder();
  const upstream = { whole: "", events: [], delay: 0, turns: 0, written: [], sent: "" };
  const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  // One event for each read, with `delay` milliseconds or `turns` iterations of the event loop between two of them.
  const stream = ({ events, delay, turns }) => {
    let next = 0;
    const written = (upstream.written = []);
    return new ReadableStream({
      async pull(controller) {
        if (next === events.length) return controller.close();
        if (delay && next > 0) await sleep(delay);
        for (let left = turns; left > 0; left -= 1) await turn();
        written.push(performance.now());
        controller.enqueue(events[next++]);
      },
    });
  };
  const answer = (body, type) => new Response(body, { headers: { "content-type": type, "x-request-id": "req_1" } });
  globalThis.fetch = async (input, init) => {
    const body = init?.body ?? (await input.text());
    upstream.sent = typeof body === "string" ? body : new TextDecoder().decode(body);
    return JSON.parse(upstream.sent).stream === true
      ? answer(stream(upstream), "text/event-stream; charset=utf-8")
      : answer(upstream.whole, "application/json");
  };

  // The Workers SDK knows a binding by the name of its class.
  class KvNamespace {
    values = new Map();
    counts = { get: 0, put: 0, delete: 0, list: 0 };
    async get(key) {
      this.counts.get += 1;
      return this.values.get(key) ?? null;
    }
    async put(key, value) {
      this.counts.put += 1;
      this.values.set(key, value);
    }
    async delete(key) {
      this.counts.delete += 1;
      this.values.delete(key);
    }
    async list() {
      this.counts.list += 1;
      return { keys: [], list_complete: true };
    }
  }
  const kv = new KvNamespace();

  return {
    bindings: (vars) => ({ ...vars, VOICE_SESSIONS: kv }),
    context: { waitUntil: () => undefined, passThroughOnException: () => undefined },
    counts: () => kv.counts,
    // The handler of a Worker in JavaScript, with `vars` and the same KV.
    handlerOf: async (module, vars) => {
      const { default: worker } = await import(module);
      const env = { ...vars, VOICE_SESSIONS: kv };
      return (request) => worker.fetch(request, env);
    },
    // Sends `times` requests in a row and reads each response to its end. Returns the last response's body, and the
    // time at which each of its chunks arrived.
    visit: async (handler, url, init, times) => {
      let arrived = [];
      for (let left = times; left > 0; left -= 1) {
        const response = await handler(new Request(url, init));
        if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
        const reader = response.body.getReader();
        arrived = [];
        for (let chunk; !(chunk = await reader.read()).done; ) arrived.push([performance.now(), chunk.value]);
      }
      const decoder = new TextDecoder();
      return arrived.map(([time, bytes]) => [time, decoder.decode(bytes)]);
    },
    // `whole` is the text of a JSON answer, `pieces` those of a stream.
    answerWith: (whole, pieces, delay, turns) => {
      upstream.whole = JSON.stringify(completion(whole));
      upstream.events = events(pieces).map((event) => encoder.encode(event));
      upstream.delay = delay;
      upstream.turns = turns;
    },
    sent: () => upstream.sent,
    // The times at which the events of the last stream were sent; the first event has no text.
    written: () => upstream.written,
    now: () => performance.now(),
    // Of this thread only, without the compiler's and the garbage collector's threads.
    cpu: () => {
      const { user, system } = process.threadCpuUsage();
      return (user + system) / 1000;
    },
  };
})();
