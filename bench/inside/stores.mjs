// KV and D1 in a thread of their own, as they are elsewhere on Cloudflare: what they do does not count as the Worker's.
import { Worker } from "node:worker_threads";
import { D1Database } from "../../local/pyodide/d1.mjs";

// The Workers SDK recognizes a binding by the name of its class.
class KvNamespace {
  constructor(call) {
    this.get = (key) => call("get", key);
    this.put = (key, value) => call("put", key, value);
    this.delete = (key) => call("delete", key);
  }
}

// `schema` is the SQL that makes D1's tables.
export function bindings(schema) {
  const thread = new Worker(new URL("store_thread.mjs", import.meta.url), { workerData: schema });
  const waiting = [];
  thread.on("message", ({ result, error }) => {
    const { resolve, reject } = waiting.shift();
    if (error === undefined) resolve(result);
    else reject(new Error(error));
  });
  const call = (...request) => {
    thread.postMessage(request);
    return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
  };
  return { VOICE_SESSIONS: new KvNamespace(call), VOICE_DB: new D1Database(call) };
}
