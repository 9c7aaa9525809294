// A question to the server, and the events of its answer.

const PATIENCE_MS = 60_000; // without a sign of the server
const CARDS_MS = 3000; // that an answer waits for what lies folded under its quotes
const HOUR_SECONDS = 3600; // who is to wait longer has met the limit of a day

// Why there is no answer: `reason` names the words for it, `seconds` says when to ask again, `status` is HTTP's.
export class Refusal extends Error {
  constructor(reason, status = 0, seconds = null) {
    super(reason);
    Object.assign(this, { reason, status, seconds });
  }
}

// Yields [name, data] of each event: evidence, sentence, done. Throws a Refusal; ends quietly where `stop` is aborted.
export async function* askServer(question, stop) {
  const patience = new AbortController();
  const alive = () => (clearTimeout(patience.timer), (patience.timer = setTimeout(() => patience.abort(), PATIENCE_MS)));
  stop.addEventListener("abort", () => patience.abort());
  try {
    alive();
    const reply = await fetch("api/ask", {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
      body: JSON.stringify(question),
      signal: patience.signal,
    });
    if (!reply.ok) throw refusalOf(reply);
    for await (const event of events(reply.body, alive)) yield event;
  } catch (error) {
    if (stop.aborted) return;
    if (error instanceof Refusal) throw error;
    throw new Refusal(error instanceof SyntaxError ? "failed" : "unreachable"); // an event that is no JSON; the network
  } finally {
    clearTimeout(patience.timer);
    patience.abort();
  }
}

// The quotes of an answer as the chat page shows them, with their paragraphs and near copies; null where that fails.
export async function fullCards(trace_id) {
  try {
    const reply = await fetch(`widget/cards?${new URLSearchParams({ trace_id })}`, { signal: AbortSignal.timeout(CARDS_MS) });
    return reply.ok ? (await reply.json()).cards : null;
  } catch {
    return null;
  }
}

function refusalOf(reply) {
  const seconds = Number(reply.headers.get("Retry-After")) || null;
  if (![429, 503].includes(reply.status)) return new Refusal("failed", reply.status);
  if (seconds > HOUR_SECONDS) return new Refusal("closed_today", reply.status, seconds);
  return new Refusal(reply.status === 429 && seconds ? "too_many" : "busy", reply.status, seconds);
}

// The events of a stream (https://html.spec.whatwg.org/multipage/server-sent-events.html); unknown fields are passed over.
async function* events(body, alive) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    alive();
    const blocks = (text + value).split(/\r?\n\r?\n/);
    text = blocks.pop();
    for (const block of blocks) {
      const event = eventOf(block);
      if (event) yield event;
    }
  }
}

function eventOf(block) {
  let name = "message";
  const data = [];
  for (const line of block.split(/\r?\n/)) {
    if (line.startsWith("event:")) name = line.slice(6).trim();
    else if (line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""));
  }
  return data.length ? [name, JSON.parse(data.join("\n"))] : null;
}
