/** Parameters of a module's entry: what they are is learnt from how the code uses them. */
import { constant, type Dim, numberOfReal, symbol } from '../../dim/index';
import type { DType } from '../../ops/operator';
import {
  type Arguments,
  type Host,
  type ListValue,
  literalText,
  number,
  object,
  size,
  type TensorValue,
  type UnknownValue,
  unknown,
  type Value,
} from '../../value/index';
import { addNode } from '../graph';
import { givenType } from '../precision';
import type { InputBinding, Run, SymbolRecord } from '../run';
import {
  evidenceOf,
  learnKind,
  learnLeast,
  learnMost,
  learnName,
  learnRank,
  type ParameterEvidence,
  type ParameterKind,
  ReadAgain,
  type Sureness,
} from './evidence';

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

/** `name_2`, `name_3`, …: the first that is free. */
function numbered(name: string, isFree: (name: string) => boolean): string {
  let at = 2;
  while (!isFree(`${name}_${at}`)) at++;
  return `${name}_${at}`;
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

/** The tensor that an entry's parameter is. */
export function inputTensor(run: Run, path: string): TensorValue {
  const made = run.inputs.get(path);
  if (made) return made;
  const tensor = makeInput(run, path);
  run.inputs.set(path, tensor);
  return tensor;
}

function makeInput(run: Run, path: string): TensorValue {
  const about = evidenceOf(run.evidence, path);
  const dtype = givenType(run, about.dtype ?? 'float32');
  const span = run.inputSpans.get(rootOf(path)) ?? run.span;
  if (about.rank === undefined) {
    const unknownRank = `nothing in the code tells the rank of \`${inputName(run, path)}\``;
    const [tensor] = addNode(run, 'input', [], { name: inputName(run, path) }, [{ shape: null, dtype, unknown: unknownRank }], span);
    return { ...(tensor as TensorValue), ranked: { input: path, offset: 0 } };
  }
  const shape: Dim[] = [];
  for (let axis = 0; axis < about.rank; axis++) {
    const alike = about.names.has(axis) ? undefined : shape[about.alike.get(axis) ?? axis];
    shape.push(about.sizes.get(axis) ?? alike ?? axisSymbol(run, path, axis, about.rank));
  }
  const [tensor] = addNode(run, 'input', [], { name: inputName(run, path) }, [{ shape, dtype }], span);
  return tensor as TensorValue;
}

/** The parameter that a path starts at. */
export const rootOf = (path: string): string => path.split(/[.[]/)[0] ?? path;

/** What a user calls the input: its shorter name where it has one. */
export function inputName(run: Run, path: string): string {
  return evidenceOf(run.evidence, path).alias ?? path;
}

/** A free size of an input: under the user's name where one is told, else the field's usual one. */
function axisSymbol(run: Run, path: string, axis: number, rank: number): Dim {
  const { names, words } = evidenceOf(run.evidence, path);
  const own = names.get(axis);
  const usual = run.surroundings.ways.axisNames[rank]?.[axis] ?? (axis === 0 ? 'b' : `d${axis}`);
  const wanted = own ?? words.get(axis) ?? usual;
  const suffix = inputName(run, path)
    .replace(/[^\w$]+/g, '_')
    .replace(/^_+|_+$/g, '');
  const isFree = (candidate: string) => !run.symbols.has(candidate) && !reserved(run, candidate, path);
  const longer = `${wanted}_${suffix}`;
  const name = isFree(wanted) ? wanted : isFree(longer) ? longer : numbered(longer, isFree);
  run.symbols.set(name, { name, role: 'data', origin: `axis ${axis} of \`${inputName(run, path)}\``, input: path, axis, named: own !== undefined });
  return symbol(name);
}

/** A name that another parameter will want is not taken by convention. */
function reserved(run: Run, name: string, path: string): boolean {
  for (const [other, about] of run.evidence) {
    if (other !== path && about.kind === 'number' && (about.alias ?? other) === name) return true;
  }
  return false;
}

/** An input that the program declares itself; it goes by the variable that it is assigned to. */
export function declaredInput(run: Run, given: string | undefined, shape: readonly (Dim | null)[], dtype: TensorValue['dtype']): TensorValue {
  const count = run.declared.size;
  const path = `%declared${count}`;
  const name = evidenceOf(run.evidence, path).alias ?? given ?? (count === 0 ? 'input' : `input_${count}`);
  // A model inside a class has inputs of its own, whatever they are called.
  const isOwn = run.entry === 'class' || run.inputs.has(name);
  const known = [name, ...(given === undefined ? [] : [given])].find((each) => run.bindings.inputs?.has(each));
  const binding = isOwn || known === undefined ? undefined : run.bindings.inputs?.get(known);
  const sizes = binding?.kind === 'tensor' && binding.shape.length === shape.length ? binding.shape : [];
  const dims = shape.map((size, axis) => (sizes[axis] !== undefined ? constant(sizes[axis] ?? 1) : (size ?? declaredSize(run, path, axis, shape.length))));
  const [tensor] = addNode(run, 'input', [], { name }, [{ shape: dims, dtype }], run.span);
  if (binding && known !== undefined) run.taken.add(known);
  if (tensor) run.declared.set(tensor.ref.node, path);
  if (tensor) run.inputs.set(run.inputs.has(name) ? path : name, tensor);
  return tensor as TensorValue;
}

/** The null batch is one and the same for all inputs of a model; in a class, whose own input has a batch, it stays null by name. */
function declaredSize(run: Run, path: string, axis: number, rank: number): Dim {
  if (axis !== 0) return axisSymbol(run, path, axis, rank);
  const name = run.entry === 'class' ? 'null' : 'b';
  if (!run.symbols.has(name)) run.symbols.set(name, { name, role: 'data', origin: 'the batch', input: path, axis: 0, named: true });
  return symbol(name);
}

/** Notes the variable that a declared input is assigned to: the first one is its name. */
export function nameInput(run: Run, value: Value, name: string): void {
  const path = value.kind === 'tensor' ? run.declared.get(value.ref.node) : undefined;
  if (path === undefined) return;
  const about = evidenceOf(run.evidence, path);
  if (about.alias !== undefined) return;
  about.alias = name;
  run.renamed.add(path);
}

/** The tensor that `--inputs` gives, with its sizes fixed. */
export function boundInput(run: Run, path: string, binding: InputBinding): Value {
  switch (binding.kind) {
    case 'value':
      return binding.value;
    case 'list':
      return { kind: 'list', tuple: false, items: binding.items.map((item, at) => boundInput(run, `${path}[${at}]`, item)) };
    case 'fields':
      return object([...binding.fields].map(([name, field]) => [name, boundInput(run, `${path}.${name}`, field)] as const));
    case 'tensor': {
      const span = run.inputSpans.get(rootOf(path)) ?? run.span;
      const [tensor] = addNode(run, 'input', [], { name: path }, [{ shape: binding.shape.map(constant), dtype: givenType(run, binding.dtype) }], span);
      if (tensor) run.inputs.set(path, tensor);
      return tensor ?? unknown('no tensor');
    }
  }
}

/** Tells an input's rank; where that is news, the module is read again. */
export function tellRank(run: Run, tensor: TensorValue, rank: number, by: Sureness | 'least' | 'most'): void {
  if (tensor.shape !== null || !tensor.ranked || rank - tensor.ranked.offset < 0) return;
  if (by === 'least') learnLeast(run.evidence, tensor.ranked.input, rank - tensor.ranked.offset);
  else if (by === 'most') learnMost(run.evidence, tensor.ranked.input, rank - tensor.ranked.offset);
  else if (!isMistaken(run, tensor.ranked, rank) && learnRank(run.evidence, tensor.ranked.input, rank - tensor.ranked.offset, by)) throw new ReadAgain();
}

/** What a step further on is taken for goes against what a step before it takes: the mistake is on the way there. */
const isMistaken = (run: Run, { input, offset }: NonNullable<TensorValue['ranked']>, rank: number): boolean =>
  offset !== 0 && rank - offset > (evidenceOf(run.evidence, input).most ?? Number.POSITIVE_INFINITY);

/** Whether the type of an input's elements is given, or told. */
export function isTypeTold(run: Run, node: number): boolean {
  const [path] = [...run.inputs].find(([, tensor]) => tensor.ref.node === node) ?? [];
  if (path === undefined || run.declared.has(node) || run.bindings.inputs?.has(rootOf(path))) return true;
  return evidenceOf(run.evidence, path).dtype !== undefined;
}

/** Tells the type of the elements of an input that is not given; where that is news, the module is read again. */
export function tellType(run: Run, node: number, dtype: DType): void {
  const [path] = [...run.inputs].find(([, tensor]) => tensor.ref.node === node) ?? [];
  if (path === undefined || run.declared.has(node) || run.bindings.inputs?.has(rootOf(path))) return;
  const about = evidenceOf(run.evidence, path);
  if (about.dtype !== undefined) return;
  about.dtype = dtype;
  throw new ReadAgain();
}

/** Notes the user's name for a free size: `const t = x.shape[1]`. */
export function tellName(run: Run, value: Value, name: string): void {
  if (value.kind !== 'number' || value.real.kind !== 'size' || !/^[\p{L}$][\p{L}\p{N}_$]*$/u.test(name)) return;
  const record = run.symbols.get(value.real.size.text);
  if (record?.role !== 'data' || record.named || record.input === undefined || record.axis === undefined) return;
  if (!evidenceOf(run.evidence, record.input).sizes.has(record.axis) && learnName(run.evidence, record.input, record.axis, name)) throw new ReadAgain();
}

/** Notes the user's names for the axes of a tensor: those that are free sizes get them. */
export function tellAxes(run: Run, tensor: TensorValue, names: readonly (string | undefined)[]): void {
  tensor.shape?.forEach((length, axis) => {
    const name = names[axis];
    if (name !== undefined) tellName(run, size(length), name);
  });
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
