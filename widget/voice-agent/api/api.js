import { ApiError, errorFrom } from './errors.js';
import { readEvents } from './sse.js';

/** @import { Amends } from '../conversation/types.js' */
/** @import { Connection } from './connection.js' */

/** @typedef {(init: RequestInit) => Promise<Response>} Send */

/**
 * @typedef {object} Config what `GET /config` answers
 * @property {string} [name]
 * @property {string} [greeting]
 * @property {string[]} [suggestedQuestions]
 * @property {string} [language] the language of the name, the greeting and the questions
 * @property {string | null} [logo] the address of a picture, absolute or on the agent's server
 * @property {boolean} [demo]
 * @property {number} [autoCloseSeconds]
 * @property {number} [countdownSeconds]
 * @property {number} [maxQuestionLength]
 * @property {Speech} [speech]
 * @property {string | null} [turnstileSiteKey] null if visitors are not checked
 * @property {boolean} [accounts] whether it knows visitors whose identity the website signs
 * @property {number | null} [historyDays] how long their conversations are kept after the last question
 * @property {boolean} [pairing] whether a conversation can move to another device
 * @property {number} [keepsMinutes] how long anybody else's are kept after the last question
 * @property {string | null} [privacyUrl]
 * @property {{ email: string | null, phone: string | null, url: string | null } | null} [contact] of the owner
 * @property {'ask' | 'none'} [consent] whether visitors have to agree before they ask
 *
 * @typedef {{ input?: boolean, output?: boolean, receiver?: string | null, maxChars?: number }} Speech whether the server can hear and speak,
 *   and how long a text it speaks
 *
 * @typedef {{ title: string, url?: string | null, quote?: string }} Source a document that an answer is from
 * @typedef {{ sources?: Source[], unsupported?: string[], verdict?: string | null }} Evidence
 * @typedef {{ role: 'user' | 'assistant', content: string, timestamp: string, finishReason?: string } & Evidence} Stored
 *
 * @typedef {object} History
 * @property {Stored[]} messages
 * @property {number} turn
 * @property {string} expiresAt
 *
 * @typedef {{ question: string, sessionId: string, turnId: string, turns?: number, lastTurnId?: string } & Amends} Question
 *
 * @typedef {{ text: string, ticket?: string }} Delta
 *
 * @typedef {object} AnswerProof
 * @property {(sessionId: string) => object} begin
 * @property {(delta: Delta) => void} add
 * @property {Record<string, string>} headers
 * @property {object} fields
 *
 * @typedef {object} Answer
 * @property {string} response
 * @property {number} turn
 * @property {string | null} [expiresAt] null if it is not stored
 * @property {boolean} saved
 * @property {'complete' | 'lost' | 'stale'} [context] what the server could not remember
 * @property {string[]} [suggestions] questions that may follow
 * @property {string} [finishReason] not `stop` if the answer was cut off
 * @property {Source[]} [sources]
 * @property {string[]} [unsupported] what of it the model was sent nowhere
 * @property {string | null} [verdict] `unknown` if the knowledge has no answer
 */

/** The HTTP API. Every method rejects with an `ApiError`, or with the reason of the signal it was given. */
export class Api {
  #connection;
  /** @type {AnswerProof | undefined} follows the answers, if the server speaks them */
  proof;

  /** @type {((send: Send, init: RequestInit, stop: AbortSignal) => Promise<Response>) | undefined} if visitors are checked */
  checked;

  /** @param {Connection} connection */
  constructor(connection) {
    this.#connection = connection;
  }

  /**
   * @param {Promise<Response>} [started] the request, if it was sent already
   * @returns {Promise<Config>}
   */
  config(started = this.#connection.send('/config')) {
    return this.read(started);
  }

  /**
   * Reads the response of a request as JSON.
   *
   * @param {Promise<Response>} request
   * @returns {Promise<any>}
   */
  read(request) {
    return receive(request, json);
  }

  /**
   * Asks a question; `onText` is called with each piece of the answer.
   *
   * @param {Question} question
   * @param {AbortSignal} stop
   * @param {(piece: string) => void} onText
   * @returns {Promise<Answer>}
   */
  ask(question, stop, onText) {
    const headers = { 'Content-Type': 'application/json', Accept: 'text/event-stream' };
    const body = JSON.stringify({ ...question, ...this.proof?.begin(question.sessionId) });
    /** @param {Delta} delta */
    const onDelta = (delta) => {
      this.proof?.add(delta);
      onText(delta.text);
    };
    return this.post('/chat', { headers, body }, (response) => readAnswer(response, onDelta), stop);
  }

  /**
   * Posts something and reads the response.
   *
   * @template Result
   * @param {string} path
   * @param {RequestInit} request
   * @param {(response: Response) => Result | Promise<Result>} read
   * @param {AbortSignal} stop
   */
  post(path, request, read, stop) {
    /** @type {Send} */
    const send = (init) => this.#connection.send(path, { method: 'POST', ...init }, stop);
    return receive(this.checked?.(send, request, stop) ?? send(request), read, stop);
  }

  /**
   * Sends any other request and reads the response.
   *
   * @template Result
   * @param {string} path
   * @param {RequestInit} request
   * @param {(response: Response) => Result | Promise<Result>} [read] as JSON if there is none
   * @param {AbortSignal} [stop]
   */
  request(path, request, read = json, stop) {
    return receive(this.#connection.send(path, request, stop), read, stop);
  }
}

/**
 * Reads the response of a request.
 *
 * @template Result
 * @param {Promise<Response>} request
 * @param {(response: Response) => Result | Promise<Result>} read
 * @param {AbortSignal} [stop]
 * @returns {Promise<Result>}
 */
async function receive(request, read, stop) {
  let code = 'unreachable';
  try {
    const response = await request;
    code = 'lost';
    if (!response.ok) throw await errorFrom(response);
    return await read(response);
  } catch (error) {
    // Modules that are loaded later have a copy of `ApiError`, so its class does not tell.
    if (/** @type {ApiError} */ (error).retryAfter !== undefined || stop?.aborted) throw error;
    if (/** @type {Error} */ (error).name === 'TimeoutError') throw new ApiError('timeout');
    throw new ApiError(navigator.onLine ? code : 'offline');
  }
}

/**
 * @param {Response} response
 * @param {string} type
 */
function isOfType(response, type) {
  return response.headers.get('Content-Type')?.includes(type);
}

/** @param {Response} response */
function json(response) {
  if (isOfType(response, 'json')) return response.json();
  // Somebody's website, but not an agent.
  throw new ApiError('not_found', response.status);
}

/**
 * @param {Response} response
 * @param {(delta: Delta) => void} onDelta
 * @returns {Promise<Answer>}
 */
async function readAnswer(response, onDelta) {
  if (!response.body || !isOfType(response, 'event-stream')) return json(response);
  for await (const { event, data } of readEvents(response.body)) {
    if (event === 'delta') onDelta(data);
    else if (event === 'error') throw new ApiError(data.code, 502);
    else if (event === 'done') return data;
  }
  throw new ApiError('lost');
}
