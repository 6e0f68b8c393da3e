/** @typedef {{ event: string, data: any }} ServerEvent */

/**
 * Parses an event stream whose data is JSON. Comments and fields other than `event` and `data` are ignored,
 * and so is an event that is cut off by the end of the stream.
 *
 * @param {ReadableStream<Uint8Array>} body
 * @returns {AsyncGenerator<ServerEvent, void>}
 */
export async function* readEvents(body) {
  const decoder = /** @type {TransformStream<Uint8Array, string>} */ (
    /** @type {unknown} */ (new TextDecoderStream())
  );
  const reader = body.pipeThrough(decoder).getReader();
  for (let pending = ''; ; ) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (pending + value).split(/\r?\n\r?\n/);
    pending = blocks.pop() ?? '';
    yield* blocks.map(parseEvent);
  }
}

/**
 * @param {string} block the lines of one event
 * @returns {ServerEvent}
 */
function parseEvent(block) {
  return { event: field(block, 'event'), data: JSON.parse(field(block, 'data') || 'null') };
}

/**
 * @param {string} block
 * @param {string} name
 */
function field(block, name) {
  return Array.from(block.matchAll(RegExp(`^${name}: ?(.*)`, 'gm')), (match) => match[1]).join('\n');
}
