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
  for (let pending = '', afterReturn = false; ; ) {
    const { value, done } = await reader.read();
    if (done) return;
    // Lines end in \n, \r\n or \r, and a piece may end between \r and \n.
    const piece = afterReturn ? value.replace(/^\n/, '') : value;
    afterReturn = value.endsWith('\r');
    const blocks = (pending + piece.replace(/\r\n?/g, '\n')).split('\n\n');
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
  const lines = block.split('\n').filter((line) => line.startsWith(`${name}:`));
  return lines.map((line) => line.slice(name.length + 1).replace(/^ /, '')).join('\n');
}
