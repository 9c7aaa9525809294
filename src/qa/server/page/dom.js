// Elements made from text. Nothing here takes HTML, so nothing in an article or a question can become any.

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

export const button = (text, onclick, attributes = {}) =>
  make("button", { type: "button", onclick, ...attributes }, text);

// An icon is drawn by the style sheet; the words are there for everyone who does not see it.
export const action = (name, text, onclick, attributes = {}) =>
  button([make("span", { class: `qa-icon qa-icon-${name}`, "aria-hidden": "true" }), make("span", {}, text)], onclick, {
    class: "qa-action",
    ...attributes,
  });
