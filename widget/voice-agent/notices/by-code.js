/** @import { TextName } from '../languages.js' */

/**
 * The text for each of the server's error codes (docs/http.md).
 *
 * @type {Record<string, TextName>}
 */
export const TEXT_BY_CODE = {
  session_id_required: 'serverError',
  invalid_session_id: 'serverError',
  invalid_turn_id: 'serverError',
  question_required: 'noWords',
  question_too_long: 'longQuestion',
  responder_filtered: 'filtered',
  invalid_json: 'serverError',
  invalid_request: 'serverError',
  audio_required: 'badRecording',
  audio_empty: 'badRecording',
  audio_too_short: 'badRecording',
  invalid_form: 'serverError',
  invalid_language: 'serverError',
  text_required: 'serverError',
  text_too_long: 'serverError',
  unknown_voice: 'serverError',
  title_required: 'serverError',
  title_too_long: 'serverError',
  invalid_cursor: 'serverError',
  invalid_page: 'serverError',
  identity_required: 'signedOut',
  identity_expired: 'signedOut',
  identity_invalid: 'signedOut',
  origin_not_allowed: 'misconfigured',
  conversation_of_another: 'ended',
  session_budget_spent: 'spent',
  speech_not_allowed: 'textOnly',
  visitor_not_verified: 'notVerified',
  session_not_found: 'ended',
  conversation_not_found: 'ended',
  code_unknown: 'ended',
  not_found: 'misconfigured',
  method_not_allowed: 'misconfigured',
  turn_in_progress: 'working',
  turn_id_reused: 'serverError',
  turn_replaced: 'serverError',
  session_in_use: 'serverError',
  pairing_not_needed: 'serverError',
  session_closed: 'ended',
  body_too_large: 'longQuestion',
  audio_too_large: 'longRecording',
  audio_too_long: 'longRecording',
  invalid_body: 'serverError',
  unsupported_audio: 'badRecording',
  rate_limited: 'rateLimited',
  configuration_error: 'misconfigured',
  internal_error: 'serverError',
  speech_unavailable: 'textOnly',
  accounts_unavailable: 'misconfigured',
  pairing_unavailable: 'misconfigured',
  responder_failed: 'serverError',
  responder_rejected: 'serverError',
  responder_unreachable: 'serverError',
  responder_incomplete: 'serverError',
  responder_empty: 'serverError',
  responder_too_long: 'longQuestion',
  storage_unavailable: 'busy',
  session_too_new: 'tooNew',
  visitor_check_unavailable: 'checkBusy',
  responder_busy: 'busy',
  responder_timeout: 'timeout',
};

// The widget's own codes whose texts are not loaded with the panel.
/** @type {Record<string, TextName>} */
const OWN = { visitor_check_blocked: 'checkBlocked' };
// The same question would fail again.
const FINAL = new Set(['spent', 'noWords', 'longQuestion', 'filtered', 'ended', 'tooNew']);
const REFUSED = [401, 403, 405];

/**
 * Which text says what went wrong, and whether it is no use to try again.
 *
 * @param {{ code: string, status: number }} error
 * @returns {{ name: TextName, final: boolean }}
 */
export function textFor({ code, status }) {
  const name = TEXT_BY_CODE[code] ?? OWN[code] ?? (REFUSED.includes(status) ? 'misconfigured' : 'serverError');
  return { name, final: FINAL.has(name) };
}
