// What may be linked to: addresses of the web, and nothing that a browser would run.

const SCHEMES = ["http:", "https:"];

// An address of the web as it was given, or null.
export function webAddress(text) {
  try {
    return SCHEMES.includes(new URL(text ?? "").protocol) ? text : null;
  } catch {
    return null;
  }
}
