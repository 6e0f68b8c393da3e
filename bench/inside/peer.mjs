// The agent as a Worker in plain JavaScript, to compare with: Hono, the `openai` package, and a store that reads the
// session for the history and again before each of the two messages it adds. It checks less than ours does.
import { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import OpenAI from "openai";

const MAX_MESSAGES = 10;
const TTL_SECONDS = 3600;

class SessionStorage {
  constructor(kv) {
    this.kv = kv;
  }

  async getSession(id) {
    return JSON.parse((await this.kv.get(`javascript:${id}`)) ?? "null");
  }

  async getConversationHistory(id) {
    return (await this.getSession(id))?.messages ?? [];
  }

  async addMessage(id, role, content) {
    const now = new Date().toISOString();
    const session = (await this.getSession(id)) ?? { sessionId: id, createdAt: now, messages: [] };
    session.messages = [...session.messages, { role, content, timestamp: now }].slice(-MAX_MESSAGES);
    session.lastActivity = now;
    await this.kv.put(`javascript:${id}`, JSON.stringify(session), { expirationTtl: TTL_SECONDS });
  }
}

const log = (message) => console.log(JSON.stringify({ level: "info", message }));

let client;
const clientFor = (env) => (client ??= new OpenAI({ apiKey: env.OPENAI_API_KEY, maxRetries: 1 }));

const app = new Hono();

app.post("/api/voice-agent/chat", async (context) => {
  const { question, sessionId } = await context.req.json();
  if (typeof question !== "string" || !question.trim()) return context.json({ error: "Question required" }, 400);
  if (typeof sessionId !== "string") return context.json({ error: "Session ID required" }, 400);
  const storage = new SessionStorage(context.env.VOICE_SESSIONS);
  const history = await storage.getConversationHistory(sessionId);
  log(`Session ${sessionId}: ${history.length} previous messages`);
  const body = {
    model: "gpt-6-luna",
    max_completion_tokens: 300,
    reasoning_effort: "none",
    messages: [
      { role: "system", content: context.env.SYSTEM },
      ...history.map(({ role, content }) => ({ role, content })),
      { role: "user", content: question },
    ],
  };
  const save = async (response) => {
    await storage.addMessage(sessionId, "user", question);
    await storage.addMessage(sessionId, "assistant", response);
    log(`Saved conversation to session ${sessionId}`);
    if (history.length >= MAX_MESSAGES) log(`Trimmed session to last ${MAX_MESSAGES} messages`);
    return { response, sessionId };
  };
  const { completions } = clientFor(context.env).chat;
  if (!context.req.header("accept")?.includes("text/event-stream")) {
    const completion = await completions.create(body);
    return context.json(await save(completion.choices[0].message.content));
  }
  const chunks = await completions.create({ ...body, stream: true, stream_options: { include_usage: true } });
  return streamSSE(context, async (stream) => {
    let response = "";
    for await (const chunk of chunks) {
      const text = chunk.choices[0]?.delta?.content;
      if (!text) continue;
      response += text;
      await stream.writeSSE({ event: "delta", data: JSON.stringify({ text }) });
    }
    await stream.writeSSE({ event: "done", data: JSON.stringify(await save(response)) });
  });
});

export default app;
