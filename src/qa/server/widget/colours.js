// The publisher's colour, made as dark or as light as it takes to be read on the panel's own.

const READABLE = 4.6; // WCAG 2 asks for 4.5 between text and what it stands on
const STEP = 0.06; // towards black or white
const GROUNDS = { light: [233, 240, 239], dark: [36, 44, 48] }; // about what the accent stands on as text, at its worst
const INKS = [[255, 255, 255], [16, 32, 30]];

export function dress(theme, color) {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const dark = theme === "dark" || (theme !== "light" && system.matches);
    document.documentElement.classList.toggle("dark", dark);
    document.documentElement.classList.toggle("light", !dark);
    if (color) paint(color, dark);
  };
  system.addEventListener("change", apply);
  apply();
}

function paint(color, dark) {
  const parts = color.match(/^rgb\((\d{1,3}), (\d{1,3}), (\d{1,3})\)$/)?.slice(1).map(Number);
  if (!parts) return;
  const accent = readable(parts, GROUNDS[dark ? "dark" : "light"], dark ? 255 : 0);
  const ink = INKS.reduce((best, one) => (contrast(one, accent) > contrast(best, accent) ? one : best));
  const { style } = document.documentElement;
  style.setProperty("--qa-accent", `rgb(${accent})`);
  style.setProperty("--qa-on-accent", `rgb(${ink})`);
  style.setProperty("--qa-question", `color-mix(in srgb, rgb(${accent}) 9%, var(--qa-surface))`);
}

function readable(color, ground, end) {
  let mixed = color;
  for (let share = STEP; contrast(mixed, ground) < READABLE && share <= 1; share += STEP) {
    mixed = color.map((part) => Math.round(part + (end - part) * share));
  }
  return mixed;
}

function contrast(one, other) {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

// Relative luminance, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
function luminance(color) {
  const [red, green, blue] = color
    .map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
