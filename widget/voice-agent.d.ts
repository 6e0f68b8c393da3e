/**
 * Types for pages that use `<voice-agent>`. Agents serve this file beside the script. `widget/check-types.ts`
 * compares it with the sources.
 */

/** What the agent is doing. */
export type State = 'idle' | 'listening' | 'transcribing' | 'thinking' | 'answering' | 'speaking' | 'error';

export type CloseReason = 'user' | 'escape' | 'countdown' | 'method';

/** One side of an exchange. */
export interface Message {
  role: 'user' | 'assistant';
  content: string;
  /** The number of the exchange, for an answer. */
  turn?: number;
}

/** Milliseconds since the visitor had finished the question; null for what did not happen. */
export interface Metrics {
  transcript: number | null;
  firstText: number | null;
  firstAudio: number | null;
  /** Seconds of sound that were transcribed before the visitor went on speaking. */
  wastedSeconds: number;
}

export interface Failure {
  code: string;
  /** The HTTP status; 0 if there was no response. */
  status: number;
  /** Seconds. */
  retryAfter: number | null;
  /** Whether the widget tries again by itself. */
  retrying: boolean;
  /** What the visitor reads. */
  message: string;
}

/** The widget's events by name; all bubble and cross shadow boundaries. */
export interface VoiceAgentEventMap {
  'voice-agent:open': CustomEvent<null>;
  'voice-agent:minimize': CustomEvent<null>;
  'voice-agent:close': CustomEvent<{ reason: CloseReason }>;
  'voice-agent:message': CustomEvent<Message>;
  'voice-agent:state': CustomEvent<{ state: State }>;
  'voice-agent:transcript': CustomEvent<{ text: string }>;
  'voice-agent:metrics': CustomEvent<Metrics>;
  'voice-agent:error': CustomEvent<Failure>;
}

/** Names of texts that a page can replace: those of the files texts/en.js in the widget's folders. */
export type TextName =
  | 'more' | 'undo' | 'undone' | 'hide' | 'greeting' | 'placeholder' | 'send' | 'talk' | 'speakAloud' | 'stop' | 'close' | 'restart' | 'download'
  | 'copy' | 'copied' | 'you' | 'name' | 'demo' | 'conversation' | 'ready' | 'answering' | 'thinking' | 'stopped' | 'retry'
  | 'notice' | 'closing' | 'stay' | 'closed' | 'tooLong' | 'offline' | 'unreachable' | 'lost' | 'timeout'
  | 'expired' | 'unsaved' | 'stale' | 'spent' | 'rateLimited' | 'busy' | 'working' | 'again' | 'serverError'
  | 'misconfigured' | 'cutOff' | 'goOn' | 'pleaseGoOn' | 'filtered' | 'longQuestion' | 'noWords' | 'ended' | 'tooNew'
  | 'longRecording' | 'badRecording' | 'textOnly' | 'notVerified' | 'checkBlocked' | 'checking' | 'checkBusy'
  | 'sources' | 'unchecked' | 'contactUs' | 'contactPage'
  | 'replay' | 'listening' | 'transcribing' | 'speaking' | 'cancel' | 'type' | 'left' | 'denied' | 'noService' | 'noLanguage' | 'noDevice' | 'interrupted'
  | 'insecure' | 'unsupported' | 'silent' | 'lostSpeech' | 'blocked' | 'mute'
  | 'back' | 'history' | 'pairing' | 'pairingHere' | 'haveCode' | 'withdraw' | 'privacy' | 'receiver' | 'receiverBrowser'
  | 'keptNotice' | 'keptClose' | 'consentTitle' | 'consent' | 'keptConsent' | 'agree' | 'decline' | 'withdrawn' | 'search'
  | 'questions' | 'showMore' | 'noHistory' | 'noMatch' | 'listed' | 'rename' | 'newTitle' | 'save' | 'cancel'
  | 'remove' | 'confirmRemove' | 'confirm' | 'keep' | 'removed' | 'exportAll' | 'removeAll' | 'confirmAll'
  | 'removedAll' | 'goneConversation' | 'signedOut' | 'scan' | 'qr' | 'yourCode' | 'validFor' | 'codeExpired'
  | 'newCode' | 'moved' | 'codeField' | 'codeHint' | 'takeOver' | 'notNow' | 'askTakeOver' | 'replaces'
  | 'codeUnknown' | 'tooManyCodes';

/** An identity token that the website has signed, or nothing if nobody is signed in. */
export type Token = string | null | undefined;

/** An identity token, or a function that obtains one and is called again when it has expired. */
export type TokenSource = Token | (() => Token | Promise<Token>);

/** The element `<voice-agent>`. */
export declare class VoiceAgent extends HTMLElement {
  static observedAttributes: string[];
  /** Defines the element, unless the page has a definition. */
  static define(tag?: string, registry?: CustomElementRegistry): void;
  /** The address of the API. */
  get apiUrl(): string;
  /** The language of the texts. */
  get language(): 'en' | 'de' | 'ar';
  set language(language: string | null | undefined);
  /** What the agent is doing. */
  get state(): State;
  /** Whether the panel is shown. */
  get isOpen(): boolean;
  /** Texts of the page's own. */
  texts: Partial<Record<TextName, string>>;
  /** Shows the panel; resolves when it shows what was said so far. */
  open(): Promise<void>;
  /** Shows the panel and presses its button for talking; to be called in a gesture of the visitor. */
  talk(): Promise<void>;
  /** Ends the conversation, here and on the server, and hides the panel. */
  close(): Promise<void>;
  /** Hides the panel and keeps the conversation. */
  minimize(): void;
  /** Opens or minimizes, as the floating button does. */
  toggle(): Promise<void>;
  /** Opens the panel and asks; resolves when the turn is over, however it ended. */
  sendMessage(text: string): Promise<void>;
  /** Ends the conversation and begins another; the panel stays as it is. */
  clear(): Promise<void>;
  /** Says who the visitor is. Null signs out. */
  identify(source: TokenSource): Promise<void>;
}

declare global {
  interface HTMLElementTagNameMap {
    'voice-agent': VoiceAgent;
  }

  interface HTMLElementEventMap extends VoiceAgentEventMap {}

  interface DocumentEventMap extends VoiceAgentEventMap {}
}
