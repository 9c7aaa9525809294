// The question box: Enter asks, Shift and Enter begins a line, and Enter that picks a word in an input method does neither.

import { make } from "./dom.js";
import { say } from "./words.js";

const MAX_HEIGHT_PX = 160; // about six lines; then it scrolls

export function questionBox(limit, ask) {
  const field = make("textarea", {
    rows: 1,
    maxlength: limit,
    placeholder: say("question"),
    "aria-label": say("question"),
    autocomplete: "off",
    enterkeyhint: "send",
  });
  const send = make("button", { type: "submit", class: "submit-button" }, say("send"));
  const element = make("form", { id: "qa-box" }, make("div", { class: "input-container" }, field, send));

  function fit() {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, MAX_HEIGHT_PX)}px`;
  }

  function fill(text) {
    field.value = text;
    fit();
  }

  // Safari ends the composition before the key that ended it; that key still has the code 229.
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    ask(field.value);
  });
  field.addEventListener("input", fit);
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(field.value);
  });
  return {
    element,
    fill,
    clear: () => fill(""),
    focus: () => field.focus(),
    isEmpty: () => !field.value.trim(),
  };
}
