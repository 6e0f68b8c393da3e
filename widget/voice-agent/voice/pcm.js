/**
 * The 16 bit samples of a stream. A piece may end in the middle of a sample.
 *
 * @param {ReadableStream<Uint8Array>} body
 * @returns {AsyncGenerator<Int16Array<ArrayBuffer>, void>}
 */
export async function* readSamples(body) {
  const reader = body.getReader();
  for (let rest = new Uint8Array(); ; ) {
    const { value, done } = await reader.read();
    if (done) return;
    const bytes = new Uint8Array(rest.length + value.length);
    bytes.set(rest);
    bytes.set(value, rest.length);
    const whole = bytes.length & ~1;
    rest = bytes.slice(whole);
    if (whole) yield new Int16Array(bytes.buffer, 0, whole / 2);
  }
}
