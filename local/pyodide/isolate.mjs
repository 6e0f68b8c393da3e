// The Worker's isolate: Pyodide with the vendored packages and the project's modules, started like the runtime.
import path from "node:path";
import { loadPyodide } from "pyodide";

// Headers that the Workers runtime's fetch accepts or sets itself and Node's rejects.
const SET_BY_NODE = ["connection", "content-length", "host"];

export class Isolate {
  #left = new Map();
  #python;
  #default;
  #env;

  constructor(env, budget) {
    this.#env = env;
    this.budget = budget;
  }

  // Throws a PythonError if the Worker's top-level code fails. `folders` is its import path, before `modules`.
  async start({ entry, folders, modules, cache }) {
    const python = await loadPyodide({ stdout: console.error, stderr: console.error });
    this.#mount(python, path.join(import.meta.dirname, "runtime"), "/session/runtime");
    const mounted = folders.map((folder, index) => this.#mount(python, folder, `/session/worker/${index}`));
    this.#mount(python, modules, "/session/python_modules");
    this.#cacheBytecode(python, cache);
    this.#registerModules(python);
    python.runPython('import sys; sys.path.insert(0, "/session/runtime")');
    this.#python = python.pyimport("isolate");
    this.budget.guard((errno) => new python.FS.ErrnoError(errno));
    this.#default = this.#python.start(entry, mounted, "/session/python_modules");
    this.#python.open_for_requests();
  }

  #mount(python, folder, place) {
    python.FS.mkdirTree(place);
    python.mountNodeFS(place, folder);
    return place;
  }

  // Compiling the packages takes longer than the rest of a start.
  #cacheBytecode(python, cache) {
    if (!cache) return python.runPython("import sys; sys.dont_write_bytecode = True");
    this.#mount(python, cache, "/session/cache");
    python.runPython('import sys; sys.pycache_prefix = "/session/cache"');
  }

  #registerModules(python) {
    const waitUntil = (work) => this.#python.wait_until(work);
    const workers = { env: this.#env, waitUntil };
    const known = { "cloudflare:workers": workers, "cloudflare:sockets": {} };
    python.registerJsModule("_entropy_budget", { budget: this.budget });
    python.registerJsModule("_cloudflare_compat_flags", { python_request_headers_preserve_commas: true });
    python.registerJsModule("_pyodide_entrypoint_helper", {
      cloudflareWorkersModule: workers,
      cloudflareSocketsModule: known["cloudflare:sockets"],
      doAnImport: async (name) => known[name] ?? Promise.reject(new Error(`No such module: ${name}`)),
      // The context in `fetch` keeps Python's objects alive itself.
      patchWaitUntil: () => undefined,
    });
  }

  async fetch(request, number) {
    const ctx = { waitUntil: (work) => this.#python.wait_until(work), passThroughOnException: () => undefined };
    return await this.#python.fetch(this.#default, ctx, this.#env, request, number);
  }

  // Called when the visitor of request `number` left before reading the whole response.
  abandon(number) {
    this.#leaving(number).resolve(this.#python.abandon(number));
  }

  // Resolves once the visitor of request `number` has left, with the number of tasks cancelled.
  abandoned(number) {
    return this.#leaving(number).promise;
  }

  #leaving(number) {
    if (!this.#left.has(number)) this.#left.set(number, Promise.withResolvers());
    return this.#left.get(number);
  }

  backgroundFailures() {
    return JSON.parse(this.#python.background_failures());
  }
}

// What Node's JavaScript lacks: base64 (measured in workerd 1.20261117: there), and a fetch that takes all headers.
export function actLikeWorkers() {
  Uint8Array.prototype.toBase64 ??= function () {
    return Buffer.from(this.buffer, this.byteOffset, this.byteLength).toString("base64");
  };
  const fetch = globalThis.fetch;
  globalThis.fetch = (input, init) => {
    if (!init?.headers) return fetch(input, init);
    const headers = new Headers(init.headers);
    for (const name of SET_BY_NODE) headers.delete(name);
    return fetch(input, { ...init, headers });
  };
}
