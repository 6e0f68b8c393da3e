// Serves miniflare's D1 over HTTP on loopback, so that several isolates can share it: for tests.
// Prints its URL as a line of JSON once it is ready. Exits when its stdin is closed.
import { readFileSync } from "node:fs";
import { Miniflare } from "miniflare";

const holder = {
  name: "holder",
  compatibilityDate: "2026-09-08",
  manifest: {
    mainModule: "holder.mjs",
    modulesRoot: import.meta.dirname,
    modules: { "holder.mjs": { type: "esm", contents: readFileSync(`${import.meta.dirname}/holder.mjs`, "utf8") } },
  },
  env: { DATABASE: { type: "d1", id: "database" } },
};

const miniflare = new Miniflare({ workers: [{ config: holder }], host: "127.0.0.1", telemetry: { enabled: false } });
process.stdin.resume().on("end", async () => {
  await miniflare.dispose();
  process.exit(0);
});
process.stdout.write(`${JSON.stringify({ url: (await miniflare.ready).href })}\n`);
