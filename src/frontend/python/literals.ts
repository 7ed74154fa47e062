/** Numbers and strings. */
import type { Expression, Span } from '../../program/types';
import { unread } from '../common/nodes';
import type { Reader } from './reader';
import { child, hasMark, type Node, named, ofType, textOf } from './tree';

/** Written with a point or an exponent: no whole number, whatever its value. */
const isFloating = (text: string): boolean => !/^0[xob]/i.test(text) && /[.e]/i.test(text);

/** An integer or a float. */
export function numberOf(reader: Reader, node: Node): Expression {
  const span = reader.span(node);
  const text = textOf(node).replace(/_/g, '').toLowerCase();
  if (text.endsWith('j')) return unread('complex numbers are not read', span);
  const plain = text.replace(/l$/, '');
  const value = Number(/^0\d+$/.test(plain) ? `0o${plain.slice(1)}` : plain);
  if (Number.isNaN(value)) return unread(`the number ${text} is not read`, span);
  return isFloating(text) ? { kind: 'literal', value, floating: true, span } : { kind: 'literal', value, span };
}

/** One string, or several side by side, which are one. */
export function stringOf(reader: Reader, node: Node): Expression {
  const span = reader.span(node);
  const strings = node.type === 'concatenated_string' ? named(node) : [node];
  if (strings.some((one) => textOf(one).startsWith('`'))) return unread('backquotes are Python 2', span);
  const parts: (string | Expression)[] = [];
  for (const one of strings) {
    for (const part of partsOf(reader, one)) {
      const last = parts.at(-1);
      if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part;
      else parts.push(part);
    }
  }
  if (parts.every((part) => typeof part === 'string')) return { kind: 'literal', value: parts.join(''), span };
  return { kind: 'template', parts, span };
}

/** A plain string's text, without lowering anything. */
export function plainText(node: Node): string | undefined {
  const strings = node.type === 'concatenated_string' ? named(node) : [node];
  if (strings.some((one) => one.type !== 'string' || ofType(one, 'interpolation'))) return undefined;
  return strings.map((one) => contentOf(one, named(one))).join('');
}

function contentOf(string: Node, parts: readonly Node[]): string {
  const start = parts[0];
  if (!start) return '';
  const end = ofType(string, 'string_end');
  const raw = string.source.text.slice(start.end, end?.start ?? string.end);
  return decoded(raw, textOf(start));
}

function decoded(raw: string, start: string): string {
  const text = /f/i.test(start) ? raw.replace(/\{\{/g, '{').replace(/\}\}/g, '}') : raw;
  return /r/i.test(start) || !text.includes('\\') ? text : withoutEscapes(text);
}

function partsOf(reader: Reader, string: Node): (string | Expression)[] {
  const all = named(string);
  const start = all[0];
  if (!start || !ofType(string, 'interpolation')) return [contentOf(string, all)];
  return all.flatMap((part): (string | Expression)[] => {
    if (part.type === 'interpolation' || part.type === 'format_expression') return filled(reader, part);
    return part.type === 'string_content' ? [decoded(textOf(part), textOf(start))] : [];
  });
}

/** A hole of an f-string: `{x}`, `{x!r}`, `{x:02d}`, `{x=}`. */
function filled(reader: Reader, hole: Node): (string | Expression)[] {
  const expression = child(hole, 'expression');
  if (!expression) return [];
  const span = reader.span(hole);
  const format = child(hole, 'format_specifier');
  const conversion = child(hole, 'type_conversion');
  const shows = hasMark(hole, '=');
  let value = reader.expression(expression);
  const shown = conversion ? textOf(conversion).slice(1) : shows && !format ? 'r' : 's';
  if (shown !== 's') value = called(shown === 'a' ? 'ascii' : 'repr', [value], span);
  if (format) value = called('format', [value, formatOf(reader, format)], span);
  const before = shows ? [textOf(hole).slice(1, textOf(hole).indexOf('=', expression.end - hole.start) + 1)] : [];
  return [...before, value];
}

function called(name: string, args: readonly Expression[], span: Span): Expression {
  return { kind: 'call', callee: { kind: 'name', name, span }, args: args.map((value) => ({ value })), construct: false, optional: false, span };
}

/** What stands behind the colon of a hole: text, with holes of its own. */
function formatOf(reader: Reader, node: Node): Expression {
  const parts: (string | Expression)[] = [];
  let at = node.start + 1;
  for (const hole of named(node)) {
    const inner = child(hole, 'expression');
    if (!inner) continue;
    parts.push(node.source.text.slice(at, hole.start), reader.expression(inner));
    at = hole.end;
  }
  const rest = node.source.text.slice(at, node.end);
  const span = reader.span(node);
  return parts.length === 0 ? { kind: 'literal', value: rest, span } : { kind: 'template', parts: [...parts, rest].filter((part) => part !== ''), span };
}

const ESCAPES: { readonly [letter: string]: string } = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\u0007',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

function withoutEscapes(text: string): string {
  return text.replace(/\\(\r\n|[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]*\}|[\s\S])/g, (all, sequence: string) => {
    if (/^[\r\n]/.test(sequence)) return '';
    const plain = ESCAPES[sequence];
    if (plain !== undefined) return plain;
    if (/^[0-7]/.test(sequence)) return String.fromCharCode(Number.parseInt(sequence, 8));
    if (!/^[xuU]./.test(sequence)) return all;
    const code = Number.parseInt(sequence.slice(1), 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}
