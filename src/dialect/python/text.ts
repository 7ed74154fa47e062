/** Texts of values as Python writes them: `str`, `repr`, `format`. */
import { numberOfReal } from '../../dim/index';
import { string, type UnknownValue, unknown, type Value, valueOfKey } from '../../value/index';

/** The text of `str(value)`, where it is known. */
export function textOf(value: Value): string | undefined {
  return value.kind === 'string' ? value.value : reprOf(value);
}

/** The text of `repr(value)`, where it is known. */
export function reprOf(value: Value, depth = 0): string | undefined {
  if (depth > 8) return undefined;
  switch (value.kind) {
    case 'string':
      return quoted(value.value);
    case 'boolean':
      return value.value ? 'True' : 'False';
    case 'null':
      return 'None';
    case 'number': {
      const known = numberOfReal(value.real);
      return known === undefined ? undefined : numberText(known);
    }
    case 'list':
      return value.open === undefined && value.times === undefined ? listText(value.items, value.tuple, depth) : undefined;
    case 'dict':
      return value.open === undefined && value.parameter === undefined ? dictText(value, depth) : undefined;
    default:
      return undefined;
  }
}

function quoted(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t').replaceAll('\r', '\\r');
  return escaped.includes("'") && !escaped.includes('"') ? `"${escaped}"` : `'${escaped.replaceAll("'", "\\'")}'`;
}

function listText(items: readonly Value[], tuple: boolean, depth: number): string | undefined {
  const texts = items.map((item) => reprOf(item, depth + 1));
  if (!texts.every((text) => text !== undefined)) return undefined;
  const inner = texts.join(', ');
  return tuple ? `(${inner}${texts.length === 1 ? ',' : ''})` : `[${inner}]`;
}

function dictText(value: Value & { kind: 'dict' }, depth: number): string | undefined {
  if (value.flavour === 'object') return undefined;
  const isSet = value.flavour === 'set';
  if (isSet && value.entries.size === 0) return 'set()';
  const texts = [...value.entries].map(([key, item]) => {
    const [name, held] = [isSet ? '' : reprOf(valueOfKey(key), depth + 1), reprOf(item, depth + 1)];
    return name === undefined || held === undefined ? undefined : isSet ? held : `${name}: ${held}`;
  });
  return texts.every((text) => text !== undefined) ? `{${texts.join(', ')}}` : undefined;
}

/** A number as Python writes it: a whole one as an int. */
export function numberText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Number.isSafeInteger(value)) return String(value + 0);
  const [digits = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 16) return String(value);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

/** Pieces of a text: what is known, and values whose texts may not be. */
export function joinedText(pieces: readonly (string | Value)[]): Value {
  const texts = pieces.map((piece) => (typeof piece === 'string' ? piece : textOf(piece)));
  if (texts.every((text) => text !== undefined)) return string(texts.join(''));
  const patterns = pieces.map((piece) => (typeof piece === 'string' ? piece.replaceAll('*', '') : patternOf(piece)));
  const open: UnknownValue = unknown('the text is not known', 'string');
  return patterns.every((pattern) => pattern !== undefined) ? { ...open, pattern: patterns.join('').replace(/\*+/g, '*') } : open;
}

/** What is known of a value's text: a number or a parameter that is not known leaves a hole. */
function patternOf(value: Value): string | undefined {
  if (value.kind === 'number') return textOf(value) ?? '*';
  if (value.kind !== 'unknown') return textOf(value)?.replaceAll('*', '');
  return value.pattern ?? (value.type === 'number' || (value.parameter !== undefined && value.type === undefined && !value.options) ? '*' : undefined);
}

const SPEC = /^(?:(.)?([<>=^]))?([+\- ])?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([bcdeEfFgGnosxX%])?$/su;

/** `format(value, spec)`: undefined where the text is not known. */
export function formatted(value: Value, spec: string): string | undefined {
  if (spec === '') return textOf(value);
  const parts = SPEC.exec(spec);
  if (!parts) return undefined;
  const [, fill, align, sign, , zero, width, group, precision, type] = parts;
  const number = value.kind === 'number' ? numberOfReal(value.real) : value.kind === 'boolean' && type !== undefined ? Number(value.value) : undefined;
  const body = number === undefined ? plainBody(value, type, precision) : numberBody(number, type, precision, sign, group);
  if (body === undefined) return undefined;
  const wide = Math.min(Number(width ?? 0), 1000);
  return padded(body, wide, align ?? (zero ? '=' : number === undefined ? '<' : '>'), fill ?? (zero ? '0' : ' '));
}

function plainBody(value: Value, type: string | undefined, precision: string | undefined): string | undefined {
  const text = type === undefined || type === 's' ? textOf(value) : undefined;
  return precision === undefined ? text : text?.slice(0, Number(precision));
}

function numberBody(value: number, type: string | undefined, precision: string | undefined, sign: string | undefined, group: string | undefined) {
  const digits = precision === undefined ? undefined : Math.min(Number(precision), 100);
  const plain = numberDigits(Math.abs(value), type, digits);
  if (plain === undefined) return undefined;
  const grouped = group ? plain.replace(/^\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, group)) : plain;
  return (value < 0 ? '-' : sign === '+' || sign === ' ' ? sign : '') + grouped;
}

function numberDigits(value: number, type: string | undefined, digits: number | undefined): string | undefined {
  switch (type) {
    case 'd':
    case 'n':
      return Number.isInteger(value) ? String(value) : undefined;
    case 'f':
    case 'F':
      return value.toFixed(digits ?? 6);
    case '%':
      return `${(value * 100).toFixed(digits ?? 6)}%`;
    case 'e':
    case 'E':
      return value.toExponential(digits ?? 6).replace(/e([+-])(\d)$/, 'e$10$2');
    case 'x':
    case 'X':
    case 'o':
    case 'b':
      return Number.isInteger(value) ? value.toString(type === 'b' ? 2 : type === 'o' ? 8 : 16) : undefined;
    case undefined:
      return digits === undefined ? numberText(value) : numberText(Number(value.toPrecision(Math.max(digits, 1))));
    case 'g':
    case 'G':
      return numberText(Number(value.toPrecision(Math.max(digits ?? 6, 1))));
    default:
      return undefined;
  }
}

function padded(body: string, width: number, align: string, fill: string): string {
  const missing = Math.max(0, width - body.length);
  if (align === '<') return body + fill.repeat(missing);
  if (align === '^') return fill.repeat(Math.floor(missing / 2)) + body + fill.repeat(Math.ceil(missing / 2));
  if (align === '>') return fill.repeat(missing) + body;
  const signed = /^[+\- ]/.test(body) ? 1 : 0;
  return body.slice(0, signed) + fill.repeat(missing) + body.slice(signed);
}

const FIELD = /\{\{|\}\}|\{([^{}!:]*)(?:!([rsa]))?(?::([^{}]*(?:\{[^{}]*\}[^{}]*)*))?\}/g;

/** `text.format(…)`: `find` gives the value of a field by its name or place. */
export function formatFields(text: string, find: (name: string, at: number) => Value | undefined): Value {
  const pieces: (string | Value)[] = [];
  let from = 0;
  let next = 0;
  for (const field of text.matchAll(FIELD)) {
    pieces.push(text.slice(from, field.index));
    from = field.index + field[0].length;
    if (field[0] === '{{' || field[0] === '}}') {
      pieces.push(field[0].slice(1));
      continue;
    }
    const [, name = '', conversion, spec = ''] = field;
    const value = find(name, name === '' ? next++ : Number(name));
    if (!value) return unknown('the text is not known', 'string');
    pieces.push(spec.includes('{') ? unknown('the width is not known', 'string') : piece(value, conversion, spec));
  }
  pieces.push(text.slice(from));
  return joinedText(pieces);
}

/** A field of a template as a piece of its text. */
export function piece(value: Value, conversion: string | undefined, spec: string): string | Value {
  const text = conversion === 'r' || conversion === 'a' ? reprOf(value) : formatted(value, spec);
  return text ?? (value.kind === 'string' ? unknown('such formats are not followed', 'string') : value);
}

const PERCENT = /%(?:\((\w+)\))?([-+ #0]*)(\d+|\*)?(?:\.(\d+|\*))?([diouxXeEfFgGcrsa%])/g;

/** `text % values`. */
export function percentFormat(text: string, given: Value): Value {
  const values = given.kind === 'list' && given.tuple ? given.items : [given];
  if (given.kind === 'list' && given.tuple && (given.open !== undefined || given.times)) return unknown('the text is not known', 'string');
  const pieces: (string | Value)[] = [];
  let from = 0;
  let next = 0;
  for (const field of text.matchAll(PERCENT)) {
    pieces.push(text.slice(from, field.index));
    from = field.index + field[0].length;
    const [, name, flags = '', width = '', precision, type = 's'] = field;
    if (type === '%') {
      pieces.push('%');
      continue;
    }
    const value = name === undefined ? values[next++] : given.kind === 'dict' ? given.entries.get(name) : undefined;
    if (!value || width === '*' || precision === '*') return unknown('the text is not known', 'string');
    pieces.push(piece(type === 'd' || type === 'i' ? wholePart(value) : value, type === 'r' ? 'r' : undefined, specOf(flags, width, precision, type)));
  }
  pieces.push(text.slice(from));
  return joinedText(pieces);
}

/** `%d` drops what stands behind the point. */
function wholePart(value: Value): Value {
  const known = value.kind === 'number' ? numberOfReal(value.real) : undefined;
  return known === undefined ? value : { kind: 'number', real: { kind: 'number', value: Math.trunc(known) } };
}

function specOf(flags: string, width: string, precision: string | undefined, type: string): string {
  const align = flags.includes('-') ? '<' : type === 's' || type === 'r' ? '>' : '';
  const sign = flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  const zero = flags.includes('0') && align !== '<' ? '0' : '';
  const kind = type === 'r' || type === 'a' ? 's' : type === 'i' || type === 'u' ? 'd' : type;
  return `${width === '' ? '' : align}${sign}${zero}${width}${precision === undefined ? '' : `.${precision}`}${kind}`;
}
