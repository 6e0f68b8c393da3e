// The Worker's isolate: Pyodide with the vendored packages and the project's modules, started as the runtime does.
import { loadPyodide } from "pyodide";

// Headers that the Workers runtime's fetch takes or sets itself and Node's refuses.
const SET_BY_NODE = ["connection", "content-length", "host"];

export class Isolate {
  pending = new Set();
  failed = [];
  #python;
  #default;
  #env;

  constructor(env, budget) {
    this.#env = env;
    this.budget = budget;
  }

  // Throws a PythonError where the Worker's top-level code fails.
  async start({ entry, folders, modules, contracts, cache }) {
    const python = await loadPyodide({ stdout: console.error, stderr: console.error });
    const mounted = folders.map((folder, number) => this.#mount(python, folder, `/session/${number}`));
    const runtime = this.#mount(python, new URL("runtime", import.meta.url).pathname, "/session/runtime");
    this.#mount(python, modules, "/session/python_modules");
    this.#mount(python, contracts, "/session/checks/tests/contracts");
    this.#mount(python, cache, "/session/cache");
    this.#registerModules(python);
    python.runPython(`import sys; sys.pycache_prefix = "/session/cache"; sys.path.insert(0, "${runtime}")`);
    this.#python = python.pyimport("isolate");
    this.budget.guard((errno) => new python.FS.ErrnoError(errno));
    this.#default = this.#python.start(entry, python.toPy(mounted), "/session/python_modules");
    this.#python.open_for_requests();
  }

  #mount(python, folder, path) {
    python.FS.mkdirTree(path);
    python.mountNodeFS(path, folder);
    return path;
  }

  #registerModules(python) {
    const waitUntil = (work) => this.#waitUntil(work);
    const workers = { env: this.#env, waitUntil };
    const known = { "cloudflare:workers": workers, "cloudflare:sockets": {} };
    python.registerJsModule("_bench_entropy", { budget: this.budget });
    python.registerJsModule("_cloudflare_compat_flags", { python_request_headers_preserve_commas: true });
    python.registerJsModule("_pyodide_entrypoint_helper", {
      cloudflareWorkersModule: workers,
      cloudflareSocketsModule: known["cloudflare:sockets"],
      doAnImport: async (name) => known[name] ?? Promise.reject(new Error(`No such module: ${name}`)),
      // The context below keeps Python's objects alive by itself.
      patchWaitUntil: () => undefined,
    });
  }

  // Python lends its objects for the time of the call: what is awaited later needs a copy.
  #waitUntil(lent) {
    const work = typeof lent?.copy === "function" ? lent.copy() : lent;
    const done = Promise.resolve(work)
      .catch((error) => this.failed.push(String(error)))
      .finally(() => {
        this.pending.delete(done);
        work?.destroy?.();
      });
    this.pending.add(done);
  }

  async fetch(request) {
    const ctx = { waitUntil: (work) => this.#waitUntil(work), passThroughOnException: () => undefined };
    return await this.#python.fetch(this.#default, ctx, this.#env, request);
  }

  async runCheck(suite, name) {
    return await this.#python.run_check(suite, name);
  }
}

export function takeHeadersOfWorkers() {
  const fetch = globalThis.fetch;
  globalThis.fetch = (input, init) => {
    if (!init?.headers) return fetch(input, init);
    const headers = new Headers(init.headers);
    for (const name of SET_BY_NODE) headers.delete(name);
    return fetch(input, { ...init, headers });
  };
}
