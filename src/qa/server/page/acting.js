// What a reader does with an answer, on the chat page and in the widget: copying, and thumbs.

import { make } from "./dom.js";
import { say } from "./words.js";

const TOLD_MS = 2500; // that a button says what it did

// Says on the button `name` of an exchange, and to a screen reader, what came of it.
export function told(exchange, name, key, status) {
  const words = exchange.element.querySelector(`[data-name="${name}"] span:last-child`);
  if (words) words.textContent = say(key);
  status.textContent = say(key);
  setTimeout(() => words?.isConnected && (words.textContent = say(name)), TOLD_MS);
}

// Shows a thumb as pressed, and takes it back where the server could not keep it.
export async function rate(exchange, rating, reason, status, redraw) {
  const before = { rating: exchange.rating, thanked: exchange.thanked };
  exchange.rating = rating;
  exchange.thanked = rating === "up" || Boolean(reason);
  redraw(exchange);
  const sent = { trace_id: exchange.view.trace_id, rating, reason };
  const headers = { "Content-Type": "application/json" };
  const reply = await fetch("api/feedback", { method: "POST", headers, body: JSON.stringify(sent) }).catch(() => null);
  if (!reply?.ok) Object.assign(exchange, before);
  if (!reply?.ok) redraw(exchange);
  status.textContent = reply?.ok ? say("thanks") : say("failed");
}

export async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Only https and this machine's own pages have a clipboard to write to; the old way works everywhere.
    const field = make("textarea", { class: "qa-offscreen", readonly: true });
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}
