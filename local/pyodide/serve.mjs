// HTTP on loopback: the Worker as visitors reach it, and the controls of the bench on a port of their own.
import { once } from "node:events";
import http from "node:http";

const PIECE = 16_384;

// `errors` is given what `handle` throws.
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

// A body that is handed over piece by piece, as the Worker asks for them; `taken` is told the size of each.
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

// Every answer tells the number of its request. `taken` holds how many bytes of its body the Worker took.
export const workerHandler = (isolate, taken) => async (incoming, outgoing) => {
  const number = taken.push(0) - 1;
  outgoing.setHeader("x-bench-request", number);
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
  const gone = once(outgoing, "close").then(() => ({ done: true }));
  const reader = response.body?.getReader();
  // Where the visitor has gone the stream is cancelled: measured in workerd 1.20261117 for streams that JavaScript
  // feeds, which refuse the next piece but one. (A TransformStream's writer waits for ever there instead.)
  for (let piece; reader && !(piece = await Promise.race([reader.read(), gone])).done; ) {
    if (!outgoing.write(piece.value)) await Promise.race([once(outgoing, "drain"), gone]);
  }
  if (outgoing.destroyed) await reader?.cancel();
  else await once(outgoing.end(), "close");
}

export const controlHandler = (operations) => async (incoming, outgoing) => {
  const operation = operations[incoming.url.slice(1)];
  if (!operation) return void outgoing.writeHead(404).end();
  const result = await operation(JSON.parse((await bodyOf(incoming)).toString() || "{}"));
  outgoing.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(result ?? null));
};
