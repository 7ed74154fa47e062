/** `--args` and `--inputs` as values. */
import type { Bindings, InputBinding } from '../interpret/index';
import type { DType } from '../ops/operator';
import { boolean, list, literalText, NULL, number, object, string, type Value } from '../value/index';
import { Failure } from './failure';

const DTYPES: readonly string[] = ['float32', 'float16', 'bfloat16', 'float64', 'int64', 'int32', 'int16', 'int8', 'uint8', 'bool', 'complex64', 'string'];

/** A JSON value as the interpreter's. */
export function valueOfJson(json: unknown): Value {
  if (json === null) return NULL;
  if (typeof json === 'number') return number(json);
  if (typeof json === 'string') return string(json);
  if (typeof json === 'boolean') return boolean(json);
  if (Array.isArray(json)) return list(json.map(valueOfJson));
  return object(Object.entries(json as object).map(([name, item]) => [name, valueOfJson(item)] as const));
}

function fields(flag: string, json: unknown): [string, unknown][] {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new Failure('bad-argument', `${flag} is an object of values by name`);
  return Object.entries(json);
}

/** Arguments by name. */
export const argumentsOf = (json: unknown): ReadonlyMap<string, Value> => new Map(fields('--args', json).map(([name, value]) => [name, valueOfJson(value)]));

/** Inputs by name. */
export const inputsOf = (json: unknown): ReadonlyMap<string, InputBinding> =>
  new Map(fields('--inputs', json).map(([name, value]) => [name, inputOf(name, value)]));

function inputOf(name: string, json: unknown): InputBinding {
  if (Array.isArray(json)) return { kind: 'tensor', shape: sizes(name, json), dtype: 'float32' };
  if (typeof json !== 'object' || json === null)
    throw new Failure('bad-argument', `--inputs: ${name} is a shape, {"shape"}, {"tensors"}, {"fields"} or {"value"}`);
  if ('tensors' in json && Array.isArray(json.tensors)) return { kind: 'list', items: json.tensors.map((item, at) => inputOf(`${name}[${at}]`, item)) };
  if ('value' in json) return { kind: 'value', value: valueOfJson(json.value) };
  if ('fields' in json)
    return { kind: 'fields', fields: new Map(fields('--inputs', json.fields).map(([field, value]) => [field, inputOf(`${name}.${field}`, value)])) };
  if ('shape' in json && Array.isArray(json.shape))
    return { kind: 'tensor', shape: sizes(name, json.shape), dtype: dtypeOf(name, 'dtype' in json ? json.dtype : 'float32') };
  throw new Failure('bad-argument', `--inputs: ${name} is a shape, {"shape"}, {"tensors"}, {"fields"} or {"value"}`);
}

function sizes(name: string, json: readonly unknown[]): number[] {
  for (const size of json)
    if (!Number.isSafeInteger(size) || (size as number) < 0) throw new Failure('bad-argument', `--inputs: a size of ${name} is not a whole number from 0`);
  return json as number[];
}

function dtypeOf(name: string, dtype: unknown): DType {
  if (typeof dtype !== 'string' || !DTYPES.includes(dtype)) throw new Failure('bad-argument', `--inputs: ${name} has no dtype '${String(dtype)}'`);
  return dtype as DType;
}

/** The numbers, flags and words among what is bound, by path, as the source would have them: `heads`, `config.units`, `sizes[0]`. */
export function boundLiterals({ args, inputs }: Bindings): ReadonlyMap<string, string> {
  const values = [...(inputs ?? [])].flatMap(([name, binding]) => inputLiterals(name, binding));
  return new Map([...(args ?? [])].flatMap(([name, value]) => literalsIn(name, value)).concat(values));
}

type Literals = (readonly [string, string])[];

function inputLiterals(path: string, binding: InputBinding): Literals {
  if (binding.kind === 'value') return literalsIn(path, binding.value);
  return binding.kind === 'fields' ? [...binding.fields].flatMap(([name, field]) => inputLiterals(`${path}.${name}`, field)) : [];
}

function literalsIn(path: string, value: Value): Literals {
  if (value.kind === 'list') return value.items.flatMap((item, at) => literalsIn(`${path}[${at}]`, item));
  if (value.kind === 'dict') return [...value.entries].flatMap(([name, entry]) => literalsIn(`${path}.${String(name)}`, entry));
  const text = literalText(value);
  return text === undefined ? [] : [[path, text]];
}
