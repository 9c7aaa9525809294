// The articles, newest first or by a search; one opens in place and can be asked about.

import { about, linkTo } from "./answer.js";
import { button, make } from "./dom.js";
import { currentLanguage, say } from "./words.js";

const PAUSE_MS = 250; // in typing, before a search

export function browser(askAbout) {
  const list = make("ul", { class: "qa-list" });
  const more = make("div", { class: "qa-more" });
  const article = make("div", { class: "qa-article", hidden: true });
  const search = make("input", { type: "search", class: "qa-search", maxlength: 200, autocomplete: "off" });
  const title = make("h2", {});
  const close = button("×", () => dialog.close(), { class: "qa-close" });
  const shelf = make("div", { class: "qa-shelf" }, search, list, more);
  const dialog = make("dialog", { class: "qa-browse" }, make("div", { class: "qa-bar" }, title, close), shelf, article);
  document.body.append(dialog);
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());

  let asked = 0; // an earlier search that comes back late is not shown
  let waiting;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => load(0), PAUSE_MS);
  });

  async function load(offset) {
    const mine = ++asked;
    const query = new URLSearchParams({ search: search.value.trim(), offset });
    const found = await fetchJson(`api/articles?${query}`);
    if (mine !== asked) return;
    if (offset === 0) list.replaceChildren();
    list.append(...(found?.articles ?? []).map(row));
    const rest = (found?.total ?? 0) - list.childElementCount;
    more.replaceChildren();
    if (!list.childElementCount) more.append(make("p", { class: "qa-none" }, say(found ? "none_found" : "failed")));
    if (rest > 0) more.append(button(say("more", { count: rest }), () => load(list.childElementCount)));
  }

  const row = (entry) =>
    make("li", {}, button([make("span", { class: "qa-title" }, entry.title || say("untitled")), about(entry) ?? ""], () => openArticle(entry.id)));

  async function openArticle(id) {
    const found = await fetchJson(`api/articles/${encodeURIComponent(id)}`);
    if (!found) {
      more.replaceChildren(make("p", { class: "qa-none" }, say("failed")));
      return;
    }
    const ask = () => {
      dialog.close();
      askAbout({ id, title: found.title || say("untitled") });
    };
    article.replaceChildren(
      button(say("back"), showList, { class: "qa-back" }),
      make("h3", { tabindex: "-1" }, found.title || say("untitled")),
      about(found) ?? "",
      make("p", { class: "qa-buttons" }, button(say("ask_article"), ask, { class: "qa-ask" }), found.link ? linkTo(found.link, say("read_original"), "qa-original") : ""),
      ...found.paragraphs.map((part) => make(part.is_heading ? "h4" : "p", {}, part.text)),
      found.is_excerpt ? make("p", { class: "qa-excerpt" }, say("excerpt")) : "",
    );
    show(article);
    article.querySelector("h3").focus();
    dialog.scrollTop = 0;
  }

  function showList() {
    show(shelf);
    search.focus();
  }

  function show(part) {
    shelf.hidden = part !== shelf;
    article.hidden = part !== article;
  }

  return () => {
    dialog.lang = currentLanguage();
    dialog.setAttribute("aria-label", say("articles"));
    title.textContent = say("articles");
    close.setAttribute("aria-label", say("close"));
    search.placeholder = say("search_articles");
    search.setAttribute("aria-label", say("search_articles"));
    search.value = "";
    show(shelf);
    dialog.showModal();
    load(0);
  };
}

async function fetchJson(path) {
  try {
    const reply = await fetch(path);
    return reply.ok ? await reply.json() : null;
  } catch {
    return null;
  }
}
