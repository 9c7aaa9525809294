// Puts a button on a publisher's page that opens the panel, or the panel itself into an element of that page.
// The server fills in the words (texts/*.json) and the style (loader.css); the panel is an iframe, made at first use.
(() => {
  "use strict";
  if (window.QA?.destroy) return; // loaded twice

  const WORDS = __WORDS__;
  const STYLE = __STYLE__;
  const PROTOCOL = 1; // of the messages to and from the panel
  const PATIENCE_MS = 10_000; // until the panel has answered
  const PATIENCE_LOADED_MS = 4_000; // the same once the frame has loaded: a page that may not be framed loads empty
  const KEPT_CHARS = 300_000; // of the conversation; browsers give a site about five million
  const PLACED_AT_MOST = 50; // times, by pages that become others
  const FULL_SCREEN = matchMedia("(max-width: 640px), (max-height: 480px)"); // a phone, or 200 % zoom
  const EVENTS = ["question", "answer", "source-click", "error"]; // that the panel may report
  const COLOUR = "#0b6259";
  const ICON = "M4 4.500h16v11H10.500L6 19.500v-4H4z M8 8.500h8 M8 11.500h5";

  const script = document.currentScript ?? document.querySelector('script[src*="/widget.js"]');
  if (!script) {
    console.error("QA: widget.js does not know where it came from. Load it with <script async src=…/widget.js>.");
    return;
  }
  const base = new URL(".", script.src); // the server may live under a path
  const data = script.dataset;
  const language = [data.lang, document.documentElement.lang, ...navigator.languages].map(spoken).find(Boolean) ?? "zh-Hant";
  const words = WORDS[language];
  const title = data.title?.trim() || words.page_title;
  const keptAs = `qa-conversation ${base.href}`;
  const undo = []; // what destroy takes back

  // What stands on the page

  const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  const button = make("button", { type: "button", "aria-haspopup": "dialog", "aria-expanded": "false", "aria-controls": "panel" });
  const panel = make("div", { id: "panel", role: "dialog", "aria-label": title, lang: language, hidden: "" });
  const host = make("div", { role: "region", "aria-label": title, lang: language });
  const root = host.attachShadow({ mode: "open" });

  let frame = null;
  let ready = false; // the panel listens
  let waiting = []; // messages for when it does
  let timer;
  let isOpen = false;
  let opener = null;
  let placed = 0;
  let covered = null; // what the page was like before the panel took the whole screen
  let target = null;
  let chosen = ""; // the publisher's colour, as the browser understands it

  function build() {
    icon.setAttribute("viewBox", "0 0 24 24");
    icon.setAttribute("aria-hidden", "true");
    path.setAttribute("d", ICON);
    icon.append(path);
    button.append(icon, make("span", {}, title));
    root.append(button, panel);
    dress();
    host.classList.toggle("left", data.position === "left");
    button.addEventListener("click", () => (isOpen ? close() : open(button)));
    listen(root, "keydown", (event) => event.key === "Escape" && close());
    listen(window, "message", received);
    listen(window, "click", linkClicked, true);
    // The page may have become another one: when the reader goes into the panel it is told what is open now.
    for (const kind of ["blur", "popstate", "hashchange"]) listen(window, kind, tellArticle);
    listen(FULL_SCREEN, "change", () => isOpen && cover());
    for (const kind of ["resize", "scroll"]) if (window.visualViewport) listen(visualViewport, kind, fit);
    const observer = new MutationObserver(place);
    observer.observe(document.documentElement, { childList: true, subtree: Boolean(data.target) });
    undo.push(() => observer.disconnect());
    place();
  }

  // A constructed sheet needs no permission of a Content-Security-Policy.
  function dress() {
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      root.adoptedStyleSheets = [sheet];
    } catch {
      root.append(make("style", { nonce: script.nonce }, STYLE));
    }
  }

  // Into the target where the page has it, else at the end of the page, outside the body that a framework may replace.
  function place() {
    const found = targetOf(data.target);
    if (host.isConnected && found === target) return hideLinks(); // those of a new body
    if (++placed > PLACED_AT_MOST) return; // the page throws it out time and again
    target = found;
    uncover();
    forget();
    host.classList.toggle("inline", Boolean(target));
    host.classList.toggle("dark", isDark());
    isOpen = Boolean(target);
    panel.hidden = !target;
    panel.setAttribute("role", target ? "group" : "dialog");
    button.setAttribute("aria-expanded", "false");
    (target ?? document.documentElement).append(host);
    hideLinks();
    colour();
    if (target) load();
  }

  function targetOf(selector) {
    try {
      return selector ? document.querySelector(selector) : null;
    } catch {
      console.error(`QA: data-target is no selector: ${selector}`);
      delete data.target;
      return null;
    }
  }

  // The link of the snippet is for readers without scripts; the button or the panel takes its place.
  function hideLinks() {
    const beside = newestSnippet().previousElementSibling;
    const links = [...(target?.querySelectorAll("a[data-qa]") ?? []), beside?.matches("a[data-qa]") ? beside : null];
    for (const link of links.filter((one) => one && !one.hidden)) {
      link.hidden = true;
      undo.push(() => (link.hidden = false));
    }
  }

  // Takes the publisher's colour where the browser knows it and it is a plain one.
  function colour() {
    const wished = CSS.supports("color", data.color ?? "") ? data.color : "";
    host.style.setProperty("--qa-colour", wished || COLOUR);
    chosen = wished && accent() ? accent()[0] : "";
    if (!chosen) host.style.setProperty("--qa-colour", COLOUR);
    host.style.setProperty("--qa-on-colour", isLight(accent()) ? "#10201e" : "#fff");
  }

  const accent = () => getComputedStyle(button).backgroundColor.match(/^rgb\((\d+), (\d+), (\d+)\)$/);

  // Whether black is read more easily on a colour than white (relative luminance of WCAG 2; both are equal at 0.179).
  function isLight([, ...parts]) {
    const [red, green, blue] = parts.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179;
  }

  const isDark = () => data.theme === "dark" || (data.theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);

  // The panel

  function load() {
    if (frame) return;
    const address = new URL(`widget?lang=${language}`, base);
    address.hash = new URLSearchParams({
      origin: location.origin,
      theme: data.theme ?? "",
      color: chosen,
      title: data.title?.trim() ?? "",
      questions: data.questions ?? "",
      privacy: privacy(),
      inline: target ? "1" : "",
      article: article(),
    });
    frame = make("iframe", {
      title,
      allow: "clipboard-write",
      referrerpolicy: "strict-origin-when-cross-origin",
      sandbox: "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox",
      src: address.href,
      class: "waiting",
    });
    if (target) frame.loading = "lazy";
    panel.replaceChildren(make("p", { role: "status" }, words.opening), frame);
    frame.addEventListener("load", () => later(PATIENCE_LOADED_MS));
    if (!target) later(PATIENCE_MS); // a frame far down the page loads when the reader comes to it
  }

  function privacy() {
    try {
      return data.privacyUrl ? new URL(data.privacyUrl, document.baseURI).href : "";
    } catch {
      console.error(`QA: data-privacy-url is no address: ${data.privacyUrl}`);
      return "";
    }
  }

  function later(patience) {
    clearTimeout(timer);
    if (!ready) timer = setTimeout(failed, patience);
  }

  function failed() {
    const link = make("a", { href: base.href, target: "_blank", rel: "noopener" }, words.open_apart);
    const shut = make("button", { type: "button" }, words.close);
    shut.addEventListener("click", close);
    panel.replaceChildren(make("p", { role: "status" }, words.cannot_open), link, target ? "" : shut);
    frame = null;
    waiting = [];
    if (isOpen && !target) link.focus();
    emit("error", { reason: "cannot_open" });
  }

  function forget() {
    clearTimeout(timer);
    panel.replaceChildren();
    frame = null;
    ready = false;
    waiting = [];
  }

  function open(from) {
    if (!host.isConnected) return;
    const before = isOpen;
    if (from || !before) opener = from ?? focused();
    isOpen = true;
    host.classList.toggle("dark", isDark());
    load();
    panel.hidden = false;
    button.setAttribute("aria-expanded", "true");
    cover();
    if (target) host.scrollIntoView({ block: "nearest" });
    frame.focus();
    send("open", { article: article() });
    if (!before || target) emit("open");
  }

  const focused = () => ([document.body, host].includes(document.activeElement) ? button : document.activeElement);

  function close() {
    if (!isOpen || target) return;
    const within = [document.body, document.documentElement, host, null].includes(document.activeElement);
    isOpen = false;
    panel.hidden = true;
    button.setAttribute("aria-expanded", "false");
    uncover();
    if (!ready) forget(); // the next click tries again
    if (within) (opener?.isConnected ? opener : button).focus();
  }

  // On a phone the panel takes the whole screen, and nothing behind it can be reached.
  function cover() {
    const full = FULL_SCREEN.matches && !target;
    if (!full) return uncover();
    covered ??= { inert: document.body.inert, overflow: document.documentElement.style.overflow };
    document.body.inert = true;
    document.documentElement.style.overflow = "hidden";
    panel.classList.add("full");
    panel.setAttribute("aria-modal", "true");
    fit();
  }

  function uncover() {
    if (covered) {
      document.body.inert = covered.inert;
      document.documentElement.style.overflow = covered.overflow;
    }
    covered = null;
    panel.classList.remove("full");
    panel.removeAttribute("aria-modal");
  }

  // The keyboard of a phone covers the page without making it smaller; pinching is no keyboard.
  function fit() {
    const view = window.visualViewport;
    if (!covered || !view || Math.abs(view.scale - 1) > 0.01) return;
    panel.style.setProperty("--qa-top", `${Math.round(view.offsetTop)}px`);
    panel.style.setProperty("--qa-view", `${Math.round(view.height)}px`);
  }

  // Messages: only to and from the panel's own window and origin

  function send(type, fields) {
    if (ready) frame.contentWindow.postMessage({ qa: PROTOCOL, type, ...fields }, base.origin);
    else waiting.push([type, fields]);
  }

  function received({ source, origin, data: message }) {
    if (!frame || source !== frame.contentWindow || origin !== base.origin || message?.qa !== PROTOCOL) return;
    if (message.type === "ready") started();
    else if (message.type === "close") close();
    else if (message.type === "keep") keep(String(message.text));
    else if (message.type === "event" && EVENTS.includes(message.name)) emit(message.name, message.detail);
  }

  function started() {
    clearTimeout(timer);
    ready = true;
    frame.classList.remove("waiting");
    panel.querySelector("p")?.remove();
    const messages = waiting;
    waiting = [];
    if (messages.some(([type]) => type === "open")) frame.focus(); // it could not take it while it was hidden
    for (const [type, fields] of [["kept", { text: kept() }], ...messages]) send(type, fields);
  }

  // The conversation, for the next page of the site in this tab; a frame of another site may often keep nothing.
  function keep(text) {
    try {
      if (text && text.length <= KEPT_CHARS) sessionStorage.setItem(keptAs, text);
      else sessionStorage.removeItem(keptAs);
    } catch {
      // No room, or nothing may be kept here either.
    }
  }

  function kept() {
    try {
      return sessionStorage.getItem(keptAs) ?? "";
    } catch {
      return "";
    }
  }

  function tellArticle() {
    if (ready) send("article", { article: article() });
  }

  // Where a page becomes another one, its new body may bring a snippet of its own.
  const newestSnippet = () => [...document.scripts].filter((one) => one.src === script.src).pop() ?? script;

  // The article that the page shows: as its snippet says, or by the page's canonical address.
  function article() {
    return newestSnippet().dataset.article ?? document.querySelector('link[rel="canonical"]')?.href ?? "";
  }

  function linkClicked(event) {
    const link = event.target.closest?.("a[data-qa]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open(link);
  }

  // What the page's own scripts can call

  const api = {
    open: () => open(),
    close,
    ask(text) {
      open();
      if (String(text ?? "").trim()) send("ask", { text: String(text), article: article() });
    },
    on(event, heard) {
      if (typeof heard !== "function") throw new TypeError("QA.on(event, function) needs a function.");
      return listen(document, `qa:${String(event).replace(/^qa:/, "")}`, ({ detail }) => heard(detail));
    },
    destroy() {
      close();
      uncover();
      clearTimeout(timer);
      host.remove();
      undo.splice(0).forEach((step) => step());
      window.QA = []; // a script that is loaded again starts anew
    },
    push(...calls) {
      for (const call of calls) {
        try {
          if (typeof call === "function") call(api);
          else api[call[0]](...call.slice(1));
        } catch (error) {
          console.error("QA: a call from the queue failed:", error);
        }
      }
    },
  };

  // Small tools

  function make(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  function listen(to, kind, heard, capture = false) {
    to.addEventListener(kind, heard, capture);
    const stop = () => to.removeEventListener(kind, heard, capture);
    undo.push(stop);
    return stop;
  }

  function emit(name, detail = {}) {
    document.dispatchEvent(new CustomEvent(`qa:${name}`, { detail, bubbles: true }));
  }

  function spoken(name) {
    if (/^zh\b.*(hans|cn|sg|my)\b/i.test(name)) return "zh-Hans";
    if (/^(zh|yue)\b/i.test(name)) return "zh-Hant";
    return /^en\b/i.test(name) ? "en" : null;
  }

  function start() {
    if (window.QA?.destroy) return; // twice in the head of a page
    build();
    const calls = Array.isArray(window.QA) ? window.QA : [];
    window.QA = api;
    api.push(...calls);
    emit("ready");
  }

  if (document.body && !(data.target && document.readyState === "loading")) start();
  else document.addEventListener("DOMContentLoaded", start, { once: true });
})();
