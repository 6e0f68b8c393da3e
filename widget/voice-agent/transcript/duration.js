// From here on, minutes are easier to read than seconds.
const MINUTES_FROM = 90;

/** @type {Record<string, Intl.NumberFormat>} making one is slow, and countdowns need one every second */
const formats = {};

/**
 * A duration in words, such as '8 seconds' or '10 minutes'.
 *
 * @param {number} seconds
 * @param {string} language
 */
export function formatDuration(seconds, language) {
  const [unit, value] = seconds < MINUTES_FROM ? ['second', seconds] : ['minute', Math.ceil(seconds / 60)];
  const format = (formats[language + unit] ??= new Intl.NumberFormat(language, {
    style: 'unit',
    unitDisplay: 'long',
    unit,
  }));
  return format.format(value);
}
