// From here on, minutes are easier to read than seconds.
const MINUTES_FROM = 90;
const HOUR = 3600;
const DAY = 86_400;

/** @type {Record<string, Intl.NumberFormat>} making one is slow, and countdowns need one every second */
const formats = {};

/**
 * A duration in words, such as '8 seconds', '10 minutes' or '30 days'; hours and days only if they are whole.
 *
 * @param {number} seconds
 * @param {string} language
 */
export function formatDuration(seconds, language) {
  const [unit, size] =
    seconds < MINUTES_FROM ? ['second', 1] : seconds % HOUR ? ['minute', 60] : seconds % DAY ? ['hour', HOUR] : ['day', DAY];
  const format = (formats[language + unit] ??= new Intl.NumberFormat(language, {
    style: 'unit',
    unitDisplay: 'long',
    unit,
  }));
  return format.format(Math.ceil(seconds / size));
}
