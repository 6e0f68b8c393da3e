// The D1 binding of an isolate: its calls go to the database that serve_d1.mjs serves. They can be counted, awaited and
// made to fail.

const TELLS_ROWS = ["all", "run", "batch"];

const unsupported = (value) => {
  throw new Error(`D1_TYPE_ERROR: Type '${typeof value}' not supported for value '${value}'`);
};

// What workerd's own binding turns values into (its d1-api.ts), which is also all that JSON can carry.
function converted(value) {
  if (value === null || typeof value === "number" || typeof value === "string") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (Array.isArray(value) && value.every((each) => typeof each === "number" && each >= 0 && each < 256)) return value;
  if (value instanceof ArrayBuffer) return Array.from(new Uint8Array(value));
  return ArrayBuffer.isView(value) ? Array.from(value) : unsupported(value);
}

// The Workers SDK recognizes a binding by the name of its class. `call` is given a method, the statements and arguments.
export class D1Database {
  #call;

  constructor(call) {
    this.#call = call;
  }

  prepare(sql) {
    return new D1PreparedStatement(this.#call, sql, []);
  }

  batch(statements) {
    return this.#call("batch", statements);
  }

  exec(sql) {
    return this.#call("exec", [{ sql, params: [] }]);
  }

  withSession() {
    return new D1DatabaseSession(this);
  }
}

class D1DatabaseSession {
  #database;

  constructor(database) {
    this.#database = database;
  }

  prepare(sql) {
    return this.#database.prepare(sql);
  }

  batch(statements) {
    return this.#database.batch(statements);
  }
}

class D1PreparedStatement {
  #call;

  constructor(call, sql, params) {
    this.#call = call;
    this.sql = sql;
    this.params = params;
  }

  bind(...values) {
    return new D1PreparedStatement(this.#call, this.sql, values.map(converted));
  }

  all() {
    return this.#call("all", [this]);
  }

  run() {
    return this.#call("run", [this]);
  }

  first(...args) {
    return this.#call("first", [this], args);
  }

  raw(...args) {
    return this.#call("raw", [this], args);
  }
}

export class CountedD1 {
  // Calls by operation, their milliseconds, and the rows that those in TELLS_ROWS read and wrote.
  counts = {};
  binding = new D1Database((...call) => this.#called(...call));
  #url;
  #failures = [];

  constructor(url) {
    this.#url = url;
  }

  async #called(method, statements, args = []) {
    this.#count(method, 1);
    const index = this.#failures.findIndex((planned) => planned.operation === method);
    const [failure] = index < 0 ? [] : this.#failures.splice(index, 1);
    if (failure && !failure.afterwards) throw new Error(failure.message);
    const begin = performance.now();
    const { result, error } = await this.#send({ method, args, statements });
    this.#count("milliseconds", performance.now() - begin);
    if (failure || error !== undefined) throw new Error(failure?.message ?? error);
    if (TELLS_ROWS.includes(method)) [result].flat().forEach(({ meta }) => this.#countRows(meta));
    return result;
  }

  async #send(call) {
    const response = await fetch(this.#url, { method: "POST", body: JSON.stringify(call) });
    return await response.json();
  }

  #count(name, number) {
    this.counts[name] = (this.counts[name] ?? 0) + number;
  }

  #countRows(meta) {
    this.#count("rows_read", meta.rows_read);
    this.#count("rows_written", meta.rows_written);
  }

  // Operations for tests.
  operations = {
    counts: () => this.counts,
    // With `afterwards`, the call is carried out first.
    failNext: ({ operation, message, afterwards }) => this.#failures.push({ operation, message, afterwards }),
    reset: () => {
      this.counts = {};
      this.#failures = [];
    },
  };
}
