import { Speaker } from './speaker.js';

/** @import { ApiError } from '../api/errors.js' */
/** @import { State, TurnState } from '../events.js' */
/** @import { VoiceView } from './voice-view.js' */
/** @import { Listener, ListenerClass, ListenerEvents, Player, PlayerClass, PlayerEvents, VoiceContext } from './interfaces.js' */

/** @type {State[]} what typing interrupts */
const INTERRUPTIBLE = ['listening', 'transcribing', 'speaking'];

/**
 * Joins what hears, what speaks and the buttons with the conversation. It follows the conversation, which
 * knows nothing of it.
 *
 * @implements {ListenerEvents}
 * @implements {PlayerEvents}
 */
export class Voice {
  #context;
  #conversation;
  #activity;
  #view;
  /** @type {Listener} */
  #listener;
  #speaker;
  /** Whether this press of the button ends what an earlier one began. */
  #ending = false;

  /**
   * @param {VoiceContext} context
   * @param {VoiceView} view
   * @param {ListenerClass} Listener
   * @param {PlayerClass | undefined} Player undefined if nothing can speak
   */
  constructor(context, view, Listener, Player) {
    const { host, api, conversation, activity } = context;
    this.#context = context;
    this.#conversation = conversation;
    this.#activity = activity;
    this.#view = view;
    this.#listener = new Listener(host, this, view, api);
    this.#speaker = new Speaker(Player && new Player(host, this, api), host);
  }

  /** Begins to take part in the conversation. */
  join() {
    const { host, layout, stopwatch } = this.#context;
    host.addEventListener('voice-agent:minimize', () => this.#stop());
    layout.input.addEventListener('input', () => this.#typed());
    stopwatch.expectsSound = () => this.#speaker.busy;
    this.#conversation.observe({
      onText: (piece) => this.#speaker.add(piece),
      onCutOff: (note) => this.#speaker.cutOff(note),
      onStop: () => this.#stop(),
      onEnd: () => this.#end(),
    });
    this.#activity.attach((turn, previous) => this.#combine(turn, previous));
  }

  /** The microphone button is pressed. */
  down() {
    this.#ending = this.#listener.on;
    if (this.#ending) return;
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

  /**
   * A question was heard: asks it, or lets the visitor correct it.
   *
   * @param {string} text
   * @param {number} since when the visitor had finished
   */
  heard(text, since) {
    const { host, emit, panel } = this.#context;
    emit('transcript', { text });
    if (host.hasAttribute('review')) {
      this.#view.review(text);
      this.#stop();
    } else {
      panel.ask(text, { since, transcript: Math.round(performance.now() - since) });
    }
  }

  /** The visitor talks over the answer. */
  interrupted() {
    this.#listener.resume();
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

  /** @param {number} delay milliseconds until the first sound */
  started(delay) {
    const { stopwatch } = this.#context;
    if (this.#speaker.sounding) return;
    this.#speaker.sounding = true;
    this.#view.clearFailure();
    this.#listener.answerStarted();
    stopwatch.mark('firstAudio', performance.now() + delay);
    stopwatch.report();
    this.changed();
  }

  /** Everything has been spoken. */
  ended() {
    this.#speaker.sounding = false;
    this.#settle();
  }

  blocked() {
    this.#view.tell('blocked');
  }

  /** @param {{ code: string }} [error] */
  muted(error) {
    this.#speaker.abandon();
    this.#view.tell('mute', error);
  }

  /**
   * Has the browser speak from now on.
   *
   * @param {ApiError} error why the server cannot
   * @param {string[]} unsaid sentences; emptied if the answer is stopped meanwhile
   */
  async takeOver(error, unsaid) {
    const browser = await import('./browser.js').catch(() => null);
    const able = await browser?.Player.able();
    if (!unsaid.length) return;
    if (!browser || !able) {
      this.muted(error);
      return;
    }
    /** @type {Player} */
    const player = new browser.Player(this.#context.host, this);
    this.#speaker.player = player;
    for (const text of unsaid) player.say(text);
  }

  #stop() {
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
    this.#view.keepTyped();
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
    if (turn !== previous) this.#enter(turn);
    const nothingGoesOn = turn === 'idle' && !listener.state && !speaker.busy && !this.#conversation.running;
    if (nothingGoesOn && listener.open) listener.again();
    const speaking = speaker.sounding || (speaker.busy && turn === 'idle');
    const state = listener.state ?? (speaking ? 'speaking' : turn);
    this.#view.update(state, { isNew: state !== this.#activity.state, listening: listener.on });
    return state;
  }

  /** @param {TurnState} turn */
  #enter(turn) {
    if (turn === 'thinking') {
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
