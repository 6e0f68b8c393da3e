/** @import { State } from '../../events.js' */

// Two tones each, in hertz: rising to the visitor, falling to the agent, low if something failed.
/** @type {Partial<Record<State, [number, number]>>} */
const TONES = { listening: [440, 660], transcribing: [660, 440], error: [220, 165] };
const TONE_SECONDS = 0.08;
const VOLUME = 0.1;
const FADE_SECONDS = 0.02;

/**
 * Plays the cue of a state, if it has one.
 *
 * @param {AudioContext} audio
 * @param {State} state
 */
export function playCue(audio, state) {
  const gain = new GainNode(audio, { gain: 0 });
  gain.connect(audio.destination);
  TONES[state]?.forEach((frequency, index) => {
    const tone = new OscillatorNode(audio, { frequency });
    const from = audio.currentTime + index * TONE_SECONDS;
    tone.connect(gain);
    gain.gain.setTargetAtTime(VOLUME, from, FADE_SECONDS / 2);
    gain.gain.setTargetAtTime(0, from + TONE_SECONDS - FADE_SECONDS, FADE_SECONDS / 2);
    tone.start(from);
    tone.stop(from + 2 * TONE_SECONDS);
  });
}
