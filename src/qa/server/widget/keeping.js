// The conversation as text, which the page around keeps while the reader moves through the site in one tab. A frame of
// another site may often keep nothing itself. What comes back is checked: other scripts of that page can write to it.

import { webAddress } from "./addresses.js";

const EXCHANGES = 10; // the oldest make room
const MAX_CHARS = 300_000; // the loader keeps no more
const EXPIRES_MS = 2 * 60 * 60_000; // since the last answer
const FORM = 1; // of what is kept; anything else is forgotten

export function pack(exchanges) {
  let kept = exchanges.slice(-EXCHANGES);
  const text = () => JSON.stringify({ form: FORM, at: Date.now(), exchanges: kept });
  while (kept.length && text().length > MAX_CHARS) kept = kept.slice(1);
  return kept.length ? text() : "";
}

export function unpack(text) {
  try {
    const { form, at, exchanges } = JSON.parse(text);
    const age = Date.now() - at;
    if (form !== FORM || !(age >= 0 && age < EXPIRES_MS)) return [];
    return exchanges.slice(-EXCHANGES).map(exchangeOf);
  } catch {
    return [];
  }
}

// Throws where something is missing or of another kind.
function exchangeOf({ key, question, article_id, rating, thanked, view }) {
  if (!/^q\w{1,20}$/.test(key) || !["done", "refused", "stopped"].includes(view.state)) throw new TypeError("exchange");
  return {
    key,
    question: String(question),
    article_id: article_id ? String(article_id) : null,
    rating: ["up", "down"].includes(rating) ? rating : null,
    thanked: thanked === true,
    view: {
      ...view,
      cards: (view.cards ?? []).map(cardOf),
      lines: (view.lines ?? []).map((line) => ({ short: line.short === true, pieces: [...line.pieces] })),
      suggestions: (view.suggestions ?? []).map(String),
    },
  };
}

const cardOf = (card) => ({
  ...card,
  n: Number(card.n),
  link: webAddress(card.link),
  paragraph: card.paragraph?.map(String) ?? null,
  copies: (card.copies ?? []).map((copy) => ({ ...copy, link: webAddress(copy.link) })),
});
