/** What the console tells the owner of the website. Visitors read something else. */

const LOCAL = /^(localhost|127\.|\[::1\])/;
const VERSIONS = 'The agent does not understand the widget. The script may be of another version: deploy again.';
const MODEL = 'The log of the agent says what its model’s provider answered.';

/** @type {Record<string, string>} by the server's error codes */
const ADVICE = {
  configuration_error: 'A setting of the agent is missing or wrong. Its log says which.',
  session_too_new: 'Two versions of the agent are deployed. Update the older one.',
  unknown_voice: 'The attribute voice of <voice-agent> is not one of OPENAI_VOICES.',
  visitor_not_verified: 'Turnstile did not accept the visitor. TURNSTILE_SITE_KEY and TURNSTILE_SECRET must be of one widget.',
  visitor_check_blocked:
    'Turnstile could not be loaded. The page’s Content-Security-Policy has to allow https://challenges.cloudflare.com in script-src and in frame-src; visitors’ content blockers have the same effect.',
  invalid_session_id: VERSIONS,
  invalid_turn_id: VERSIONS,
  invalid_json: VERSIONS,
  invalid_request: VERSIONS,
  invalid_form: VERSIONS,
  invalid_body: VERSIONS,
  responder_rejected: MODEL,
  responder_unreachable: MODEL,
};

const ADDRESS = 'Correct the attribute api-url, or the address of the script.';

/**
 * What is wrong and how to correct it; '' if an error is not one that the owner can correct.
 *
 * @param {{ code: string, status: number }} error
 * @param {string} apiUrl
 */
export async function adviceFor({ code, status }, apiUrl) {
  if (code === 'unreachable') return diagnose(new URL(apiUrl));
  if (code === 'origin_not_allowed') return `The agent does not serve pages of ${location.origin}. ${allow()}`;
  if (ADVICE[code]) return ADVICE[code];
  if (code !== 'not_found' && code !== 'method_not_allowed') return '';
  const refused = status === 401 || status === 403;
  if (refused) return `Something in front of ${apiUrl} refuses visitors, such as a login or a firewall.`;
  return `There is no voice agent at ${apiUrl}. ${ADDRESS}`;
}

/** The line that is missing in the settings. */
function allow() {
  if (self.origin === 'null') return 'The page is in a sandboxed frame: add allow-same-origin to its attribute sandbox.';
  const scheme = location.protocol === 'http:' ? ' With https:// it would be another one.' : '';
  return `Add this origin to the agent’s settings, and deploy again: ALLOWED_ORIGINS = "${location.origin}".${scheme}`;
}

/**
 * Why there was no response that the page may read; '' if nothing is wrong with the set-up.
 *
 * @param {URL} url
 */
async function diagnose({ href, origin, protocol, hostname }) {
  if (location.protocol === 'https:' && protocol === 'http:' && !LOCAL.test(hostname)) {
    return `A page with https:// cannot use an agent with http://: ${href}. Use the agent’s https:// address.`;
  }
  let blocked = false;
  const notice = (/** @type {SecurityPolicyViolationEvent} */ { blockedURI }) => (blocked ||= blockedURI.startsWith(origin));
  addEventListener('securitypolicyviolation', notice);
  // A response that the page may not read shows that there is a server.
  const found = await fetch(`${href}/health`, { mode: 'no-cors', credentials: 'omit' }).then(() => true, () => false);
  // The event follows the failure.
  await new Promise((resolve) => setTimeout(resolve));
  removeEventListener('securitypolicyviolation', notice);
  if (blocked) return `The Content-Security-Policy of this page blocks the agent. Add ${origin} to its connect-src.`;
  if (found) return `${href} responds, but not to pages of ${location.origin}. ${allow()} If it is not an agent: ${ADDRESS}`;
  return navigator.onLine ? `Nothing answers at ${href}. If the agent is running: ${ADDRESS}` : '';
}
