/**
 * What the parts of a voice expect of each other. There are two listeners and two players: one pair works
 * through the server, the other with the browser's own speech.
 *
 * @import { Api, Config } from '../api/api.js'
 * @import { ApiError } from '../api/errors.js'
 * @import { Activity } from '../conversation/activity.js'
 * @import { Conversation } from '../conversation/conversation.js'
 * @import { Stopwatch } from '../conversation/stopwatch.js'
 * @import { VoiceAgentElement } from '../element.js'
 * @import { EmitEvent } from '../events.js'
 * @import { Labels, Layout } from '../panel/layout.js'
 * @import { MenuEntry } from '../panel/menu.js'
 * @import { Panel } from '../panel/panel.js'
 * @import { Session } from '../session.js'
 * @import { Transcript } from '../transcript/transcript.js'
 * @import { SpokenAnswers } from './spoken/answers.js'
 * @import { SpokenPart } from './spoken/sentences.js'
 */

/**
 * @typedef {object} VoiceContext what a voice works with
 * @property {Panel} panel
 * @property {VoiceAgentElement} host
 * @property {ShadowRoot} shadow
 * @property {() => Config} config
 * @property {Layout} layout
 * @property {Labels} labels
 * @property {MenuEntry[]} menu
 * @property {Api} api
 * @property {Session} session
 * @property {Transcript} transcript
 * @property {Conversation} conversation
 * @property {Activity} activity
 * @property {Stopwatch} stopwatch
 * @property {EmitEvent} emit
 * @property {SpokenAnswers} [spoken] what words answers, where something can speak
 */

/** @typedef {'denied' | 'noService' | 'noLanguage' | 'noDevice' | 'interrupted' | 'insecure' | 'unsupported' | 'silent' | 'lostSpeech' | 'unreachable'} ListeningFailure */

/**
 * @typedef {object} Listener turns spoken questions into text, one at a time
 * @property {'listening' | 'transcribing' | null} state null while nobody is expected to speak
 * @property {boolean} on whether the microphone is open for the visitor
 * @property {boolean} handsFree whether it listens all the time
 * @property {boolean} open hands-free, with an open microphone
 * @property {number} wasted seconds that were written down in vain since the last question
 * @property {() => void} start begins a question
 * @property {(end?: number) => void} finish the visitor has finished, at `end` on the page's clock
 * @property {() => void} discard the agent's turn begins: throws the question away; hands-free, the microphone stays open
 * @property {() => void} stop throws the question away and closes the microphone
 * @property {() => void} again hands-free, it is the visitor's turn
 * @property {(joins: boolean) => void} resume hands-free, the visitor has interrupted the agent: what is being said is a
 *   question, or goes on with the one before
 *
 * @typedef {object} ListenerEvents
 * @property {boolean} speaking whether the agent is being heard
 * @property {() => void} changed the state has changed
 * @property {() => void} noticed there is sound that may be speech
 * @property {() => void} dismissed it was not
 * @property {(text: string, end: number) => void} heard a question, finished at `end` on the page's clock
 * @property {() => void} interrupted the visitor talks while the agent thinks or speaks
 * @property {(name: ListeningFailure, error?: ApiError) => void} failed `name` is that of the text that says
 *   why, unless the server does
 *
 * @typedef {object} ListenerView where a listener shows what it hears
 * @property {(level: number) => void} level how loud it is, of 1
 * @property {(text: string) => void} interim what was understood so far
 * @property {() => void} noInterim it is to be removed again
 */

/**
 * @typedef {object} Player speaks sentences, one after the other
 * @property {boolean} busy whether something is spoken, or waits for it
 * @property {() => unknown} unlock is called in a gesture of the visitor: browsers then allow sound
 * @property {(part: SpokenPart) => void} say
 * @property {() => void} stop drops everything
 * @property {() => void} duck lowers the voice while the visitor may be speaking
 * @property {() => void} restore raises it again
 * @property {number | undefined} level how loud it is, of 1; undefined if nobody knows
 * @property {number} heard the offset in the answer up to which it has been heard
 *
 * @typedef {{ code: string }} PlayerFailure
 *
 * @typedef {object} PlayerEvents
 * @property {(delay: number) => void} started sound begins in `delay` milliseconds
 * @property {() => void} ended everything has been spoken
 * @property {() => void} blocked the browser wants a gesture first
 * @property {(error: PlayerFailure, unsaid: SpokenPart[]) => Promise<void>} takeOver this voice has failed; `unsaid` is
 *   emptied if the answer is stopped meanwhile
 *
 * @typedef {Omit<PlayerEvents, 'takeOver'> & { muted: (error: PlayerFailure) => void }} ChainEvents of several players as
 *   one: `ended` may come while another one speaks; `muted` if none of them can
 */

/** @typedef {new (host: VoiceAgentElement, events: ListenerEvents, view: ListenerView, api: Api) => Listener} ListenerClass */
/** @typedef {new (host: VoiceAgentElement, events: PlayerEvents, api: Api) => Player} PlayerClass */
/** @typedef {() => Promise<PlayerClass | null>} LoadPlayer resolves with null where that voice does not exist */

export {};
