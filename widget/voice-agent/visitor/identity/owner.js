/** What the console tells the owner of the website about identity tokens. */

/** @type {Record<string, string>} */
const ADVICE = {
  accounts_off:
    'The agent knows no accounts, so the identity token is ignored. Set IDENTITY_SECRET and bind VOICE_DB, or remove the token.',
  identity_expired:
    'The identity token has expired, and there is no fresh one. Pass identify() a function that fetches one from your server.',
  identity_invalid: 'The agent does not accept the identity token. Its log says why; docs/accounts.md shows how to sign one.',
};

/**
 * @param {string} code one of the server's error codes, or `accounts_off`
 */
export function adviceAbout(code) {
  return ADVICE[code] ?? `The agent does not accept the identity token (${code}).`;
}
