const SAMPLE_RATE = 24_000;

/**
 * The samples of a sound file of any kind that the browser plays.
 *
 * @param {ArrayBuffer} file
 */
export async function decode(file) {
  const context = new OfflineAudioContext(1, 1, SAMPLE_RATE);
  const samples = (await context.decodeAudioData(file)).getChannelData(0);
  return Int16Array.from(samples, (sample) => Math.max(-1, Math.min(1, sample)) * 32_767);
}
