/**
 * What a conversation works with, and what it consists of.
 *
 * @import { Api, Config } from '../api/api.js'
 * @import { Connection } from '../api/connection.js'
 * @import { VoiceAgentElement } from '../element.js'
 * @import { EmitEvent } from '../events.js'
 * @import { Session } from '../session.js'
 * @import { Transcript } from '../transcript/transcript.js'
 * @import { TurnView } from '../transcript/turn-view.js'
 * @import { Activity } from './activity.js'
 * @import { Explanation } from './notices.js'
 * @import { Stopwatch } from './stopwatch.js'
 */

/**
 * @typedef {object} Parts what a conversation works with
 * @property {VoiceAgentElement} host
 * @property {Connection} connection
 * @property {Api} api
 * @property {Session} session
 * @property {Transcript} transcript
 * @property {Activity} activity
 * @property {Stopwatch} stopwatch
 * @property {EmitEvent} emit
 * @property {() => Config} config
 *
 * @typedef {object} Observer follows the conversation, as a voice does
 * @property {(piece: string) => void} [onText] a piece of an answer has arrived
 * @property {(note: string) => void} [onCutOff] the answer was cut off; `note` says so
 * @property {() => void} [onStop] the visitor wants everything to stop
 * @property {() => void} [onEnd] the conversation ends
 *
 * @typedef {object} Amends what a question changes about earlier turns
 * @property {string[]} [replaces] the ids of turns whose questions it goes on with
 * @property {{ turnId: string, heardChars: number }} [interrupted] how much of an answer was heard
 *
 * @typedef {object} Spoken
 * @property {number} [since] when the question was finished; now if it is left out
 * @property {number | null} [transcript] milliseconds until it was written down
 * @property {number} [wastedSeconds] of sound that were written down in vain before
 * @property {Amends} [amends]
 *
 * @typedef {object} Turn
 * @property {string} question
 * @property {string} id
 * @property {TurnView} view shows it
 * @property {Amends} [amends]
 * @property {Explanation['wait']} [wait] has to be awaited before it is sent again
 */

export {};
