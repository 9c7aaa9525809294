// The conversation: what is asked, what comes back, and what a reader can do with it. Gradio carries both ways.

import * as acting from "./acting.js";
import { isFinished, plainText, showExchange, textWithSources } from "./answer.js";
import { browser } from "./browse.js";
import { button, make } from "./dom.js";
import { LANGUAGES, currentLanguage, say, sayDay, speak } from "./words.js";

export function start({ element, props, watch, send }) {
  const exchanges = [];
  let facts = null; // what the server says of the articles
  let scope = null; // the one article that is asked about
  let again = false; // the next question takes the last one's place
  let waiting;
  let shared = new URLSearchParams(location.search);
  let boxLanguage = "zh-Hant"; // of the question box, which is the server's to draw

  const header = make("header", { class: "qa-header" });
  const log = make("div", { class: "qa-log", role: "log", "aria-live": "off", tabindex: "0" });
  const scoped = make("div", { class: "qa-scope" });
  const status = make("div", { class: "qa-status", role: "status" });
  element.querySelector("#qa-root").replaceChildren(header, log, scoped, status);
  const openArticles = browser(askAbout);
  const box = () => document.querySelector("#qa-box textarea");
  const running = () => exchanges.some((exchange) => !isFinished(exchange.view));

  const doors = { ask, retry, edit, rate, copy, share, stop, limit: props.limit };

  // Asking

  function begin(question) {
    if (again) exchanges.pop()?.element?.remove();
    const exchange = { key: `q${crypto.getRandomValues(new Uint32Array(1))[0].toString(36)}`, question, view: { state: "searching" } };
    log.querySelector(".qa-welcome")?.remove();
    exchanges.push(exchange);
    log.append(showExchange(exchange, doors));
    showNewest();
    watchOver(exchange);
    showHeader();
    const sent = { key: exchange.key, article_id: scope?.id ?? null, again };
    again = false;
    return sent;
  }

  function ask(question) {
    if (!running()) send.ask({ question, ...begin(question) });
  }

  function retry(exchange) {
    again = exchange === exchanges.at(-1);
    ask(exchange.question);
  }

  function edit(exchange) {
    again = exchange === exchanges.at(-1);
    const field = box();
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(field, exchange.question);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  }

  function stop() {
    send.stop();
    finishAs({ state: "stopped" });
    box()?.focus();
  }

  // Without a word from the server for so long, the reader is told and can ask again.
  function watchOver(exchange) {
    clearTimeout(waiting);
    waiting = setTimeout(() => exchange === exchanges.at(-1) && finishAs({ state: "refused", reason: "failed" }), 1000 * props.patience);
  }

  function finishAs(view) {
    const exchange = exchanges.at(-1);
    if (!exchange || isFinished(exchange.view)) return;
    exchange.view = { ...exchange.view, ...view };
    finished(exchange);
  }

  function finished(exchange) {
    clearTimeout(waiting);
    showExchange(exchange, doors);
    status.textContent = plainText(exchange.view) || exchange.element.querySelector(".qa-notice")?.textContent || "";
  }

  // What the server sends

  function received(value) {
    if (value.state === "welcome") {
      facts = value;
      showAll();
      askShared();
      return;
    }
    const exchange = exchanges.find((one) => one.key === value.key);
    if (!exchange || isFinished(exchange.view)) return;
    exchange.view = value;
    if (isFinished(value)) finished(exchange);
    else showExchange(exchange, doors);
  }

  // A question that came with the address is asked once.
  function askShared() {
    const question = shared?.get("q")?.trim();
    const article = shared?.get("article");
    shared = null;
    if (question && article) scope = { id: article, title: article };
    if (question) ask(question);
    showScope();
  }

  // What a reader can do with an answer

  async function copy(exchange) {
    const done = await acting.toClipboard(textWithSources(exchange.view));
    acting.told(exchange, "copy", done ? "copied" : "failed_copy", status);
  }

  async function share(exchange) {
    const address = new URL(location.pathname, location.origin);
    address.searchParams.set("q", exchange.question);
    if (scope) address.searchParams.set("article", scope.id);
    const done = await acting.toClipboard(address.href);
    acting.told(exchange, "share", done ? "shared" : "failed_copy", status);
    history.replaceState(null, "", address);
  }

  function rate(exchange, rating, reason = "") {
    return acting.rate(exchange, rating, reason, status, (changed) => showExchange(changed, doors));
  }

  // One article

  function askAbout(article) {
    scope = article;
    showScope();
    box()?.focus();
  }

  function showScope() {
    scoped.replaceChildren();
    if (!scope) return;
    const leave = () => askAbout(null);
    scoped.append(
      make("span", {}, say("scoped", { title: scope.title })),
      button(say("unscope"), leave, { class: "qa-unscope" }),
    );
  }

  // What stands around the conversation

  function showAll() {
    document.documentElement.lang = currentLanguage();
    document.title = say("page_title");
    log.setAttribute("aria-label", say("conversation"));
    showHeader();
    showScope();
    if (exchanges.length) exchanges.forEach((exchange) => showExchange(exchange, doors));
    else log.replaceChildren(welcome());
    showFooter();
    if (currentLanguage() !== boxLanguage) send.speak({ language: currentLanguage() });
    boxLanguage = currentLanguage();
  }

  function showHeader() {
    const languages = make(
      "select",
      { class: "qa-language", "aria-label": say("language"), onchange: (event) => (speak(event.target.value), showAll()) },
      Object.entries(LANGUAGES).map(([name, label]) =>
        make("option", { value: name, lang: name, selected: name === currentLanguage() }, label),
      ),
    );
    const tools = [button(say("articles"), openArticles, { class: "qa-tool" })];
    if (exchanges.length) tools.push(button(say("clear"), clear, { class: "qa-tool" }));
    header.replaceChildren(
      make("div", { class: "qa-name" }, make("h1", {}, say("page_title")), make("p", {}, say("page_intro"))),
      make("div", { class: "qa-tools" }, ...tools, languages),
    );
  }

  function clear() {
    if (running()) stop();
    exchanges.length = 0;
    again = false;
    send.clear();
    log.replaceChildren(welcome());
    showHeader();
    history.replaceState(null, "", location.pathname);
    box()?.focus();
  }

  function welcome() {
    const examples = facts?.examples ?? [];
    return make(
      "section",
      { class: "qa-welcome" },
      make("p", {}, say("greeting")),
      facts ? make("p", {}, holdings(facts)) : null,
      examples.length ? make("p", { class: "qa-try" }, say("try")) : null,
      make("ul", { class: "qa-suggestions" }, examples.map((text) => make("li", {}, button(text, () => ask(text), { class: "qa-suggestion" })))),
    );
  }

  function holdings({ articles, oldest, newest }) {
    if (!newest) return say("holdings", { articles });
    if (oldest === newest) return say("holdings_dated", { articles, newest: sayDay(newest) });
    return say("holdings_from_to", { articles, oldest: sayDay(oldest), newest: sayDay(newest) });
  }

  function showFooter() {
    const footer = document.querySelector("#qa-footer");
    const built = facts?.indexed && new Date(facts.indexed * 1000);
    const day = built && say("date", { year: built.getFullYear(), month: built.getMonth() + 1, day: built.getDate() });
    const lines = [say("disclaimer"), day && say("indexed", { day })].filter(Boolean);
    footer?.replaceChildren(...lines.flatMap((line) => [make("span", {}, line), " "]));
  }

  // A new answer is read from its question on.
  function showNewest() {
    const newest = exchanges.at(-1).element;
    log.scrollTop += newest.getBoundingClientRect().top - log.getBoundingClientRect().top;
  }

  // One question at a time: another one stays in the box until the answer is there.
  for (const kind of ["keydown", "keypress", "click"]) {
    window.addEventListener(kind, (event) => {
      const sends = kind === "click" ? event.target.closest?.("#qa-box .submit-button") : event.key === "Enter";
      if (sends && event.target.closest?.("#qa-box") && running()) {
        event.preventDefault();
        event.stopImmediatePropagation();
      }
    }, true);
  }
  window.qaPage = { take: begin };
  document.documentElement.lang = currentLanguage();
  showHeader();
  watch("value", () => received(props.value));
  received(props.value); // the server may have been quicker
}

// Enter that picks a word in an input method must not send the question.
const keepComposing = (event) => {
  if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) event.stopImmediatePropagation();
};
for (const kind of ["keydown", "keypress"]) window.addEventListener(kind, keepComposing, true);
