/** Parameters of a module's entry: what they are is learnt from how the code uses them. */
import { constant, type Dim, numberOfReal, symbol } from '../../dim/index';
import { type Arguments, type Host, type ListValue, literalText, number, object, size, type UnknownValue, unknown, type Value } from '../../value/index';
import type { Run, SymbolRecord } from '../run';
import { evidenceOf, learnKind, type ParameterEvidence, type ParameterKind, ReadAgain } from './evidence';
import { inputTensor, numbered } from './inputs';

/** The parameter (or field `a.b`, or item `a[0]`) at a path, as far as its kind is known by now. */
export function parameterValue(run: Run, path: string): Value {
  const about = evidenceOf(run.evidence, path);
  switch (about.kind) {
    case 'tensor':
      return inputTensor(run, path);
    case 'number':
      return about.fixed ? number(about.example ?? 1) : size(argumentSymbol(run, path));
    case 'string':
      return lazy(path, 'string');
    case 'list':
      return about.length === undefined ? lazy(path, 'list') : givenList(run, path, about.length, about);
    case 'dict':
      return { ...object(), parameter: path };
    case 'function':
      return { kind: 'native', name: path, call: (args, host) => fromOutside(path, args, host) };
    default:
      return lazy(path);
  }
}

/** A list that is given: the items that the code asks for, which are all of them where it takes it apart whole. */
function givenList(run: Run, path: string, length: number, { tuple, counted }: ParameterEvidence): Value {
  const items = Array.from({ length }, (_, at) => parameterValue(run, `${path}[${at}]`));
  return { kind: 'list', tuple: tuple === true, parameter: path, items, ...(counted ? {} : { atLeast: true }) };
}

/** What a function that is given gives from tensors is taken for a tensor; of anything else nothing is known. */
function fromOutside(path: string, args: Arguments, host: Host): Value {
  const reason = `\`${path}\` is a function that is given from outside`;
  const tensors = args.positional.filter((arg) => arg.kind === 'tensor');
  return tensors.length > 0 ? { ...host.unknownTensor(reason, tensors), unsure: true } : unknown(reason);
}

const lazy = (path: string, type?: 'list' | 'string'): UnknownValue => ({ ...unknown(`nothing in the code tells what \`${path}\` is`, type), parameter: path });

/** The symbol of a numeric argument, under its shortest name. */
function argumentSymbol(run: Run, path: string): Dim {
  const about = evidenceOf(run.evidence, path);
  const name = freeName(run, about.alias ?? path, path);
  if (!run.symbols.has(name)) {
    const record: SymbolRecord = { name, role: 'argument', origin: `argument \`${path}\``, named: true, input: path };
    run.symbols.set(name, about.example === undefined ? record : { ...record, example: about.example });
  }
  const bound = run.bindings.sizes?.[name];
  return bound === undefined ? symbol(name) : constant(bound);
}

/** The name, or one made from it that no other origin has. */
function freeName(run: Run, wanted: string, path: string): string {
  const isFree = (name: string) => {
    const taken = run.symbols.get(name);
    return !taken || (taken.role === 'argument' && taken.input === path);
  };
  return isFree(wanted) ? wanted : isFree(path) ? path : numbered(wanted, isFree);
}

/** Tells what a parameter is; where that is news, the module is read again. */
export function tellKind(run: Run, value: UnknownValue, kind: ParameterKind): Value {
  if (value.parameter === undefined) return value;
  // An object of a class, which the code takes the name of as well, is none for the places that take the object.
  if (kind === 'string' && run.evidence.get(value.parameter)?.settings) return value;
  if (learnKind(run.evidence, value.parameter, kind)) throw new ReadAgain();
  return parameterValue(run, value.parameter);
}

/** What its type calls a list is used as a tensor: the type is wrong, and the module is read again so. */
export function tellNoList(run: Run, { parameter }: ListValue): void {
  const about = parameter === undefined ? undefined : run.evidence.get(parameter);
  if (!about?.noted) return;
  delete about.noted;
  delete about.length;
  about.kind = 'tensor';
  throw new ReadAgain();
}

/** What is one of several, by a test on a parameter, and is used as a number (or a tensor): where all others are, the parameter is one too. */
export function tellOptions(run: Run, value: UnknownValue, kind: 'number' | 'tensor'): Value {
  const options = value.options ?? [];
  const open = options.filter((option): option is UnknownValue => option.kind === 'unknown' && option.parameter !== undefined && !option.options);
  const fits = (option: Value) =>
    option.kind === kind || option.kind === 'null' || option.kind === 'undefined' || (option.kind === 'unknown' && option.type === kind);
  if (open.length > 0 && options.every((option) => open.includes(option as UnknownValue) || fits(option)))
    for (const option of open) tellKind(run, option, kind);
  return value;
}

/** A field of a parameter that is an object. */
export function fieldOf(run: Run, path: string, name: string): Value {
  evidenceOf(run.evidence, path).kind ??= 'dict';
  return parameterValue(run, path === '' ? name : `${path}.${name}`);
}

/** An item of a parameter that is a list, which thereby has at least so many. */
export function itemOf(run: Run, value: UnknownValue | ListValue, index: number): Value {
  const path = value.parameter ?? '';
  const about = evidenceOf(run.evidence, path);
  const news = about.kind === undefined || (about.kind === 'list' && (about.length ?? 0) <= index);
  if (news && (about.kind === undefined || about.kind === 'list')) {
    about.kind = 'list';
    about.length = Math.max(about.length ?? 0, index + 1);
    throw new ReadAgain();
  }
  return unknown(`\`${path}\` has no item ${index}`);
}

/** Tells how many items a parameter that is a list has, or has at least. */
export function tellLength(run: Run, value: UnknownValue | ListValue, length: number, isAll = true): Value {
  if (value.parameter === undefined || length === 0) return value;
  const told = itemOfList(run, value, length);
  if (isAll) tellCounted(run, told, length);
  return told;
}

/** What is taken apart whole has the items that the code asks for, and no more. */
export function tellCounted(run: Run, { kind, parameter = '' }: Value & { readonly parameter?: string }, length: number): void {
  const about = kind === 'list' && parameter !== '' ? run.evidence.get(parameter) : undefined;
  if (!about) return;
  if (about.notedLength !== undefined && about.notedLength < length && !about.misnoted) misnoted(run, parameter, about, length);
  if (about.counted) return;
  about.counted = true;
  throw new ReadAgain();
}

/** A type that lists fewer items than there are was not meant so: `tuple[Tensor]` for a tuple of whatever. */
function misnoted(run: Run, parameter: string, about: ParameterEvidence, length: number): void {
  for (const path of [...run.evidence.keys()]) if (path.startsWith(`${parameter}[`)) run.evidence.delete(path);
  Object.assign(about, { misnoted: true, length, counted: true });
  throw new ReadAgain();
}

function itemOfList(run: Run, value: UnknownValue | ListValue, length: number): Value {
  itemOf(run, value, length - 1);
  return parameterValue(run, value.parameter ?? '');
}

/** Whether anything is given: what is not then takes its default, where it has one. */
const isBound = (run: Run): boolean => run.bindings.args !== undefined || run.bindings.inputs !== undefined;

/** `parameter ?? fallback`: what the default says of a parameter. A whole positive number stays symbolic with its example; any other default is taken. */
export function withFallback(run: Run, value: Value, fallback: () => Value, isOwn = true): Value {
  if (value.kind === 'undefined') return fallback();
  if (value.kind !== 'unknown' || value.parameter === undefined || run.evidence.get(value.parameter)?.given) return value;
  const given = fallback();
  if (!isOwn) return given.kind === 'number' && exampleOf(given) !== undefined ? tellKind(run, value, 'number') : value;
  if (isBound(run) && given.kind !== 'unknown' && given.kind !== 'dict') return given;
  const example = given.kind === 'number' && given.real.kind !== 'apply' ? exampleOf(given) : undefined;
  if (given.kind === 'dict') return { ...given, parameter: value.parameter };
  if (example === undefined) return given.kind === 'unknown' ? value : standing(run, value.parameter, given);
  const about = evidenceOf(run.evidence, value.parameter);
  if (about.example === undefined) about.example = example;
  if (about.kind === undefined) throw learnt(about);
  return parameterValue(run, value.parameter);
}

/** Parts that leave shapes as they are, whichever is given. */
const KEEPS_SHAPES = /norm|act|drop|bias|init/i;

/** Nothing, a number that is no size, or a part of the user's own: what is given instead may do something else. */
const standsForNothing = (given: Value): boolean =>
  given.kind === 'null' || given.kind === 'function' || given.kind === 'class' || (given.kind === 'number' && (numberOfReal(given.real) ?? 0) < 0);

/** The default that a parameter is read with, noted where it can be told in a word. */
function standing(run: Run, path: string, given: Value): Value {
  if (standsForNothing(given) && !KEEPS_SHAPES.test(path)) evidenceOf(run.evidence, path).leftOut = true;
  const text = literalText(given);
  if (text !== undefined && !isBound(run)) evidenceOf(run.evidence, path).standsAt = text;
  return given.kind === 'null' && !isBound(run) ? { ...given, parameter: path } : given;
}

/** What stands at nothing by its default alone, and is used as something: it is given, and the module is read again so. */
export function notLeftOut(run: Run, value: Value): void {
  if (value.kind !== 'null' || value.parameter === undefined) return;
  evidenceOf(run.evidence, value.parameter).given = true;
  throw new ReadAgain();
}

function learnt(about: { kind?: ParameterKind }): ReadAgain {
  about.kind = 'number';
  return new ReadAgain();
}

function exampleOf(given: Value): number | undefined {
  if (given.kind !== 'number') return undefined;
  const known = given.real.kind === 'number' ? given.real.value : given.real.kind === 'size' ? Number(given.real.size.text) : Number.NaN;
  return Number.isSafeInteger(known) && known >= 1 ? known : undefined;
}

/** Notes the shorter name that a field of a parameter is stored under. */
export function tellAlias(run: Run, value: Value, name: string): void {
  const path =
    value.kind === 'unknown' ? value.parameter : value.kind === 'number' && value.real.kind === 'size' ? argumentPath(run, value.real.size.text) : undefined;
  if (path === undefined || !/[.[]/.test(path)) return;
  const about = evidenceOf(run.evidence, path);
  if (about.alias !== undefined || [...run.evidence.values()].some((other) => other.alias === name) || run.evidence.has(name)) return;
  about.alias = name;
  if (value.kind === 'number') throw new ReadAgain();
}

function argumentPath(run: Run, text: string): string | undefined {
  const record = run.symbols.get(text);
  return record?.role === 'argument' ? record.input : undefined;
}

/** Uses an argument where a number must be known: its default stands for it. */
export function fixArgument(run: Run, value: Value): Value {
  if (value.kind !== 'number' || value.real.kind !== 'size') return value;
  const path = argumentPath(run, value.real.size.text);
  if (path === undefined) return value;
  const about = evidenceOf(run.evidence, path);
  if (about.fixed || about.example === undefined) return value;
  about.fixed = true;
  throw new ReadAgain();
}
