// miniflare's KV binding behind plain functions, because miniflare's proxies cannot handle Python's as arguments. Calls
// can be counted, awaited and made to fail.
import { Miniflare } from "miniflare";

// A Worker that only holds the binding.
const holder = (name) => ({
  name: "holder",
  compatibilityDate: "2026-09-08",
  manifest: {
    mainModule: "holder.mjs",
    modulesRoot: import.meta.dirname,
    modules: { "holder.mjs": { type: "esm", contents: "export default { fetch: () => new Response() }" } },
  },
  env: { [name]: { type: "kv", id: name } },
});

// The Workers SDK recognizes a binding by the name of its class.
class KvNamespace {
  #call;

  constructor(call) {
    this.#call = call;
  }

  get(...args) {
    return this.#call("get", args);
  }

  getWithMetadata(...args) {
    return this.#call("getWithMetadata", args);
  }

  put(...args) {
    return this.#call("put", args);
  }

  delete(...args) {
    return this.#call("delete", args);
  }

  list(...args) {
    return this.#call("list", args);
  }
}

const plain = (value) => {
  if (Array.isArray(value)) return Array.from(value, plain);
  const isObject = value !== null && typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype;
  return isObject ? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)])) : value;
};

export class CountedKv {
  counts = {};
  binding;
  #namespace;
  #failures = [];
  #waiting = [];

  static async start(name) {
    const miniflare = new Miniflare({ workers: [{ config: holder(name) }], telemetry: { enabled: false } });
    const kv = new CountedKv();
    kv.#namespace = await miniflare.getKVNamespace(name);
    kv.binding = new KvNamespace((operation, args) => kv.#called(operation, args));
    kv.stop = () => miniflare.dispose();
    return kv;
  }

  async #called(operation, args) {
    const failure = this.#failures.findIndex((planned) => planned.operation === operation);
    if (failure >= 0) throw new Error(this.#failures.splice(failure, 1)[0].message);
    try {
      return await this.#namespace[operation](...args.map(plain));
    } finally {
      this.counts[operation] = (this.counts[operation] ?? 0) + 1;
      this.#waiting = this.#waiting.filter((waiter) => !waiter(this.counts));
    }
  }

  // Operations for tests, which are not counted.
  operations = {
    counts: () => this.counts,
    awaitCount: ({ operation, count }) =>
      new Promise((resolve) => {
        const isReached = (counts) => (counts[operation] ?? 0) >= count && (resolve(true), true);
        if (!isReached(this.counts)) this.#waiting.push(isReached);
      }),
    failNext: ({ operation, message }) => this.#failures.push({ operation, message }),
    reset: async () => {
      this.counts = {};
      this.#failures = [];
      for (const { name } of await this.#keys()) await this.#namespace.delete(name);
    },
    keys: () => this.#keys(),
    get: ({ key }) => this.#namespace.get(key),
    put: ({ key, value, options }) => this.#namespace.put(key, value, options ?? {}),
  };

  async #keys() {
    const found = [];
    for (let cursor; ; ) {
      const page = await this.#namespace.list({ cursor });
      found.push(...page.keys);
      if (page.list_complete) return found;
      cursor = page.cursor;
    }
  }
}
