// Answers the calls of stores.mjs, in order.
import { parentPort, workerData } from "node:worker_threads";
import { DatabaseSync } from "node:sqlite";

const values = new Map();
const database = new DatabaseSync(":memory:");
database.exec(workerData);

const rows = ({ sql, params }) => ({
  success: true,
  meta: { duration: 0, changes: 0, last_row_id: 0, changed_db: false, size_after: 0, rows_read: 0, rows_written: 0 },
  results: database.prepare(sql).all(...params),
});

const transaction = (statements) => {
  database.exec("BEGIN");
  try {
    const results = statements.map(rows);
    database.exec("COMMIT");
    return results;
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
};

const calls = {
  get: (key) => values.get(key) ?? null,
  put: (key, value) => void values.set(key, value),
  delete: (key) => void values.delete(key),
  all: ([statement]) => rows(statement),
  batch: transaction,
};

parentPort.on("message", ([name, ...args]) => {
  try {
    parentPort.postMessage({ result: calls[name](...args) });
  } catch (error) {
    parentPort.postMessage({ error: `D1_ERROR: ${error.message}` });
  }
});
