// HTTP servers on loopback: the Worker for visitors, and the control operations on a separate port.
import { once } from "node:events";
import http from "node:http";

const PIECE = 16_384;

// Errors thrown by `handle` are logged and added to `errors`.
export async function listen(handle, errors = []) {
  const server = http.createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch((error) => {
      console.error(error);
      errors.push(String(error));
      if (outgoing.headersSent) outgoing.destroy();
      else outgoing.writeHead(500, { "content-type": "text/plain" }).end("The Worker threw an error; see its log.");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${server.address().port}`;
}

async function bodyOf(incoming) {
  const pieces = [];
  for await (const piece of incoming) pieces.push(piece);
  return Buffer.concat(pieces);
}

// A body that the Worker reads in pieces; `taken` is called with the size of each.
function streamOf(body, taken) {
  let start = 0;
  const pull = (controller) => {
    const piece = body.subarray(start, (start += PIECE));
    taken(piece.byteLength);
    if (piece.byteLength) controller.enqueue(new Uint8Array(piece));
    else controller.close();
  };
  return new ReadableStream({ pull }, { highWaterMark: 0 });
}

// A response header has the number of its request. `taken` collects how many bytes of each body the Worker read.
export const workerHandler = (isolate, taken) => async (incoming, outgoing) => {
  const number = taken.push(0) - 1;
  outgoing.setHeader("x-request-number", number);
  const { method } = incoming;
  const headers = new Headers();
  for (const [name, values] of Object.entries(incoming.headersDistinct)) {
    for (const value of values) headers.append(name, value);
  }
  const whole = await bodyOf(incoming);
  const body = whole.length ? streamOf(whole, (size) => (taken[number] += size)) : undefined;
  const init = { method, headers, body, duplex: "half" };
  const request = new Request(`http://${incoming.headers.host}${incoming.url}`, init);
  await send(await isolate.fetch(request, number), outgoing);
  if (!outgoing.writableFinished) isolate.abandon(number);
};

async function send(response, outgoing) {
  outgoing.statusCode = response.status;
  for (const [name, value] of response.headers) outgoing.appendHeader(name, value);
  outgoing.flushHeaders();
  const reader = response.body?.getReader();
  // When the visitor has left the stream is cancelled: measured in workerd 1.20261117 for streams that JavaScript
  // feeds. (A TransformStream's writer waits forever there instead.)
  const left = new AbortController();
  outgoing.once("close", () => (left.abort(), reader?.cancel().catch(() => undefined)));
  for (let piece; reader && !(piece = await reader.read()).done; ) {
    const isTaken = outgoing.write(piece.value) || left.signal.aborted;
    if (!isTaken) await once(outgoing, "drain", { signal: left.signal }).catch(() => undefined);
  }
  if (!outgoing.destroyed) await once(outgoing.end(), "close");
}

export const controlHandler = (operations) => async (incoming, outgoing) => {
  const operation = operations[incoming.url.slice(1)];
  if (!operation) return void outgoing.writeHead(404).end();
  const result = await operation(JSON.parse((await bodyOf(incoming)).toString() || "{}"));
  outgoing.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(result ?? null));
};
