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
/** `BxNxd`, `B X CX(N)`, `B X (W*H) X C`: letters, numbers and products in brackets with an x between them. */
const CROSSED = String.raw`\b[A-Z][A-Za-z]?(?:\s*[xX]\s*(?:[A-Za-z]\w?(?![\w(])|[A-Za-z](?=[xX][\w(])|\d+\b|\(\s*\*?\s*[A-Za-z]\w*(?:\s*[*xX]\s*[A-Za-z]\w*)*\s*\))){2,5}(?!\w)`;
const SHAPE = new RegExp(`${IN_BRACKETS}|${BARE}|${CROSSED}`, 'g');
/** A comment that is nothing but sizes: `bs,c,h,w`. */
const LISTED = new RegExp(String.raw`^\s*${TERM}(?:\s*,\s*${TERM}){2,5}\s*$`);
const BATCH = /^(?:b|bs|b_s|bz|n|batch\w*)$/i;

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
  const listed = listedSizes(text);
  if (listed) return [{ words: listed, result: false, labels: [] }];
  let end = 0;
  return [...text.matchAll(SHAPE)].flatMap((match) => {
    const before = text.slice(end, match.index);
    const words = wordsOf(match[0]);
    if (!isShape(match[0], words) || /[\w$]$/.test(before)) return [];
    end = match.index + match[0].length;
    return [{ words, result: /(?:->|=>|→|⇒|=)\s*$/.test(before), labels: labelsOf(before) }];
  });
}

/** Of a comment that is nothing but sizes: a batch stands first, or a product tells that they are sizes. */
function listedSizes(text: string): readonly string[] | undefined {
  const words = LISTED.test(text) ? text.split(',').map((word) => word.trim()) : [];
  const [first = ''] = words;
  const tells = BATCH.test(first) || words.some((word) => /\w\s*\*\s*\w/.test(word));
  return tells && isShape(text, words) ? words : undefined;
}

const CROSSES = new RegExp(`^${CROSSED}$`);

const wordsOf = (shape: string): string[] => (CROSSES.test(shape) ? crossedWords(shape) : separated(shape));

const crossedWords = (shape: string): string[] => shape.split(/\s*[xX]\s*(?![^(]*\))/).map((word) => word.replace(/^\(\s*\*?\s*|\s*\)$/g, ''));

const separated = (shape: string): string[] =>
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
