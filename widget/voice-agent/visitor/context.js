/**
 * What the visitor's parts work with, and expect of each other.
 *
 * @import { Api, Config } from '../api/api.js'
 * @import { Connection } from '../api/connection.js'
 * @import { Conversation } from '../conversation/conversation.js'
 * @import { VoiceAgentElement } from '../element.js'
 * @import { VisitorTexts } from '../languages.js'
 * @import { Launcher } from '../launcher/launcher.js'
 * @import { Dialog } from '../panel/dialog.js'
 * @import { Labels, Layout } from '../panel/layout.js'
 * @import { MenuEntry } from '../panel/menu.js'
 * @import { Panel } from '../panel/panel.js'
 * @import { Session } from '../session.js'
 * @import { Transcript } from '../transcript/transcript.js'
 * @import { Sheet } from './sheet.js'
 *
 * @typedef {object} PanelParts what the panel provides
 * @property {VoiceAgentElement} host
 * @property {ShadowRoot} shadow
 * @property {Launcher} launcher
 * @property {Labels} labels
 * @property {Layout} layout
 * @property {MenuEntry[]} menu
 * @property {Dialog} dialog
 * @property {Api} api
 * @property {Session} session
 * @property {Transcript} transcript
 * @property {Conversation} conversation
 * @property {() => Config} config
 * @property {Connection} connection
 * @property {Panel} panel
 *
 * @typedef {object} VisitorParts what the rooms of this folder are given in addition
 * @property {() => VisitorTexts} texts
 * @property {(title: string) => Sheet} openSheet
 * @property {() => boolean} known whether the agent keeps a history for the visitor
 *
 * @typedef {PanelParts & VisitorParts} VisitorContext
 */

export {};
