// A visitor who talks hands-free, by a seeded script. The microphone is made of sound: recorded speech, each piece with a
// tone of its own beneath it, by which the recogniser that replaces `POST /transcribe` finds what is in a recording.
(() => {
  const RATE = 16_000;
  const TONES = 16;
  const TONE_VOLUME = 0.04;
  const WINDOW = RATE / 10;
  // A piece of which half was recorded is understood.
  const UNDERSTOOD = 0.5;
  const hertz = (index) => 2600 + 150 * index;
  const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

  const context = new AudioContext();
  const microphone = context.createMediaStreamDestination();
  navigator.mediaDevices.getUserMedia = async () => microphone.stream.clone();

  const said = [];
  const asked = [];
  const speaking = [];
  let state = 'idle';
  let since = 0;
  addEventListener('voice-agent:state', ({ detail }) => {
    if (state === 'speaking') speaking.push(performance.now() - since);
    state = detail.state;
    since = performance.now();
  });

  const { fetch } = window;
  window.fetch = async (url, init) => {
    if (String(url).endsWith('/chat')) asked.push(JSON.parse(init.body));
    if (!String(url).endsWith('/transcribe')) return fetch(url, init);
    const text = await recognize(await init.body.get('file').arrayBuffer());
    init.signal.throwIfAborted();
    return Response.json({ text });
  };

  async function recognize(bytes) {
    const sound = (await new OfflineAudioContext(1, RATE, RATE).decodeAudioData(bytes)).getChannelData(0);
    const found = [];
    for (let index = 0; index < TONES; index += 1) {
      const piece = said.findLast((each) => each.tone === index);
      const windows = [];
      for (let at = 0; at + WINDOW <= sound.length; at += WINDOW / 2) {
        if (hasTone(sound.subarray(at, at + WINDOW), hertz(index))) windows.push(at);
      }
      if (piece && (windows.length * WINDOW) / 2 / RATE >= UNDERSTOOD * piece.seconds) found.push([windows[0], piece.text]);
    }
    return found.sort(([one], [other]) => one - other).map(([, text]) => text).join(' ');
  }

  /** Whether a window has much more of a frequency than of those beside it. */
  function hasTone(samples, frequency) {
    const beside = Math.max(power(samples, frequency - 60), power(samples, frequency + 60), 1e-3);
    return power(samples, frequency) > 6 * beside;
  }

  function power(samples, frequency) {
    const factor = 2 * Math.cos((2 * Math.PI * frequency) / RATE);
    let [one, two] = [0, 0];
    for (const sample of samples) [one, two] = [sample + factor * one - two, one];
    return one * one + two * two - factor * one * two;
  }

  function generator(seed) {
    let value = seed;
    return () => (value = (value * 16_807) % 2_147_483_647) / 2_147_483_647;
  }

  window.converse = async (turns, seed, clips) => {
    await context.resume();
    const voices = await Promise.all(
      clips.map(async (clip) => context.decodeAudioData(Uint8Array.from(atob(clip), (byte) => byte.charCodeAt(0)).buffer)),
    );
    const chance = generator(seed);
    const between = (least, most) => least + chance() * (most - least);
    const groups = [];
    let interruptions = 0;

    const say = async (mark, isNew = false) => {
      const tone = said.length % TONES;
      const buffer = voices[Math.floor(chance() * voices.length)];
      const text = `w${said.length}${mark}`;
      said.push({ tone, text, seconds: buffer.duration });
      if (isNew) groups.push([]);
      groups.at(-1).push(text);
      const speech = new AudioBufferSourceNode(context, { buffer });
      const beneath = new OscillatorNode(context, { frequency: hertz(tone) });
      const volume = new GainNode(context, { gain: TONE_VOLUME });
      speech.connect(microphone);
      beneath.connect(volume).connect(microphone);
      for (const source of [speech, beneath]) source.start();
      beneath.stop(context.currentTime + buffer.duration);
      await new Promise((resolve) => (speech.onended = resolve));
    };
    const knock = () => {
      const beat = new OscillatorNode(context, { frequency: 150 });
      const volume = new GainNode(context, { gain: 0.3 });
      volume.gain.setTargetAtTime(0, context.currentTime, 0.02);
      beat.connect(volume).connect(microphone);
      beat.start();
      beat.stop(context.currentTime + 0.2);
    };
    /** Waits until the agent has spoken for a while; false if it does not. */
    const hears = async (milliseconds) => {
      for (let waited = 0; waited < 8000 && state !== 'speaking'; waited += 20) await wait(20);
      await wait(milliseconds);
      return state === 'speaking';
    };
    const kinds = {
      async pause() {
        await say(' and', true);
        await wait(between(300, 1000));
        await say('?');
      },
      async late() {
        await say('.', true);
        await wait(between(350, 800));
        await say('?');
      },
      async interruption() {
        await say('?', true);
        if (!(await hears(1400))) return;
        interruptions += 1;
        await say('?', true);
      },
      plain: () => say('?', true),
      async noise() {
        knock();
        await wait(between(100, 1000));
        await say('?', true);
      },
      async noisyAnswer() {
        await say('?', true);
        if (await hears(between(100, 700))) knock();
      },
    };
    const names = Object.keys(kinds);
    const whole = [];
    for (let turn = 0; turn < turns; turn += 1) {
      const kind = names[turn < names.length ? turn : Math.floor(chance() * names.length)];
      await kinds[kind]();
      let quiet = 0;
      for (let waited = 0; quiet < 1000; waited += 50) {
        if (waited > 30_000) return { stuck: `${turn} ${kind} ${state}`, groups, asked };
        const isAsked = asked.at(-1)?.question.endsWith(said.at(-1).text);
        quiet = state === 'listening' && isAsked ? quiet + 50 : 0;
        await wait(50);
      }
      if (kind === 'noisyAnswer') whole.push(speaking.at(-1));
    }
    return { stuck: null, groups, asked, interruptions, speaking, whole };
  };
})();
