// Answers and citations of the API -> what answer.js shows of them; as view.py does it for the chat page.

import { webAddress } from "./addresses.js";

const FRAGMENT_MAX_CHARS = 80; // a longer quote is named by its first and last words
const FRAGMENT_EDGE_CHARS = 16;

const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/gu;
const CONTROLS = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\p{Surrogate}/gu;
const HAN = "\\u3007\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
const BREAK_IN_HAN = new RegExp(`(?<=[${HAN}，。、；：！？」』）])\\s*\\n\\s*(?=[${HAN}「『（])`, "gu");
const LINK = /!?\[([^\]]*)\]\([^()\s]*(?:\s[^()]*)?\)/gu;
const EMPHASIS = /(\*\*|__|\*|`|~~)(?=\S)(.+?)(?<=\S)\1/gu;
const HEADING_MARK = /^#{1,6}\s+/gmu;
const FOOTNOTE_MARK = /\[(\d+)\]/gu;
const MARK = /\[(\d{1,3})\]/gu;

export const plain = (text) => text.replace(CONTROLS, " ").replace(INVISIBLE, "");

// A quote without Markdown's marks and line breaks.
export function shown(quote) {
  const text = quote.replace(LINK, "$1").replace(HEADING_MARK, "").replace(EMPHASIS, "$2");
  return words(text.replace(FOOTNOTE_MARK, "［$1］").replace(BREAK_IN_HAN, "")).join(" ");
}

export function cardOf(citation) {
  const link = webAddress(citation.url);
  return {
    n: citation.n,
    article_id: citation.article_id,
    title: plain(citation.title).trim(),
    link: link && textFragment(link, shown(citation.quote)),
    source: citation.source && plain(citation.source),
    author: citation.author && plain(citation.author),
    published: citation.published,
    quote: quoteOf(citation),
    paragraph: null,
    copies: [],
  };
}

export function writingLines(sentences, citations) {
  return sentences.map((sentence) => ({ pieces: [plain(sentence.text), ...sentence.citations], short: isShort(sentence, citations) }));
}

export function answerView(answer) {
  return {
    state: "done",
    status: answer.status,
    cards: answer.citations.map(cardOf),
    lines: linesOf(answer),
    suggestions: answer.suggestions.map(plain),
    standalone: answer.standalone_question === answer.question ? null : plain(answer.standalone_question),
    notice: answer.notice,
    trace_id: answer.trace_id,
  };
}

function linesOf(answer) {
  const spare = new Set(answer.suggestions.map((suggestion) => `- ${suggestion}`));
  const numbers = new Set(answer.citations.map((citation) => citation.n));
  const short = answer.sentences.filter((sentence) => isShort(sentence, answer.citations)).map(marked);
  return answer.text
    .split("\n")
    .filter((line) => line.trim() && !spare.has(line))
    .map((line, at) => ({
      pieces: piecesOf(line, numbers),
      short: short.includes(line) || (at === 0 && short.some((words) => line.endsWith(words))), // a date may stand before the first
    }));
}

const marked = (sentence) => sentence.text + sentence.citations.map((n) => `[${n}]`).join("");

// The words that answer: neither a quote nor what a model wrote.
function isShort(sentence, citations) {
  const quotes = citations.filter((citation) => sentence.citations.includes(citation.n)).map((citation) => shown(citation.quote));
  return sentence.status === "quoted" && quotes.length > 0 && !quotes.includes(sentence.text);
}

// Cuts a line at the marks that match a citation; any other bracket is text.
function piecesOf(line, numbers) {
  const pieces = [];
  let at = 0;
  for (const mark of line.matchAll(MARK)) {
    if (!numbers.has(Number(mark[1]))) continue;
    pieces.push(plain(line.slice(at, mark.index)), Number(mark[1]));
    at = mark.index + mark[0].length;
  }
  return [...pieces, plain(line.slice(at))].filter((piece) => piece !== "");
}

// What stands before the answering words, those, and what stands after; offsets count code points.
function quoteOf(citation) {
  if (citation.answer_start === null || citation.answer_end === null) return [plain(shown(citation.quote)), "", ""];
  const points = [...citation.quote];
  const [first, last] = [citation.answer_start - citation.start, citation.answer_end - citation.start];
  const [before, within, after] = [points.slice(0, first), points.slice(first, last), points.slice(last)].map((some) => some.join(""));
  return [side(before), plain(shown(within)), side(after)];
}

function side(text) {
  const [before, after] = [text.slice(0, 1), text.slice(-1)].map((edge) => (/^\s$/u.test(edge) ? " " : ""));
  return plain(text.trim() ? `${before}${shown(text)}${after}` : before);
}

// Points an address at a text on its page (https://wicg.github.io/scroll-to-text-fragment/).
function textFragment(url, text) {
  const points = [...words(text).join(" ")];
  const edges = [points.slice(0, FRAGMENT_EDGE_CHARS), points.slice(-FRAGMENT_EDGE_CHARS)];
  const named = (points.length > FRAGMENT_MAX_CHARS ? edges : [points]).map((some) => escaped(some.join(""))).join(",");
  const at = url.indexOf("#");
  const [page, place] = at < 0 ? [url, ""] : [url.slice(0, at), url.slice(at + 1)];
  return `${page}#${place}:~:text=${named}`;
}

const escaped = (text) =>
  encodeURIComponent(text.trim().replace(/\p{Surrogate}/gu, "\ufffd")).replace(/[-!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

const words = (text) => text.split(/\s+/u).filter(Boolean);
