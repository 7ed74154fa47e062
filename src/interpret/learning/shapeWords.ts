/** Shapes as people write them in comments: `[B, T, C]`, `(batch, seq, dim)`, `B x T x C`, `[b, h*w, c] -> [b, c]`. */

export interface WrittenShape {
  /** One word an axis: a name, a number, a product, or `?`. */
  readonly words: readonly string[];
  /** The words before it: what it is said of, where they are names of the code. */
  readonly labels: readonly string[];
  /** It stands behind an arrow or an equals sign: what comes of those before. */
  readonly result: boolean;
}

const WORD = String.raw`(?:-?\d+|\?|[A-Za-z_$][\w$]*)`;
const TERM = String.raw`${WORD}(?:\s*[*/+·-]\s*${WORD})*`;
const IN_BRACKETS = String.raw`[[(]\s*${TERM}(?:(?:\s*[,×]\s*|\s+x\s+)${TERM})+\s*,?\s*[\])]`;
const BARE = String.raw`\b[A-Z]\w{0,2}(?:(?:\s*×\s*|\s+x\s+)(?:[A-Z]\w{0,2}|\d+)\b){1,5}`;
const SHAPE = new RegExp(`${IN_BRACKETS}|${BARE}`, 'g');

/** What a comment that is code has. */
const CODE = /;\s*$|\b(?:const|let|var|return|await)\b|\btf\.|\b(?:reshape|transpose|slice|mean|sum)\s*\(/;
/** Words that name whole tensors: a list of them is no shape. */
const TENSORS = /^(?:q|k|v|x|y|quer(?:y|ies)|keys?|values?|(?:\w*_)?masks?|inputs?|outputs?|memory|context|states?|cell|tensors?)$/i;
/** Words that name sizes. */
const SIZES =
  /^(?:[A-Za-z][A-Za-z]?\d?|[A-Z][A-Z0-9_]*|[dn]_?\w+|num\w+|\d+|-1|\?|null|none|\w*(?:batch|bs|seq|len|length|heads?|dims?|channels?|height|width|sizes?|units?|time|steps?|tokens?|feat|features|embed|embd|embedding|hidden|model|patch|patches|window|windows|vocab|depth|groups?|rows?|cols?|columns?|frames?|nodes?|points?|classes|src|tgt)\w*)$/i;
const MOST_AXES = 6;

const isSize = (word: string): boolean => word.split(/\s*[*/+·-]\s*/).every((part) => part === '' || SIZES.test(part));

/** The shapes that a comment gives, in order. */
export function writtenShapes(text: string): WrittenShape[] {
  if (CODE.test(text)) return [];
  let end = 0;
  return [...text.matchAll(SHAPE)].flatMap((match) => {
    const before = text.slice(end, match.index);
    const words = wordsOf(match[0]);
    if (!isShape(match[0], words) || /[\w$]$/.test(before)) return [];
    end = match.index + match[0].length;
    return [{ words, result: /(?:->|=>|→|⇒|=)\s*$/.test(before), labels: labelsOf(before) }];
  });
}

const wordsOf = (shape: string): string[] =>
  shape
    .replace(/^[[(]|,?\s*[\])]$/g, '')
    .split(/\s*[,×]\s*|\s+x\s+/)
    .map((word) => word.trim());

function isShape(text: string, words: readonly string[]): boolean {
  if (words.length > MOST_AXES || TENSORS.test(words[0] ?? '')) return false;
  return text.startsWith('[') ? words.some(isSize) : words.every(isSize);
}

/** The last words before a shape (`q, k and v`), without what only says that a shape follows. */
function labelsOf(before: string): string[] {
  const plain = before.replace(/(?:[\s:=–—-]|\b(?:shapes?|shaped|of|is|are|has|have|with|tensors?|now|each|all)\b)+$/i, '');
  const list = /[A-Za-z_$][\w$]*(?:\s*(?:,|\/|&|\band\b)\s*[A-Za-z_$][\w$]*)*$/.exec(plain)?.[0] ?? '';
  return list.split(/\s*(?:,|\/|&|\band\b)\s*/).filter((word) => word !== '');
}

/** Whether the word is a name that a size can be shown under. */
export const isName = (word: string): boolean => /^[A-Za-z_$][\w$]*$/.test(word) && !/^(?:null|none)$/i.test(word);
