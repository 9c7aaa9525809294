// The article that the page around shows: it is asked first, and one click asks all articles.

import { button, make } from "./dom.js";
import { say } from "./words.js";

export function articleScope(onchange) {
  const element = make("div", { class: "qa-scope" });
  let name = ""; // as the page around gives it: an id, or an address
  let article = null;
  let isWide = false;

  async function setArticle(given) {
    const wanted = typeof given === "string" ? given : "";
    if (wanted === name) return;
    name = wanted;
    isWide = false;
    show(null);
    if (!wanted) return;
    const found = await find(wanted);
    if (wanted === name) show(found); // the page may have moved on meanwhile
  }

  function show(found) {
    article = found;
    draw();
    onchange();
  }

  function widen(wide = true) {
    isWide = wide;
    draw();
    onchange();
  }

  function draw() {
    element.replaceChildren();
    if (!article) return;
    const title = article.title || say("untitled");
    const turn = () => {
      widen(!isWide);
      element.querySelector("button").focus();
    };
    if (!isWide) element.append(make("span", { class: "qa-scoped" }, say("scoped", { title })));
    element.append(button(say(isWide ? "ask_article" : "unscope"), turn, { class: "qa-unscope" }));
  }

  return {
    element,
    setArticle,
    widen,
    articleId: () => (article && !isWide ? article.id : null),
    examples: () => (article && !isWide ? article.questions : null),
  };
}

async function find(name) {
  try {
    const reply = await fetch(`widget/article?${new URLSearchParams({ name })}`);
    return reply.ok ? (await reply.json()).article : null;
  } catch {
    return null;
  }
}
