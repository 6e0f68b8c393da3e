// Serves a Python Worker from Pyodide under Node.js, with miniflare's KV and D1: for tests, not a runtime.
// Takes its options as JSON in the first argument (see worker.py), prints one line of JSON once it is ready or has
// failed, and logs to stderr. Exits when its stdin is closed.
import { Console } from "node:console";
import { Ai } from "./ai.mjs";
import { CountedD1 } from "./d1.mjs";
import { EntropyBudget } from "./entropy.mjs";
import { Isolate, actLikeWorkers } from "./isolate.mjs";
import { CountedKv } from "./kv.mjs";
import { controlHandler, listen, workerHandler } from "./serve.mjs";

const report = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const exit = (status) => process.exit(status);
const prefixed = (prefix, operations) =>
  Object.fromEntries(Object.entries(operations).map(([name, operation]) => [prefix + name, operation]));

globalThis.console = new Console(process.stderr);
// undici fails in this way, outside of any promise, if a server closes its connection while the response is read slowly.
process.on("uncaughtException", (error) => {
  console.error(error);
  if (!error.stack?.includes("internal/deps/undici")) exit(1);
});
process.stdin.resume().on("end", () => exit(0));
actLikeWorkers();

const options = JSON.parse(process.argv[2]);
const kv = await CountedKv.start("VOICE_SESSIONS");
const budget = new EntropyBudget();
const d1 = new CountedD1(options.database);
const bindings = {
  VOICE_SESSIONS: options.kv && kv.binding,
  VOICE_DB: options.database && d1.binding,
  AI: options.ai && new Ai(options.ai),
};
const bound = Object.fromEntries(Object.entries(bindings).filter(([, binding]) => binding));
const isolate = new Isolate({ ...options.vars, ...bound }, budget);
try {
  await isolate.start(options);
} catch (error) {
  report({ failed: error.message, randomness: budget.calls });
  await kv.stop();
  exit(1);
}

const taken = [];
const errors = [];
const operations = {
  ...prefixed("kv/", kv.operations),
  ...prefixed("d1/", d1.operations),
  randomness: () => budget.calls,
  backgroundFailures: () => isolate.backgroundFailures(),
  awaitAbandoned: ({ number }) => isolate.abandoned(number),
  bytesTaken: ({ number }) => taken[number],
  log: ({ line }) => console.error(line),
  errors: () => errors.splice(0),
};
const worker = await listen(workerHandler(isolate, taken), errors);
report({ worker, control: await listen(controlHandler(operations)) });
