// One question with its answer: the lines, and a card for each citation. Also what the widget is to show.

import { action, button, make } from "./dom.js";
import { currentLanguage, say, sayDay } from "./words.js";

// Shows as much of an exchange as there is. `doors` is what its buttons do: ask, retry, edit, rate, copy, share, stop.
// Only what has changed is drawn anew, so that nothing moves under a reader's hand.
export function showExchange(exchange, doors) {
  const { view } = exchange;
  const element = (exchange.element ??= skeleton(exchange));
  const finished = isFinished(view);
  element.className = `qa-exchange qa-${view.status ?? view.state}`;
  element.setAttribute("aria-busy", String(!finished));
  const said = [view.lines, view.standalone, view.state, view.reason, view.notice, view.suggestions];
  draw(exchange, ".qa-said", said, () => saidPart(exchange, doors));
  const opinion = finished ? [view.status, view.trace_id, exchange.rating, exchange.thanked] : view.state;
  draw(exchange, ".qa-after", opinion, () => (finished ? afterPart(exchange, doors) : stopPart(view, doors)));
  draw(exchange, ".qa-evidence", view.cards, () => cardsPart(exchange));
  return element;
}

const skeleton = (exchange) =>
  make(
    "article",
    {},
    make("h2", { class: "qa-question" }, exchange.question),
    make(
      "div",
      { class: "qa-reply" },
      make("div", { class: "qa-answer" }, make("div", { class: "qa-said" }), make("div", { class: "qa-after" })),
      make("section", { class: "qa-evidence", hidden: true }),
    ),
  );

function draw(exchange, selector, content, build) {
  const drawn = (exchange.drawn ??= {});
  const now = JSON.stringify([content, currentLanguage()]);
  if (drawn[selector] === now) return;
  drawn[selector] = now;
  const part = exchange.element.querySelector(selector);
  const held = part.contains(document.activeElement) ? document.activeElement.dataset.name : null;
  part.replaceChildren(...build());
  if (held) part.querySelector(`[data-name="${CSS.escape(held)}"]`)?.focus();
}

export const isFinished = (view) => ["done", "refused", "stopped"].includes(view.state);

// What a screen reader is told, once, and what is copied.
export function plainText(view) {
  return (view.lines ?? []).map(textOf).join("\n");
}

export function textWithSources(view) {
  const sources = (view.cards ?? []).map((card) => {
    const about = [titleOf(card), card.source, card.author, card.published && sayDay(card.published)];
    return `[${card.n}] ${about.filter(Boolean).join(" · ")}${card.link ? `\n    ${card.link}` : ""}`;
  });
  return [plainText(view), sources.join("\n")].filter(Boolean).join("\n\n");
}

const textOf = (line) => line.pieces.map((piece) => (typeof piece === "number" ? `[${piece}]` : piece)).join("");

const titleOf = (record) => record.title || say("untitled");

function saidPart(exchange, doors) {
  const { view } = exchange;
  const said = [];
  if (view.standalone) said.push(make("p", { class: "qa-understood" }, say("understood", { question: view.standalone })));
  for (const line of view.lines ?? []) said.push(lineOf(line, exchange));
  if (view.state === "refused") said.push(make("p", { class: "qa-notice" }, say(view.reason, { limit: doors.limit, seconds: view.seconds })));
  if (view.state === "stopped") said.push(make("p", { class: "qa-notice" }, say("stopped")));
  if (view.notice) said.push(make("p", { class: "qa-notice" }, view.notice));
  if (view.suggestions?.length) said.push(suggestions(view.suggestions, doors));
  if (view.widen) said.push(make("p", { class: "qa-suggestions" }, button(say("unscope"), () => doors.widen(exchange), { class: "qa-suggestion" })));
  return said;
}

const stopPart = (view, doors) => [
  make("span", { class: "qa-searching" }, say(view.state === "writing" ? "writing" : "loading"), make("span", { class: "qa-dots", "aria-hidden": "true" }, "…")),
  button(say("stop"), doors.stop, { class: "qa-stop", "data-name": "stop" }),
];

function lineOf(line, exchange) {
  const pieces = line.pieces.map((piece) => (typeof piece === "number" ? markOf(piece, exchange) : piece));
  return make("p", { class: line.short ? "qa-short" : null }, pieces);
}

// A mark and its card light each other up, and lead to each other.
function markOf(n, exchange) {
  const lit = (on) => () => cardOf(exchange, n)?.classList.toggle("qa-lit", on);
  return make(
    "a",
    {
      class: "qa-mark",
      href: `#${exchange.key}-${n}`,
      "data-n": n,
      "aria-label": say("quote_n", { n }),
      onclick: (event) => {
        event.preventDefault();
        goTo(cardOf(exchange, n));
      },
      onmouseenter: lit(true),
      onmouseleave: lit(false),
      onfocus: lit(true),
      onblur: lit(false),
    },
    `[${n}]`,
  );
}

const cardOf = (exchange, n) => document.getElementById(`${exchange.key}-${n}`);

function goTo(element) {
  if (!element) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
  element.focus({ preventScroll: true });
}

const suggestions = (texts, doors) =>
  make(
    "ul",
    { class: "qa-suggestions" },
    texts.map((text) => make("li", {}, button(text, () => doors.ask(text), { class: "qa-suggestion" }))),
  );

function cardsPart(exchange) {
  const cards = exchange.view.cards ?? [];
  const section = exchange.element.querySelector(".qa-evidence");
  section.hidden = !cards.length;
  section.setAttribute("aria-label", `${say("evidence")}: ${exchange.question}`); // one name for each
  return cards.length ? [make("ol", { class: "qa-cards" }, cards.map((card) => cardPart(card, exchange)))] : [];
}

function cardPart(card, exchange) {
  const marks = () => exchange.element.querySelectorAll(`.qa-mark[data-n="${card.n}"]`);
  const lit = (on) => () => marks().forEach((mark) => mark.classList.toggle("qa-lit", on));
  return make(
    "li",
    {
      class: "qa-card",
      id: `${exchange.key}-${card.n}`,
      tabindex: "-1",
      "data-name": `card-${card.n}`,
      onmouseenter: lit(true),
      onmouseleave: lit(false),
      onfocusin: lit(true),
      onfocusout: lit(false),
    },
    make(
      "h3",
      { class: "qa-headline" },
      button(String(card.n), () => goTo(marks()[0]), { class: "qa-number", "aria-label": say("back_to", { n: card.n }) }),
      card.link ? linkTo(card.link, titleOf(card), "qa-title") : make("span", { class: "qa-title" }, titleOf(card)),
    ),
    about(card),
    make("blockquote", { class: "qa-quote" }, quoteOf(card)),
    contextOf(card),
    copiesOf(card),
  );
}

export const linkTo = (link, text, name) =>
  make("a", { class: name, href: link, target: "_blank", rel: "noopener noreferrer" }, text);

export function about(record) {
  const day = record.published && make("time", { datetime: record.published }, sayDay(record.published));
  const parts = [record.source, record.author].filter(Boolean).map((text) => make("span", {}, text));
  const all = [...parts, day].filter(Boolean);
  return all.length ? make("div", { class: "qa-meta" }, all) : null;
}

function quoteOf(card) {
  const [before, words, after] = card.quote;
  return [before, words ? make("mark", {}, words) : null, after];
}

function contextOf(card) {
  if (!card.paragraph) return null;
  const [before, after] = card.paragraph;
  return make(
    "details",
    { class: "qa-context" },
    make("summary", { "data-name": `context-${card.n}` }, say("context")),
    make("p", {}, before, make("span", { class: "qa-here" }, quoteOf(card)), after),
  );
}

function copiesOf(card) {
  if (!card.copies.length) return null;
  return make(
    "details",
    { class: "qa-copies" },
    make("summary", { "data-name": `copies-${card.n}` }, say("copies", { count: card.copies.length })),
    make("ul", {}, card.copies.map(copyPart)),
  );
}

function copyPart(copy) {
  const title = copy.link ? linkTo(copy.link, titleOf(copy), "qa-title") : make("span", { class: "qa-title" }, titleOf(copy));
  return make("li", {}, title, about(copy));
}

function afterPart(exchange, doors) {
  const { view } = exchange;
  if (view.reason === "blank") return [];
  const row = [];
  if (view.status === "answered") {
    row.push(action("copy", say("copy"), () => doors.copy(exchange), { "data-name": "copy" }));
    if (doors.share) row.push(action("share", say("share"), () => doors.share(exchange), { "data-name": "share" }));
  }
  if (view.trace_id && view.status !== "greeting") row.push(thumb(exchange, doors, "up"), thumb(exchange, doors, "down"));
  row.push(action("retry", say("retry"), () => doors.retry(exchange), { "data-name": "retry", title: say("retry"), class: "qa-action qa-newest" }));
  row.push(action("edit", say("edit"), () => doors.edit(exchange), { "data-name": "edit", title: say("edit"), class: "qa-action qa-newest" }));
  return [make("div", { class: "qa-actions" }, row), reasonPart(exchange, doors)].filter(Boolean);
}

function thumb(exchange, doors, rating) {
  const pressed = exchange.rating === rating;
  return action(rating, say(rating), () => doors.rate(exchange, pressed ? null : rating), {
    "aria-pressed": String(pressed),
    "data-name": rating,
  });
}

function reasonPart(exchange, doors) {
  if (exchange.thanked) return make("p", { class: "qa-thanks" }, say("thanks"));
  if (exchange.rating !== "down") return null;
  const box = make("input", { class: "qa-reason", maxlength: 500, placeholder: say("reason"), "aria-label": say("reason") });
  const send = (event) => {
    event.preventDefault();
    doors.rate(exchange, "down", box.value);
  };
  return make("form", { class: "qa-why", onsubmit: send }, box, make("button", { type: "submit" }, say("send_reason")));
}
