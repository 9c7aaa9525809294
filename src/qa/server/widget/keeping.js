// The conversation, kept by the browser while the reader moves through the site in one tab.

const EXCHANGES = 10; // the oldest make room
const EXPIRES_MS = 2 * 60 * 60_000; // since the last answer
const FORM = 1; // of what is kept; anything else is forgotten

export function keep(key, exchanges) {
  for (let count = EXCHANGES; count >= 1; count = Math.floor(count / 2)) {
    try {
      const kept = exchanges.slice(-count);
      if (kept.length) sessionStorage.setItem(key, JSON.stringify({ form: FORM, at: Date.now(), exchanges: kept }));
      else sessionStorage.removeItem(key);
      return;
    } catch {
      // No room, or nothing may be kept here: fewer, or none.
    }
  }
}

export function recall(key) {
  try {
    const { form, at, exchanges } = JSON.parse(sessionStorage.getItem(key)) ?? {};
    const age = Date.now() - at;
    return form === FORM && age >= 0 && age < EXPIRES_MS && Array.isArray(exchanges) ? exchanges.slice(-EXCHANGES) : [];
  } catch {
    return [];
  }
}
