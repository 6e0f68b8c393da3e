/**
 * The samples of spoken text: as they arrive if the server sends them as they are, else all at once.
 *
 * @param {Response} response with a body
 * @returns {AsyncGenerator<Int16Array<ArrayBuffer>, void>}
 */
export async function* samplesOf(response) {
  if (response.headers.get('Content-Type')?.startsWith('audio/pcm')) yield* readSamples(response.body);
  else yield (await import('./decode.js')).decode(await response.arrayBuffer());
}

/**
 * The 16 bit samples of a stream. A piece may end in the middle of a sample.
 *
 * @param {ReadableStream<Uint8Array> | null} body
 * @returns {AsyncGenerator<Int16Array<ArrayBuffer>, void>}
 */
async function* readSamples(body) {
  const reader = body?.getReader();
  for (let rest = new Uint8Array(); ; ) {
    const { value, done = true } = (await reader?.read()) ?? {};
    if (done || !value) return;
    const bytes = new Uint8Array(rest.length + value.length);
    bytes.set(rest);
    bytes.set(value, rest.length);
    const whole = bytes.length & ~1;
    rest = bytes.slice(whole);
    if (whole) yield new Int16Array(bytes.buffer, 0, whole / 2);
  }
}
