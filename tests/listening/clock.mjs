// A clock that only moves when it is told to: it replaces the timers, `performance.now` and `Date.now`.
const settle = globalThis.setImmediate;

export class Clock {
  now = 0;
  #timers = new Map();
  #next = 1;

  install() {
    const epoch = Date.UTC(2026, 10, 29);
    Object.assign(globalThis, {
      setTimeout: (act, wait = 0) => this.#add(act, wait),
      setInterval: (act, wait) => this.#add(act, wait, wait),
      clearTimeout: (id) => this.#timers.delete(id),
      clearInterval: (id) => this.#timers.delete(id),
    });
    performance.now = () => this.now;
    Date.now = () => epoch + this.now;
  }

  /** Lets time pass, with everything that is due. */
  async advance(milliseconds) {
    const end = this.now + milliseconds;
    for (;;) {
      await settled();
      const [id, timer] = [...this.#timers].reduce((first, each) => (each[1].at < first[1].at ? each : first), [0, { at: Infinity }]);
      if (timer.at > end) break;
      this.now = Math.max(this.now, timer.at);
      if (timer.every) timer.at = this.now + timer.every;
      else this.#timers.delete(id);
      timer.act();
    }
    this.now = end;
    await settled();
  }

  /** The computer sleeps: time passes, and nothing happens. */
  sleep(milliseconds) {
    this.now += milliseconds;
  }

  #add(act, wait, every = 0) {
    const id = this.#next++;
    this.#timers.set(id, { act, at: this.now + Math.max(0, wait), every });
    return id;
  }
}

/** Everything that waits only for promises has happened. */
async function settled() {
  for (let round = 0; round < 4; round += 1) await new Promise((resolve) => settle(resolve));
}
