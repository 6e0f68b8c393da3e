// Randomness for WebAssembly and for JavaScript called from Python: refused while start-up code runs, unless `allowed`
// calls are left. Python's side of the guard is runtime/_cloudflare.
import crypto from "node:crypto";

const EIO = 29;
// An allowed call gets the same bytes every time, as in a memory snapshot.
const FILLING = 43;
const GLOBAL_SCOPE = "Disallowed operation called within global scope: randomness while a Worker is starting";

export class EntropyBudget {
  open = true;
  allowed = 0;
  asking = "?";
  calls = [];

  // `refusal` creates the error thrown for WebAssembly, whose errno is returned to the C code.
  guard(refusal) {
    const fill = crypto.randomFillSync;
    crypto.randomFillSync = (view, ...rest) => (this.open ? fill(view, ...rest) : this.#spend(view, refusal));
    for (const name of ["getRandomValues", "randomUUID"]) this.#close(globalThis.crypto, name);
    this.open = false;
  }

  #spend(view, refusal) {
    if (this.allowed <= 0) {
      this.refused();
      throw refusal(EIO);
    }
    this.allowed -= 1;
    this.calls.push({ asking: this.asking, granted: true });
    return view.fill(FILLING);
  }

  refused() {
    this.calls.push({ asking: this.asking, granted: false });
  }

  #close(owner, name) {
    const real = owner[name].bind(owner);
    owner[name] = (...args) => {
      if (this.open) return real(...args);
      this.asking = `crypto.${name}`;
      this.refused();
      throw new Error(GLOBAL_SCOPE);
    };
  }
}
