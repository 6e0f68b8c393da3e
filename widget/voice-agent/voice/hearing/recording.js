import { RATE } from '../resampler.js';
import { within } from '../within.js';
import { oggFile } from './ogg.js';

const BITS_PER_SECOND = 24_000;
const PACKET_MS = 20;
// Ten seconds of speech take 60 ms on a desktop computer; an encoder that takes longer than this hangs.
const ENCODING_MS = 3000;
const CONFIG = { codec: 'opus', sampleRate: RATE, numberOfChannels: 1, bitrate: BITS_PER_SECOND };
const WAV_HEADER_BYTES = 44;

/**
 * A recording that speech recognition accepts: Opus in Ogg where the browser encodes it, a tenth the size of the WAV that
 * it is elsewhere.
 *
 * @param {Int16Array<ArrayBuffer>} samples at 16 kHz
 */
export async function recordingOf(samples) {
  try {
    return await within(ENCODING_MS, opus(samples));
  } catch {
    return wav(samples);
  }
}

/**
 * Rejects if the browser cannot encode it.
 *
 * @param {Int16Array<ArrayBuffer>} samples
 */
async function opus(samples) {
  /** @type {Uint8Array[]} */
  const packets = [];
  /** @type {Uint8Array} */
  let head = opusHead();
  const encoder = new AudioEncoder({
    output: (chunk, more) => {
      const { description } = more?.decoderConfig ?? {};
      if (description) head = bytesOf(description);
      const packet = new Uint8Array(chunk.byteLength);
      chunk.copyTo(packet);
      packets.push(packet);
    },
    error: () => {},
  });
  try {
    encoder.configure(CONFIG);
    const format = { format: /** @type {const} */ ('s16'), sampleRate: RATE, numberOfChannels: 1, timestamp: 0 };
    const data = new AudioData({ ...format, numberOfFrames: samples.length, data: samples });
    encoder.encode(data);
    data.close();
    await encoder.flush();
  } finally {
    if (encoder.state !== 'closed') encoder.close();
  }
  return oggFile(head, packets, PACKET_MS, (samples.length / RATE) * 1000);
}

/** The identification header (RFC 7845 5.1), for browsers that give none: 6.5 ms are skipped, as libopus wants. */
function opusHead() {
  const bytes = new Uint8Array(19);
  const view = new DataView(bytes.buffer);
  new TextEncoder().encodeInto('OpusHead', bytes);
  bytes.set([1, 1], 8);
  view.setUint16(10, 312, true);
  view.setUint32(12, RATE, true);
  return bytes;
}

/** @param {AllowSharedBufferSource} source */
function bytesOf(source) {
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
}

/** @param {Int16Array<ArrayBuffer>} samples */
function wav(samples) {
  const header = new DataView(new ArrayBuffer(WAV_HEADER_BYTES));
  /** @type {(at: number, text: string) => void} */
  const name = (at, text) => new TextEncoder().encodeInto(text, new Uint8Array(header.buffer, at));
  name(0, 'RIFF');
  header.setUint32(4, WAV_HEADER_BYTES - 8 + samples.byteLength, true);
  name(8, 'WAVEfmt ');
  header.setUint32(16, 16, true);
  header.setUint16(20, 1, true);
  header.setUint16(22, 1, true);
  header.setUint32(24, RATE, true);
  header.setUint32(28, 2 * RATE, true);
  header.setUint16(32, 2, true);
  header.setUint16(34, 16, true);
  name(36, 'data');
  header.setUint32(40, samples.byteLength, true);
  return new Blob([header, samples], { type: 'audio/wav' });
}
