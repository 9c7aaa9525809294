// The page around the panel: what it asks for, and the messages to and from it.

import { webAddress } from "./addresses.js";

const PROTOCOL = 1; // of these messages; the loader's is the same

const given = new URLSearchParams(location.hash.slice(1));
const origin = given.get("origin"); // a page that names another origin than its own hears nothing

export const isFramed = window.parent !== window;

export const options = {
  theme: given.get("theme"),
  color: given.get("color"),
  title: given.get("title"),
  questions: (given.get("questions") ?? "").split("|").map((text) => text.trim()).filter(Boolean),
  privacy: webAddress(given.get("privacy")),
  isInline: Boolean(given.get("inline")),
  article: given.get("article"),
};

// Tells the page around something; it is delivered only where that page's origin is the one that was named.
export function tell(type, fields = {}) {
  if (!isFramed) return;
  try {
    window.parent.postMessage({ qa: PROTOCOL, type, ...fields }, origin);
  } catch {
    // No origin was named, or one that is none.
  }
}

export const report = (name, detail) => tell("event", { name, detail });

// Calls the door that a message of the page around names, with its fields.
export function listen(doors) {
  window.addEventListener("message", ({ source, origin: sender, data }) => {
    if (!isFramed || source !== window.parent || sender !== origin || data?.qa !== PROTOCOL) return;
    if (Object.hasOwn(doors, data.type)) doors[data.type](data);
  });
}
