/** Reading an operator's settings. Bound attributes are read by the same functions: they are attributes whose reals are plain numbers. */
import { constant, type Dim, numberOfReal, type Real, sizeOfReal, UNKNOWN } from '../dim/index';
import type { Attribute, Attributes } from './operator';

/** Whether the value is a real number over sizes (records of settings have no field `kind`). */
export function isReal(value: Attribute | undefined): value is Real {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && 'kind' in value;
}

/** Whether the setting is given at all. */
export function isGiven(attributes: Attributes, name: string): boolean {
  return attributes[name] !== undefined && attributes[name] !== null;
}

/** The value as a size; UNKNOWN where it is none, or not a whole number. */
export function sizeOf(value: Attribute | undefined): Dim {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? constant(value) : UNKNOWN;
  return isReal(value) ? (sizeOfReal(value) ?? UNKNOWN) : UNKNOWN;
}

/** The value as a plain number, where it is known. */
export function numberOf(value: Attribute | undefined): number | undefined {
  if (typeof value === 'number') return value;
  return isReal(value) ? numberOfReal(value) : undefined;
}

/** The value as a list; a single value stands for a list of one, and nothing for an empty one. */
export function listOf(value: Attribute | undefined): readonly Attribute[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value as readonly Attribute[]) : [value];
}

/** The setting as a size. */
export const readSize = (attributes: Attributes, name: string): Dim => sizeOf(attributes[name]);

/** The setting as a list of sizes. */
export const readSizes = (attributes: Attributes, name: string): Dim[] => listOf(attributes[name]).map(sizeOf);

/** The setting as a plain number, or `fallback` where it is not given or not known. */
export const readNumber = (attributes: Attributes, name: string, fallback: number): number => numberOf(attributes[name]) ?? fallback;

/** The setting as a list of plain numbers, NaN standing for each that is not known; undefined where it is not given. */
export function readNumbers(attributes: Attributes, name: string): number[] | undefined {
  return isGiven(attributes, name) ? listOf(attributes[name]).map((item) => numberOf(item) ?? Number.NaN) : undefined;
}

/** The setting as a flag; `fallback` where it is not given. */
export function readFlag(attributes: Attributes, name: string, fallback = false): boolean {
  const value = attributes[name];
  return typeof value === 'boolean' ? value : fallback;
}

/** The setting as a word; `fallback` where it is not given. */
export function readText(attributes: Attributes, name: string, fallback = ''): string {
  const value = attributes[name];
  return typeof value === 'string' ? value : fallback;
}
