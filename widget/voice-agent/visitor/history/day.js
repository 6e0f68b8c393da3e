const DAY_MS = 86_400_000;

/**
 * The day of a time as visitors call it: today, yesterday, or a date; with the year unless it is this one.
 *
 * @param {Date} at
 * @param {string} language
 * @param {Date} [now]
 */
export function formatDay(at, language, now = new Date()) {
  const days = Math.round((midnight(at) - midnight(now)) / DAY_MS);
  if (days === 0 || days === -1) {
    const word = new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(days, 'day');
    return word[0].toLocaleUpperCase(language) + word.slice(1);
  }
  const year = at.getFullYear() === now.getFullYear() ? undefined : 'numeric';
  return at.toLocaleDateString(language, { day: 'numeric', month: 'long', year });
}

/** @param {Date} at */
function midnight(at) {
  return new Date(at).setHours(0, 0, 0, 0);
}
