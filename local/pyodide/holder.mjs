// The Worker in which miniflare's D1 binding lives: it makes the calls that it is sent over HTTP.
const statement = (database, { sql, params }) => {
  const prepared = database.prepare(sql);
  return params.length ? prepared.bind(...params) : prepared;
};

const calls = {
  batch: (database, { statements }) => database.batch(statements.map((each) => statement(database, each))),
  exec: (database, { statements }) => database.exec(statements[0].sql),
  other: (database, { method, statements, args }) => statement(database, statements[0])[method](...args),
};

export default {
  async fetch(request, { DATABASE }) {
    const call = await request.json();
    try {
      const result = await (calls[call.method] ?? calls.other)(DATABASE, call);
      return Response.json({ result: result ?? null });
    } catch (error) {
      return Response.json({ error: error.message });
    }
  },
};
