// The words of the page, in the reader's language; they come from texts/*.json.

const KEPT_AS = "qa-language";
export const LANGUAGES = { "zh-Hant": "繁體中文", "zh-Hans": "简体中文", en: "English" };

let language = chosen();

export const currentLanguage = () => language;

export function say(key, values = {}) {
  return window.qaTexts[language][key].replace(/\{(\w+)(:02)?\}/g, (_, name, padded) =>
    String(values[name]).padStart(padded ? 2 : 0, "0"),
  );
}

export function sayDay(iso) {
  const [year, month, day] = iso.slice(0, 10).split("-").map(Number);
  return say("date", { year, month, day });
}

// Speaks a language here and now, for a page that has been told which.
export const speakOnly = (name) => (language = name);

export function speak(chosenLanguage) {
  speakOnly(chosenLanguage);
  try {
    localStorage.setItem(KEPT_AS, language);
  } catch {
    // A reader who keeps nothing chooses again next time.
  }
}

function chosen() {
  const known = (name) => (name in LANGUAGES ? name : null);
  let kept = null;
  try {
    kept = known(localStorage.getItem(KEPT_AS) ?? "");
  } catch {
    // Storage can be forbidden, as in some frames.
  }
  const asked = known(new URLSearchParams(location.search).get("lang") ?? "");
  return asked ?? kept ?? spokenBy(navigator.languages ?? []) ?? "zh-Hant";
}

function spokenBy(names) {
  for (const name of names) {
    if (/^zh\b.*(hans|cn|sg|my)\b/i.test(name)) return "zh-Hans";
    if (/^(zh|yue)\b/i.test(name)) return "zh-Hant";
    if (/^en\b/i.test(name)) return "en";
  }
  return null;
}
