/** The one text syntax of sizes. */
import { add, asConstant, multiply, negate, power, subtract } from './arithmetic';
import { floorQuotient, remainder } from './division';
import { extreme } from './extrema';
import { constant, type Dim, symbol, UNKNOWN } from './terms';

/** The text of a size; `?` where it is not known. */
export function format(dim: Dim): string {
  return dim.text;
}

const TOKEN = /\s*(?:(\d+)|([\p{L}_$][\p{L}\p{N}_$]*(?:\.[\p{L}\p{N}_$]+)*)|`((?:[^`\\]|\\.)*)`|(\*\*|\/\/|[-+*%(),?]))/uy;
const MAX_DEPTH = 400;

interface Token {
  readonly kind: 'number' | 'name' | 'quoted' | 'sign' | 'end';
  readonly text: string;
}

interface Reader {
  readonly tokens: readonly Token[];
  at: number;
  depth: number;
}

/** Reads a size; undefined where the text is none. */
export function parse(text: string): Dim | undefined {
  const tokens = tokenize(text);
  if (!tokens) return undefined;
  const reader: Reader = { tokens, at: 0, depth: 0 };
  const dim = readSum(reader);
  return peek(reader).kind === 'end' ? dim : undefined;
}

function tokenize(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  const trimmed = text.trimEnd();
  for (let at = 0; at < trimmed.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(trimmed);
    if (!found) return undefined;
    const [, number, name, quoted, sign] = found;
    if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else if (quoted !== undefined) tokens.push({ kind: 'quoted', text: quoted.replace(/\\(.)/gs, '$1') });
    else tokens.push({ kind: 'sign', text: sign ?? '' });
  }
  return tokens;
}

const END: Token = { kind: 'end', text: '' };

function peek(reader: Reader): Token {
  return reader.tokens[reader.at] ?? END;
}

function accept(reader: Reader, ...signs: readonly string[]): string | undefined {
  const token = peek(reader);
  if (token.kind !== 'sign' || !signs.includes(token.text)) return undefined;
  reader.at++;
  return token.text;
}

function readSum(reader: Reader): Dim | undefined {
  let left = readProduct(reader);
  for (let sign = left && accept(reader, '+', '-'); left && sign; sign = left && accept(reader, '+', '-')) {
    const right = readProduct(reader);
    left = right && (sign === '+' ? add(left, right) : subtract(left, right));
  }
  return left;
}

function readProduct(reader: Reader): Dim | undefined {
  let left = readUnary(reader);
  for (let sign = left && accept(reader, '*', '//', '%'); left && sign; sign = left && accept(reader, '*', '//', '%')) {
    const right = readUnary(reader);
    left = right && (sign === '*' ? multiply(left, right) : sign === '//' ? floorQuotient(left, right) : remainder(left, right));
  }
  return left;
}

function readUnary(reader: Reader): Dim | undefined {
  let negative = false;
  for (let sign = accept(reader, '-', '+'); sign; sign = accept(reader, '-', '+')) if (sign === '-') negative = !negative;
  const dim = readPower(reader);
  return dim && negative ? negate(dim) : dim;
}

function readPower(reader: Reader): Dim | undefined {
  const base = readAtom(reader);
  if (!base || !accept(reader, '**')) return base;
  const exponent = readAtom(reader);
  const times = exponent && asConstant(exponent);
  return times === undefined ? undefined : power(base, times);
}

function readAtom(reader: Reader): Dim | undefined {
  const token = peek(reader);
  reader.at++;
  if (token.kind === 'number') return constant(Number(token.text));
  if (token.kind === 'quoted') return symbol(token.text);
  if (token.kind === 'name')
    return (token.text === 'max' || token.text === 'min') && accept(reader, '(') ? readExtreme(reader, token.text) : symbol(token.text);
  if (token.text === '?') return UNKNOWN;
  return token.text === '(' ? nested(reader, readSum) : undefined;
}

function readExtreme(reader: Reader, kind: 'max' | 'min'): Dim | undefined {
  const args: Dim[] = [];
  return nested(reader, () => {
    do {
      const arg = readSum(reader);
      if (!arg) return undefined;
      args.push(arg);
    } while (accept(reader, ','));
    return extreme(kind, args);
  });
}

/** Reads up to the closing parenthesis. */
function nested(reader: Reader, read: (reader: Reader) => Dim | undefined): Dim | undefined {
  if (++reader.depth > MAX_DEPTH) return undefined;
  const dim = read(reader);
  reader.depth--;
  return dim && accept(reader, ')') ? dim : undefined;
}
