// What Gradio's page leaves undone for Chinese readers: its language, its English labels, the Enter key of an
// input method, where a long answer begins.
(() => {
  const words = window.qaWords;
  document.documentElement.lang = words.language;

  // Enter that picks a word in an input method must not send the question.
  const keepComposing = (event) => {
    if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) event.stopImmediatePropagation();
  };
  for (const kind of ["keydown", "keypress"]) window.addEventListener(kind, keepComposing, true);

  const label = (selector, text) => {
    for (const element of document.querySelectorAll(selector)) {
      if (element.getAttribute("aria-label") !== text) element.setAttribute("aria-label", text);
    }
  };
  const unlabel = (selector) => {
    for (const element of document.querySelectorAll(selector)) element.removeAttribute("aria-label");
  };
  const translate = () => {
    label('#qa-conversation [role="log"]', words.conversation);
    label('#qa-conversation [role="status"]', words.loading);
    // These repeat in English, or as HTML source, what stands in them anyway.
    unlabel("#qa-conversation button.example[aria-label]");
    unlabel("#qa-conversation [data-testid][aria-label]");
    for (const element of document.querySelectorAll("#qa-conversation .sr-only")) {
      if (element.textContent !== words.loading) element.textContent = words.loading;
    }
  };

  // A new answer is read from its question on; Gradio would scroll to its end.
  const showNewest = () => {
    const rows = [...document.querySelectorAll("#qa-conversation .message-row")];
    const [before, last] = [rows.at(-2), rows.at(-1)];
    const newest = before?.matches(".user-row") && last.matches(".bot-row") ? before : last;
    const log = newest?.closest('[role="log"]');
    if (log) log.scrollTop += newest.getBoundingClientRect().top - log.getBoundingClientRect().top;
  };

  new MutationObserver((changes) => {
    translate();
    if (changes.some((change) => change.target.closest?.('#qa-conversation [role="log"]'))) showNewest();
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
