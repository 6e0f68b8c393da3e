/** Opus packets in an Ogg file (RFC 3533, RFC 7845). */

// Positions are counted at 48 kHz, whatever the input's rate was.
const POSITIONS_PER_MS = 48;
const SERIAL = 1;
// A second; a page has up to 255 segments.
const PACKETS_PER_PAGE = 50;
const FIRST = 2;
const LAST = 4;
const HEADER_BYTES = 27;
const MAX_SEGMENT = 255;
const POLYNOMIAL = 0x04c11db7;
// RFC 7845 5.2: the name of the encoder, which is the browser, and no comments.
const TAGS = Uint8Array.from([...ascii('OpusTags'), 7, 0, 0, 0, ...ascii('browser'), 0, 0, 0, 0]);
const CHECKSUMS = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) sum = (sum << 1) ^ (sum < 0 ? POLYNOMIAL : 0);
  return sum;
});

/**
 * @param {Uint8Array} head the identification header (RFC 7845 5.1)
 * @param {Uint8Array[]} packets
 * @param {number} packetMs how long a packet plays
 * @param {number} durationMs how long all of them play: the last may be padded
 */
export function oggFile(head, packets, packetMs, durationMs) {
  const skip = head[10] | (head[11] << 8);
  const pages = [page([head], 0, FIRST, 0), page([TAGS], 1, 0, 0)];
  for (let start = 0; start < packets.length; start += PACKETS_PER_PAGE) {
    const end = Math.min(packets.length, start + PACKETS_PER_PAGE);
    const isLast = end === packets.length;
    const position = isLast ? durationMs * POSITIONS_PER_MS + skip : end * packetMs * POSITIONS_PER_MS;
    pages.push(page(packets.slice(start, end), pages.length, isLast ? LAST : 0, position));
  }
  return new Blob(pages, { type: 'audio/ogg' });
}

/**
 * @param {Uint8Array[]} packets
 * @param {number} number of the page
 * @param {number} flags
 * @param {number} position where the last of the packets ends
 */
function page(packets, number, flags, position) {
  const segments = packets.flatMap(({ length }) => [
    ...Array(Math.floor(length / MAX_SEGMENT)).fill(MAX_SEGMENT),
    length % MAX_SEGMENT,
  ]);
  const header = [...ascii('OggS'), ...Array(HEADER_BYTES - 4).fill(0), ...segments];
  const bytes = Uint8Array.from([header, ...packets].flatMap((part) => Array.from(part)));
  const view = new DataView(bytes.buffer);
  bytes[5] = flags;
  view.setBigUint64(6, BigInt(Math.round(position)), true);
  view.setUint32(14, SERIAL, true);
  view.setUint32(18, number, true);
  bytes[26] = segments.length;
  view.setUint32(22, bytes.reduce((sum, byte) => (sum << 8) ^ CHECKSUMS[(sum >>> 24) ^ byte], 0), true);
  return bytes;
}

/** @param {string} text */
function ascii(text) {
  return Array.from(text, (character) => character.charCodeAt(0));
}
