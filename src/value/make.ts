/** Short makers and readers of values. */
import { asConstant, constant as constantDim, type Dim, isUnknown, numberOfReal, type Real, realOf, sizeOfReal } from '../dim/index';
import type { FunctionDefinition } from '../program/types';
import type {
  BooleanValue,
  DictValue,
  FunctionValue,
  ListValue,
  NativeValue,
  NullValue,
  NumberValue,
  StringValue,
  UndefinedValue,
  UnknownValue,
  Value,
} from './types';

export const UNDEFINED: UndefinedValue = { kind: 'undefined' };
export const NULL: NullValue = { kind: 'null' };
export const TRUE: BooleanValue = { kind: 'boolean', value: true };
export const FALSE: BooleanValue = { kind: 'boolean', value: false };

export const boolean = (value: boolean): BooleanValue => (value ? TRUE : FALSE);
export const string = (value: string): StringValue => ({ kind: 'string', value });
export const number = (value: number): NumberValue => ({ kind: 'number', real: realOf(value) });
export const real = (value: Real): NumberValue => ({ kind: 'number', real: value });
export const size = (value: Dim): NumberValue => ({ kind: 'number', real: realOf(value) });
export const unknown = (reason: string, type?: UnknownValue['type']): UnknownValue => (type ? { kind: 'unknown', reason, type } : { kind: 'unknown', reason });
export const list = (items: readonly Value[], tuple = false): ListValue => ({ kind: 'list', items, tuple });
export const object = (entries: Iterable<readonly [string, Value]> = [], flavour: DictValue['flavour'] = 'object'): DictValue => ({
  kind: 'dict',
  entries: new Map(entries),
  flavour,
});
export const native = (name: string, call: NonNullable<NativeValue['call']>): NativeValue => ({ kind: 'native', name, call });

/** A function of the user's; one that can be used as a constructor has an object that its objects share. */
export function functionOf(definition: FunctionDefinition, scope: unknown, file: string): FunctionValue {
  if (definition.role !== 'function') return { kind: 'function', definition, scope, file };
  return { kind: 'function', definition, scope, file, properties: object([['prototype', object()]]) };
}

/** The value as a size, where it is a whole number (possibly symbolic). */
export function asSize(value: Value | undefined): Dim | undefined {
  return value?.kind === 'number' ? sizeOfReal(value.real) : undefined;
}

/** The value as a plain number, where its value is known. */
export function asNumber(value: Value | undefined): number | undefined {
  return value?.kind === 'number' ? numberOfReal(value.real) : undefined;
}

/** The items as sizes, where all are. */
export function asSizes(value: Value | undefined): readonly Dim[] | undefined {
  if (value?.kind !== 'list' || value.open !== undefined || value.times !== undefined) return undefined;
  const sizes = value.items.map(asSize);
  return sizes.every((size) => size !== undefined) ? (sizes as Dim[]) : undefined;
}

/** The items as plain numbers, where all are known. */
export function asNumbers(value: Value | undefined): readonly number[] | undefined {
  if (value?.kind !== 'list' || value.open !== undefined || value.times !== undefined) return undefined;
  const numbers = value.items.map(asNumber);
  return numbers.every((item) => item !== undefined) ? (numbers as number[]) : undefined;
}

export { asConstant, constantDim, isUnknown };

/** A flag, a word or a number as the source would have it; undefined for anything else. */
export function literalText(value: Value): string | undefined {
  if (value.kind === 'boolean') return String(value.value);
  if (value.kind === 'string') return `'${value.value}'`;
  return value.kind === 'number' && value.real.kind === 'number' ? String(value.real.value) : undefined;
}
