/** Where the strings of a source end, quotes inside an f-string's holes included. */

const BACKSLASH = 92;
const isQuote = (code: number): boolean => code === 34 || code === 39;
export const isLineEnd = (code: number): boolean => code === 10 || code === 13;

export interface StringEnd {
  readonly end: number;
  /** Its closing quotes stand there. */
  readonly closed: boolean;
  readonly triple: boolean;
}

/** The letters before a quote that belong to the string. */
export function prefixAt(text: string, quote: number): string {
  let at = quote;
  while (at > 0 && quote - at < 3 && /[rbuft]/i.test(text[at - 1] ?? '')) at--;
  return at > 0 && /[\w]/.test(text[at - 1] ?? '') ? '' : text.slice(at, quote);
}

/** The end of the string whose quote stands at the offset; one that no quote closes ends with its line, in triple quotes with the text. */
export function stringEnd(text: string, quote: number): StringEnd {
  const code = text.charCodeAt(quote);
  const triple = text.charCodeAt(quote + 1) === code && text.charCodeAt(quote + 2) === code;
  if (triple) {
    const end = tripleEnd(text, quote + 3, text.slice(quote, quote + 3));
    return end === undefined ? { end: text.length, closed: false, triple } : { end, closed: true, triple };
  }
  if (/[ft]/i.test(prefixAt(text, quote))) {
    const end = formattedEnd(text, quote + 1, code);
    if (end !== undefined) return { end, closed: true, triple };
  }
  for (let at = quote + 1; at < text.length; at++) {
    const here = text.charCodeAt(at);
    if (here === BACKSLASH) at += text.charCodeAt(at + 1) === 13 && text.charCodeAt(at + 2) === 10 ? 2 : 1;
    else if (here === code) return { end: at + 1, closed: true, triple };
    else if (isLineEnd(here)) return { end: at, closed: false, triple };
  }
  return { end: text.length, closed: false, triple };
}

function tripleEnd(text: string, from: number, quotes: string): number | undefined {
  for (let at = text.indexOf(quotes, from); at >= 0; at = text.indexOf(quotes, at + 1)) {
    let slashes = 0;
    while (at - slashes > from && text.charCodeAt(at - slashes - 1) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return at + 3;
  }
  return undefined;
}

/** The end of an f-string on one line, with its holes; undefined where a hole is not closed. */
function formattedEnd(text: string, from: number, quote: number): number | undefined {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const here = text.charCodeAt(at);
    if (isLineEnd(here)) return undefined;
    if (here === BACKSLASH) at++;
    else if (here === 123 && depth === 0 && text.charCodeAt(at + 1) === 123) at++;
    else if (here === 123) depth++;
    else if (here === 125) depth = Math.max(0, depth - 1);
    else if (depth === 0 && here === quote) return at + 1;
    else if (depth > 0 && isQuote(here)) {
      let end = at + 1;
      while (end < text.length && text.charCodeAt(end) !== here && !isLineEnd(text.charCodeAt(end))) end++;
      at = end;
    }
  }
  return undefined;
}
