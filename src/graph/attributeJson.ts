/** Attributes as JSON: sizes become text in the one syntax, and numbers that JSON cannot hold become text too. */
import { type Dim, format, parse, type Real, UNKNOWN } from '../dim/index';
import type { Attribute, Attributes } from '../ops/operator';
import { type Decode, DecodeError, field, list, record, text, wanted } from './decoder';

export type NumberJson = number | 'NaN' | 'Infinity' | '-Infinity' | '-0';

/** A Real; told from other records by its field `kind`, which no attribute record has. */
export type RealJson =
  | { readonly kind: 'number'; readonly value: NumberJson }
  | { readonly kind: 'size'; readonly size: string }
  | { readonly kind: 'apply'; readonly fn: string; readonly args: readonly RealJson[] };

export type AttributeJson = null | boolean | string | number | RealJson | readonly AttributeJson[] | { readonly [name: string]: AttributeJson };
export type AttributesJson = { readonly [name: string]: AttributeJson };

const DEEPEST = 64;
const NAMES_OF_NUMBERS: { readonly [name: string]: number } = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
  '-0': -0,
};

function isReal(attribute: object): attribute is Real {
  return 'kind' in attribute;
}

function encodeNumber(value: number): NumberJson {
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) ? value : (String(value) as NumberJson);
}

function encodeReal(real: Real): RealJson {
  if (real.kind === 'number') return { kind: 'number', value: encodeNumber(real.value) };
  if (real.kind === 'size') return { kind: 'size', size: format(real.size) };
  return { kind: 'apply', fn: real.fn, args: real.args.map(encodeReal) };
}

/** One attribute as JSON. */
export function encodeAttribute(attribute: Attribute): AttributeJson {
  if (typeof attribute === 'number') {
    const value = encodeNumber(attribute);
    return typeof value === 'number' ? value : { kind: 'number', value };
  }
  if (attribute === null || typeof attribute !== 'object') return attribute;
  if (Array.isArray(attribute)) return attribute.map(encodeAttribute);
  if (isReal(attribute)) return encodeReal(attribute);
  return encodeAttributes(attribute as Attributes);
}

/** An operator's settings as JSON. */
export function encodeAttributes(attributes: Attributes): AttributesJson {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, encodeAttribute(value)]));
}

/** A size in the one syntax; `?` is the unknown one. */
export const size: Decode<Dim> = (value, path) => {
  const written = text(value, path);
  const dim = written === '?' ? UNKNOWN : parse(written);
  return dim ?? wanted(path, 'a size such as `h*w` or `c//8`', value);
};

const number: Decode<number> = (value, path) => {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value === 'string' && Object.hasOwn(NAMES_OF_NUMBERS, value)) return NAMES_OF_NUMBERS[value] as number;
  return wanted(path, 'a number', value);
};

const real =
  (depth: number): Decode<Real> =>
  (value, path) => {
    if (depth > DEEPEST) throw new DecodeError(path, 'is nested too deeply');
    const of = record(value, path);
    if (of.kind === 'number') return { kind: 'number', value: field(of, 'value', number, path) };
    if (of.kind === 'size') return { kind: 'size', size: field(of, 'size', size, path) };
    if (of.kind === 'apply') return { kind: 'apply', fn: field(of, 'fn', text, path), args: field(of, 'args', list(real(depth + 1)), path) };
    return wanted(`${path}.kind`, '"number", "size" or "apply"', of.kind);
  };

/** A number standing alone that JSON could not hold comes back as the number that it was, not as a Real. */
function plainNumber(value: Real): Attribute {
  return value.kind === 'number' && (!Number.isFinite(value.value) || Object.is(value.value, -0)) ? value.value : value;
}

const attribute =
  (depth: number): Decode<Attribute> =>
  (value, path) => {
    if (depth > DEEPEST) throw new DecodeError(path, 'is nested too deeply');
    if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
    if (typeof value === 'number') return number(value, path);
    if (Array.isArray(value)) return list(attribute(depth + 1))(value, path);
    const of = record(value, path);
    return Object.hasOwn(of, 'kind') ? plainNumber(real(depth)(of, path)) : fields(of, path, depth);
  };

function fields(of: { readonly [name: string]: unknown }, path: string, depth: number): Attributes {
  const entries = Object.entries(of).map(([name, value]) => [name, attribute(depth + 1)(value, `${path}.${name}`)] as const);
  return Object.fromEntries(entries);
}

/** Reads an operator's settings. */
export const attributes: Decode<Attributes> = (value, path) => fields(record(value, path), path, 0);
