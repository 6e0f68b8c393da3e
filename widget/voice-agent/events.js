/**
 * The events of `<voice-agent>`, typed in one place. All bubble and cross shadow boundaries.
 *
 * @typedef {'idle' | 'thinking' | 'answering' | 'error'} TurnState
 * @typedef {TurnState | 'listening' | 'transcribing' | 'speaking'} State
 * @typedef {'user' | 'escape' | 'countdown' | 'method'} CloseReason
 *
 * @typedef {object} Message one side of an exchange
 * @property {'user' | 'assistant'} role
 * @property {string} content
 * @property {number} [turn] the number of the exchange, for an answer
 *
 * @typedef {object} Metrics milliseconds since the visitor finished the question; null for what did not happen
 * @property {number | null} transcript
 * @property {number | null} firstText
 * @property {number | null} firstAudio
 * @property {number} wastedSeconds seconds of sound that were transcribed before the visitor went on
 *
 * @typedef {object} Failure
 * @property {string} code
 * @property {number} status 0 if there was no response
 * @property {number | null} retryAfter seconds
 * @property {boolean} retrying
 * @property {string} message what the visitor reads
 *
 * @typedef {object} EventDetails what `detail` holds, by the name after `voice-agent:`
 * @property {null} open
 * @property {null} minimize
 * @property {{ reason: CloseReason }} close
 * @property {Message} message
 * @property {{ state: State }} state
 * @property {{ text: string }} transcript
 * @property {Metrics} metrics
 * @property {Failure} error
 */

/** @typedef {<Name extends keyof EventDetails>(name: Name, detail: EventDetails[Name]) => void} EmitEvent */

/**
 * Dispatches one of the widget's events.
 *
 * @template {keyof EventDetails} Name
 * @param {HTMLElement} host
 * @param {Name} name
 * @param {EventDetails[Name]} detail
 */
export function emit(host, name, detail) {
  host.dispatchEvent(new CustomEvent(`voice-agent:${name}`, { bubbles: true, composed: true, detail }));
}
