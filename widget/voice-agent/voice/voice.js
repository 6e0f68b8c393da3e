import { Playing } from './playing.js';
import { Questions } from './questions.js';

/** @import { ApiError } from '../api/errors.js' */
/** @import { State, TurnState } from '../events.js' */
/** @import { VoiceView } from './voice-view.js' */
/** @import { Listener, ListenerClass, ListenerEvents, LoadPlayer, PlayerClass, VoiceContext } from './interfaces.js' */

/** @type {State[]} what typing interrupts */
const INTERRUPTIBLE = ['listening', 'transcribing', 'speaking'];

/**
 * Joins what hears, what speaks and the buttons with the conversation. It follows the conversation, which
 * knows nothing of it.
 *
 * @implements {ListenerEvents}
 */
export class Voice {
  #context;
  #conversation;
  #activity;
  #view;
  /** @type {Listener} */
  #listener;
  #speaker;
  #questions;
  /** Whether this press of the button ends what an earlier one began. */
  #ending = false;

  /**
   * @param {VoiceContext} context
   * @param {VoiceView} view
   * @param {ListenerClass} Listener
   * @param {[PlayerClass, ...LoadPlayer[]] | undefined} voices undefined if nothing can speak
   */
  constructor(context, view, Listener, voices) {
    const { host, api, conversation, activity } = context;
    this.#context = context;
    this.#conversation = conversation;
    this.#activity = activity;
    this.#view = view;
    this.#questions = new Questions(context, view);
    this.#listener = new Listener(host, this, view, api);
    const started = () => this.#started();
    this.#speaker = new Playing(context, view, voices, { started, ended: () => this.#settle() }).speaker;
  }

  /** Begins to take part in the conversation. */
  join() {
    const { host, layout, stopwatch } = this.#context;
    host.addEventListener('voice-agent:minimize', () => this.quiet());
    layout.input.addEventListener('input', () => this.#typed());
    stopwatch.expectsSound = () => this.#speaker.busy;
    this.#conversation.observe({
      onText: (piece) => this.#arrived(piece),
      onCutOff: (note) => this.#speaker.cutOff(note),
      onStop: () => this.#stop(),
      onEnd: () => this.#end(),
    });
    this.#activity.attach((turn, previous) => this.#combine(turn, previous));
  }

  /** The microphone button is pressed. */
  down() {
    this.#ending = this.#listener.on;
    // Without consent there is no microphone, however the button was pressed.
    if (this.#ending || this.#context.layout.panel.classList.contains('asking')) return;
    if (this.#speaker.sounding) this.#questions.interrupt(this.#speaker.heardChars);
    this.#conversation.stop();
    this.#speaker.aloud = !!this.#speaker.player;
    this.#speaker.player?.unlock();
    this.#view.clearFailure();
    this.#listener.start();
    this.changed();
  }

  /**
   * The microphone button is released.
   *
   * @param {boolean} held
   * @param {number} at on the page's clock
   */
  up(held, at) {
    if (this.#listener.handsFree) {
      if (this.#ending) this.#conversation.stop();
    } else if (this.#ending || held) this.#listener.finish(at);
  }

  /** The visitor has finished the question. */
  send() {
    this.#listener.finish();
  }

  /** Ends listening and speaking; the answer continues in writing. */
  quiet() {
    this.#stop();
  }

  /** How loud the agent speaks, of 1; undefined if that cannot be told. */
  get level() {
    return this.#speaker.player?.level;
  }

  /** Whether answers are read aloud. */
  get aloud() {
    return this.#speaker.aloud;
  }

  /** Whether there is an answer to speak again, and nothing else going on. */
  get canReplay() {
    const { state } = this.#activity;
    const resting = state === 'idle' || state === 'error' || (state === 'listening' && this.#listener.open);
    return !!this.#speaker.answer && resting;
  }

  /** Reads answers aloud from now on, or no longer. */
  toggleAloud() {
    this.#speaker.aloud = !this.#speaker.aloud;
    if (this.#speaker.aloud) this.#speaker.player?.unlock();
    else this.#speaker.mute();
    this.#settle();
  }

  /** Speaks the last answer again. */
  replay() {
    this.#speaker.player?.unlock();
    this.#listener.discard();
    this.#speaker.replay();
    this.#activity.enter('idle');
  }

  /** Whether the agent is being heard. */
  get speaking() {
    return this.#speaker.sounding;
  }

  /** The listener's state has changed. */
  changed() {
    this.#activity.refresh();
  }

  /** There is sound that may be the visitor's voice. */
  noticed() {
    if (this.#speaker.sounding) this.#speaker.duck();
  }

  /** It was not. */
  dismissed() {
    this.#speaker.restore();
  }

  /**
   * A question was heard: asks it, or lets the visitor correct it.
   *
   * @param {string} text
   * @param {number} since when the visitor had finished
   */
  heard(text, since) {
    const { host, emit } = this.#context;
    emit('transcript', { text });
    if (host.hasAttribute('review')) {
      this.#view.review(text);
      this.#stop();
    } else void this.#questions.ask(text, since, this.#listener.wasted).then(() => this.changed());
  }

  /** The visitor talks while the agent thinks or speaks. */
  interrupted() {
    this.#listener.resume(this.#questions.continueOrInterrupt(this.#speaker.heardChars));
    this.#speaker.silence();
    this.#conversation.cancel();
    this.changed();
  }

  /**
   * @param {string} name of the text that says why, unless the server does
   * @param {ApiError} [error]
   */
  async failed(name, error) {
    this.#listener.stop();
    if (this.#conversation.running) this.changed();
    else this.#activity.enter('error');
    const said = error?.status || error?.code.startsWith('visitor_');
    const explained = error && said ? await this.#conversation.notices.explain(error) : null;
    this.#view.tell(explained?.name ?? name, error);
  }

  #started() {
    this.#questions.perceived();
    this.changed();
  }

  /** @param {string} piece */
  #arrived(piece) {
    if (!this.#speaker.aloud) this.#questions.perceived();
    this.#speaker.add(piece);
  }

  #stop() {
    this.#questions.drop();
    this.#listener.stop();
    this.#speaker.silence();
    if (!this.#conversation.running) this.#activity.turn = 'idle';
    this.#settle();
  }

  #end() {
    this.#speaker.answer = null;
    this.#stop();
  }

  #settle() {
    if (!this.#conversation.running) this.#context.stopwatch.settle();
    this.changed();
  }

  #typed() {
    if (INTERRUPTIBLE.includes(this.#activity.state)) this.#conversation.stop();
  }

  /**
   * The state to show: the listener's while it is at work, else whether the agent speaks, else the turn's.
   *
   * @param {TurnState} turn
   * @param {TurnState} previous
   * @returns {State}
   */
  #combine(turn, previous) {
    const [listener, speaker] = [this.#listener, this.#speaker];
    if (turn !== previous) this.#enter(turn, previous);
    const busy = speaker.busy || this.#conversation.running || this.#questions.pending;
    if (turn === 'idle' && !listener.state && !busy && listener.open) listener.again();
    const speaking = speaker.sounding || (speaker.busy && turn === 'idle');
    const state = listener.state ?? (speaking ? 'speaking' : turn);
    this.#view.update(state, { isNew: state !== this.#activity.state, listening: listener.on });
    return state;
  }

  /**
   * @param {TurnState} turn
   * @param {TurnState} previous
   */
  #enter(turn, previous) {
    if (turn === 'thinking') {
      this.#questions.begin(previous === 'answering');
      this.#listener.discard();
      this.#speaker.begin();
    }
    if (turn === 'error') {
      this.#listener.stop();
      this.#speaker.silence();
    }
    if (turn === 'idle') this.#speaker.end();
  }
}
