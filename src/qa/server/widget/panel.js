// The panel: a small page of our own in a frame, which asks the API and shows its answers as the chat page does.

import { rate, toClipboard, told } from "./acting.js";
import { isFinished, plainText, showExchange, textWithSources } from "./answer.js";
import { Refusal, askServer, fullCards } from "./asking.js";
import { dress } from "./colours.js";
import { button, make } from "./dom.js";
import { isFramed, listen, options, report, tell } from "./host.js";
import { pack, unpack } from "./keeping.js";
import { questionBox } from "./box.js";
import { articleScope } from "./scope.js";
import { answerView, cardOf, writingLines } from "./view.js";
import { currentLanguage, say, speakOnly } from "./words.js";

const HISTORY_TURNS = 6; // that a follow-up may lean on

const given = JSON.parse(document.querySelector("#qa-given").textContent);
window.qaTexts = { [given.language]: given.texts };
speakOnly(given.language);
dress(options.theme, options.color);

const exchanges = [];
let running = null; // stops the answer that is on its way
let again = false; // the next question takes the last one's place

const header = make("header", { class: "qa-header" });
const log = make("div", { class: "qa-log", role: "log", "aria-live": "off", "aria-label": say("conversation"), tabindex: "0" });
const status = make("div", { class: "qa-status", role: "status" });
const box = questionBox(given.limit, ask);
const scope = articleScope(() => log.querySelector(".qa-welcome")?.replaceWith(welcome()));
const doors = {
  ask,
  retry,
  edit,
  copy,
  widen,
  stop: () => running?.abort(),
  rate: (exchange, rating, reason = "") => rate(exchange, rating, reason, status, redraw),
  limit: given.limit,
};

// Asking

async function ask(text) {
  const question = text.trim();
  if (running) return box.fill(text); // it waits in the box
  if (!question) return box.focus();
  const exchange = begin(question);
  if ([...question].length > given.limit) return finish(exchange, { state: "refused", reason: "too_long" });
  running = new AbortController();
  try {
    await follow(exchange, running.signal);
  } catch (error) {
    refused(exchange, error);
  }
  running = null;
  if (!isFinished(exchange.view)) finish(exchange, { state: "stopped" });
}

function begin(question) {
  const history = turns();
  if (again) exchanges.pop()?.element?.remove();
  again = false;
  const key = `q${crypto.getRandomValues(new Uint32Array(1))[0].toString(36)}`;
  const exchange = { key, question, history, article_id: scope.articleId(), view: { state: "searching" } };
  log.querySelector(".qa-welcome")?.remove();
  exchanges.push(exchange);
  log.append(showExchange(exchange, doors));
  log.scrollTop += exchange.element.getBoundingClientRect().top - log.getBoundingClientRect().top; // read from its question on
  box.clear();
  showHeader();
  keepAll();
  report("question", { question, article_id: exchange.article_id });
  return exchange;
}

const turns = () =>
  (again ? exchanges.slice(0, -1) : exchanges)
    .filter((exchange) => exchange.view.state === "done")
    .slice(-HISTORY_TURNS)
    .map((exchange) => ({ question: exchange.question, answer: plainText(exchange.view) }));

async function follow(exchange, signal) {
  const { question, history, article_id } = exchange;
  let citations = [];
  const sentences = [];
  for await (const [name, data] of askServer({ question, history, article_id }, signal)) {
    if (name === "evidence") {
      citations = data.citations;
      exchange.view = { state: "writing", cards: citations.map(cardOf), lines: [] };
    } else if (name === "sentence") {
      sentences.push(data);
      exchange.view = { ...exchange.view, lines: writingLines(sentences, citations) };
    } else if (name === "done") {
      return answered(exchange, data.answer);
    } else if (name === "error") {
      throw new Refusal("failed");
    }
    redraw(exchange);
  }
  if (!signal.aborted) throw new Refusal("unreachable");
}

async function answered(exchange, answer) {
  const cards = answer.citations.length ? await fullCards(answer.trace_id) : null;
  finish(exchange, { ...answerView(answer), ...(cards && { cards }), widen: Boolean(exchange.article_id) && answer.status === "declined" });
  const { question, status: outcome, text, confidence, trace_id } = answer;
  const citations = answer.citations.map(({ n, article_id, title, url, quote }) => ({ n, article_id, title, url, quote }));
  report("answer", { question, status: outcome, text, confidence, trace_id, citations });
}

// The typed question is the reader's: it goes back into the box.
function refused(exchange, error) {
  const { reason, seconds, status: code } = error instanceof Refusal ? error : new Refusal("failed");
  finish(exchange, { state: "refused", reason, seconds });
  if (box.isEmpty()) {
    box.fill(exchange.question);
    again = true;
  }
  report("error", { reason, status: code, question: exchange.question });
}

function finish(exchange, view) {
  exchange.view = { ...exchange.view, ...view };
  redraw(exchange);
  status.textContent = plainText(exchange.view) || exchange.element.querySelector(".qa-notice")?.textContent || "";
  keepAll();
}

function redraw(exchange) {
  showExchange(exchange, doors);
  if (isFinished(exchange.view)) keepAll();
}

function keepAll() {
  tell("keep", { text: pack(exchanges.map(({ element, drawn, history, ...kept }) => ({
    ...kept,
    view: isFinished(kept.view) ? kept.view : { ...kept.view, state: "stopped" },
  }))) });
}

// Shows the conversation of the page before, or how to begin one.
function begun(text) {
  exchanges.push(...unpack(text));
  try {
    log.replaceChildren(...exchanges.map((exchange) => showExchange(exchange, doors)));
  } catch {
    exchanges.length = 0; // it was not ours
  }
  if (!exchanges.length) log.replaceChildren(welcome());
  log.scrollTop = log.scrollHeight;
  showHeader();
}

// What a reader can do with an answer

function retry(exchange) {
  again = exchange === exchanges.at(-1);
  ask(exchange.question);
}

function edit(exchange) {
  again = exchange === exchanges.at(-1);
  box.fill(exchange.question);
  box.focus();
}

function widen(exchange) {
  scope.widen();
  retry(exchange);
}

async function copy(exchange) {
  const done = await toClipboard(textWithSources(exchange.view));
  told(exchange, "copy", done ? "copied" : "failed_copy", status);
}

function clear() {
  running?.abort();
  exchanges.length = 0;
  again = false;
  keepAll();
  log.replaceChildren(welcome());
  showHeader();
  box.focus();
}

function sourceClicked(event) {
  const link = event.target.closest("a.qa-title");
  if (!link || event.button > 1) return;
  const exchange = exchanges.find((one) => one.element.contains(link));
  const card = exchange?.view.cards.find(({ n }) => link.closest(".qa-card").id === `${exchange.key}-${n}`);
  if (card) report("source-click", { n: card.n, article_id: card.article_id, title: card.title, url: card.link });
}

// What stands around the conversation

function showHeader() {
  const tools = [];
  if (exchanges.length) tools.push(button(say("clear"), clear, { class: "qa-tool" }));
  if (isFramed && !options.isInline) {
    tools.push(button("×", () => tell("close"), { class: "qa-tool qa-close", "aria-label": say("close") }));
  }
  header.replaceChildren(make("div", { class: "qa-name" }, make("h1", {}, options.title || say("page_title"))), make("div", { class: "qa-tools" }, tools));
}

function welcome() {
  const examples = options.questions.length ? options.questions : (scope.examples() ?? given.examples);
  return make(
    "section",
    { class: "qa-welcome" },
    make("p", {}, say("greeting")),
    examples.length ? make("p", { class: "qa-try" }, say("try")) : null,
    make("ul", { class: "qa-suggestions" }, examples.map((text) => make("li", {}, button(text, () => ask(text), { class: "qa-suggestion" })))),
  );
}

function footer() {
  const link = options.privacy && make("a", { href: options.privacy, target: "_blank", rel: "noopener" }, say("privacy"));
  return make("p", { id: "qa-footer" }, make("span", {}, say("disclaimer")), link ? " " : null, link);
}

document.querySelector("#qa-root").append(header, log, scope.element, status, box.element, footer());
document.title = options.title || say("page_title");
showHeader();

for (const kind of ["click", "auxclick"]) log.addEventListener(kind, sourceClicked);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.isComposing && event.keyCode !== 229) tell("close");
});
listen({
  kept: ({ text }) => exchanges.length || begun(text),
  open: ({ article }) => {
    scope.setArticle(article);
    if (matchMedia("(pointer: coarse)").matches) log.focus(); // a phone's keyboard would cover what there is to read
    else box.focus();
  },
  ask: ({ text, article }) => {
    scope.setArticle(article);
    ask(String(text));
  },
  article: ({ article }) => scope.setArticle(article),
});
scope.setArticle(options.article);
if (isFramed) tell("ready");
else begun("");
