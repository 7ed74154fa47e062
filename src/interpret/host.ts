/** The interpreter as dialects see it. */
import { asConstant, atMost, constant, isUnknown, numberOfReal, sizeOfReal } from '../dim/index';
import type { Attribute } from '../ops/operator';
import {
  type Arguments,
  type ClassValue,
  type Host,
  type InstanceValue,
  type ListValue,
  type ProblemInput,
  size,
  type TensorValue,
  unknown,
  type Value,
  valueOfKey,
} from '../value/index';
import { callFunction, callValue } from './calls/calls';
import { baseWith, classLookup, nativeBase } from './calls/lineage';
import { isSure } from './entry/splits';
import { standsFor } from './entry/standing';
import { startsAs, variableFrom } from './entry/weights';
import { contentsOf } from './expressions/comparisons';
import { mergeObjects } from './expressions/literals';
import { member } from './expressions/members';
import { checkpointed, inside, setTrained } from './gradients';
import { addNode, inScope } from './graph';
import { letGo } from './held';
import { applyOperator, wholeReal } from './judging/applying';
import { against } from './judging/claims';
import { judgeDivides, judgeEqual } from './judging/judge';
import { reportBeyond } from './judging/reports';
import { evidenceOf } from './learning/evidence';
import { declaredInput, rootOf, tellAxes, tellRank } from './learning/inputs';
import { fixArgument, notLeftOut, parameterValue, tellKind, tellLength, tellNoList, tellOptions } from './learning/parameters';
import { autocasting, autocastOf, cast, retyped, uncast } from './precision';
import type { Run } from './run';
import { setMember } from './statements/assign';
import { assume, conditionOf, Thrown, trySide } from './statements/branch';
import { write } from './statements/journal';
import { manyTurns, maybeTurns } from './statements/loops';
import { written } from './written';

const SURE = { exactly: 'exact', 'at least': 'least', 'at most': 'most' } as const;

/** Makes the Host of a run. */
export function makeHost(get: () => Run): Host {
  return {
    get runtime() {
      return get().surroundings.runtime;
    },
    get language() {
      return get().language;
    },
    get training() {
      const run = get();
      run.asksMode = true;
      return run.bindings.training;
    },
    get precision() {
      return get().bindings.precision ?? 'float32';
    },
    get facts() {
      return get().known.facts;
    },
    get span() {
      return get().span;
    },
    apply: (operator, inputs, attributes, at) => applyOperator(get(), operator, inputs, attributes, at),
    unknownTensor: (reason, from = [], dtype = 'float32') => unknownTensor(get(), reason, from, dtype),
    parameter: ({ name, shape, dtype, trainable, initializer, span }) => oneNode(get(), 'parameter', { name, trainable, initializer }, { shape, dtype }, span),
    initialise: (weight, initializer) => startsAs(get(), weight, initializer),
    variable: (initial, { trainable, name }) => variableFrom(get(), initial, trainable, name),
    input: (name, shape, dtype) => declaredInput(get(), name, shape, dtype),
    constant: (shape, dtype, values, plain) => {
      const held = values === null ? null : (values.slice(0, 65_536) as Attribute);
      return oneNode(get(), 'constant', plain ? { values: held, plain } : { values: held }, { shape, dtype }, get().span);
    },
    retyped: (tensor, dtype) => retyped(get(), tensor, dtype),
    holds: (tensors) => {
      for (const tensor of tensors) letGo(get(), tensor);
    },
    autocast: (way, tensors) => cast(get(), { autocast: way }, tensors, {}, (...call) => applyOperator(get(), ...call, get().span)).inputs,
    uncast: (body) => uncast(get(), body),
    autocasting: (to, body) => autocasting(get(), to, body),
    get autocastsTo() {
      return autocastOf(get());
    },
    around: (around, body) => inside(get(), around, body),
    checkpointed: (given, reentrant, body) => checkpointed(get(), given, reentrant, body),
    trains: (weight, trains) => setTrained(get(), weight, trains),
    against: (size, claimed) => against(get(), size, claimed),
    require: (relation, left, right, code, args, at) => requireSizes(get(), relation, left, right, code, args, at),
    report: (problem) => report(get(), problem),
    lacks: () => {
      if (get().caught.attributes > 0) throw new Thrown();
    },
    replace: (tensor, result) => written(get(), tensor, result),
    letGo: (value) => letGo(get(), value),
    tellRank: (tensor, rank, how) => tellRank(get(), tensor, rank, SURE[how]),
    tellAxes: (tensor, names) => tellAxes(get(), tensor, names),
    expect: (value, kind) => expectKind(get(), value, kind),
    isList: (value, asked) => isList(get(), value, asked),
    call: (callee, args) => callValue(get(), callee, args, true),
    invoke: (callee, ...args) => callValue(get(), callee, plainArguments(get(), args), true),
    member: (owner, name) => member(get(), owner, name),
    setMember: (owner, name, value) =>
      owner.kind === 'instance' ? write(get().journal, owner, 'members', new Map(owner.members).set(name, value)) : setMember(get(), owner, name, value),
    dropMember: (owner, name) => write(get().journal, owner, 'members', new Map([...owner.members].filter(([key]) => key !== name))),
    setItems: (list, items) => {
      if (list.times && items.length !== list.items.length) write(get().journal, list, 'open', 'items were added to a list of unknown length');
      write(get().journal, list, 'items', items);
    },
    setEntries: (owner, entries) => write(get().journal, owner, 'entries', entries),
    setOpen: (owner, reason) => write(get().journal, owner as { open?: string }, 'open', reason),
    setState: (owner, key, state) => write(get().journal, owner as { state: ReadonlyMap<string, unknown> }, 'state', new Map(owner.state).set(key, state)),
    iterate: (value) => iterate(get(), value),
    takeApart: (value, count) => iterate(get(), value.kind === 'unknown' || isShortList(value, count) ? tellLength(get(), value, count) : value),
    repeat: (times, body) => (typeof times === 'string' ? maybeTurns(get(), `how many items there are: ${times}`, body) : manyTurns(get(), times, body)),
    probe: (body) => void trySide(get(), undefined, body),
    merge: (parts) => mergeObjects(get(), parts),
    truth: (value) => truth(get(), value),
    assert: (test) => asserted(get(), test),
    scoped: (kind, name, body) => inScope(get(), kind, name, get().span, body),
    standsFor: (declared, given) => standsFor(get(), declared, given),
    dispose: (tensor) => void get().disposals.push({ ref: tensor.ref, step: get().nodes.length }),
  };
}

/** Whether a list that is given has fewer items than it is to have, so far as the code asked for them. */
const isShortList = (value: Value, count: number): value is ListValue =>
  value.kind === 'list' && value.parameter !== undefined && value.open === undefined && !value.times && value.items.length < count;

/** Arguments of a call that the source does not write. */
export const plainArguments = (run: Run, positional: readonly Value[]): Arguments => ({
  positional,
  named: new Map(),
  span: run.span,
  spans: positional.map(() => run.span),
  api: '',
});

function oneNode(
  run: Run,
  op: string,
  attributes: { readonly [name: string]: Attribute },
  type: Parameters<typeof addNode>[4][number],
  span: Run['span'],
): TensorValue {
  const [tensor] = addNode(run, op, [], attributes, [type], span);
  return tensor as TensorValue;
}

function unknownTensor(run: Run, reason: string, from: readonly TensorValue[], dtype: TensorValue['dtype']): TensorValue {
  const [tensor] = addNode(
    run,
    'unknown',
    from.map((one) => one.ref),
    { reason },
    [{ shape: null, dtype, unknown: reason }],
    run.span,
  );
  return tensor as TensorValue;
}

function requireSizes(
  run: Run,
  relation: '==' | 'divides',
  left: Parameters<Host['require']>[1],
  right: Parameters<Host['require']>[2],
  code: string,
  args: ProblemInput['args'],
  at = run.span,
): boolean {
  const verdict = relation === '==' ? judgeEqual(run, left, right, at) : judgeDivides(run, left, right, at);
  if (verdict === 'different' || verdict === 'coincidence')
    report(run, { code, severity: verdict === 'different' ? 'error' : 'warning', span: at, args: { ...args, left: left.text, right: right.text } });
  return verdict !== 'different';
}

/** What is said of a call that does not take the arguments that it is given: a TypeError. */
const REFUSED = new Set(['unexpected-argument', 'missing-argument', 'too-many-arguments']);

/** Each finding once per place, where the calls of one chain begin alike; files' own statements are reported too: a call site can break a need. */
function report(run: Run, problem: ProblemInput): void {
  if (!isSure(run)) return;
  if (run.caught.arguments > 0 && REFUSED.has(problem.code)) throw new Thrown();
  if (run.caught.calls > 0) return;
  // With what is given in truth it may not come to this, or come out otherwise.
  if (run.frames.some(({ filledIn }) => filledIn)) return;
  const { span } = problem;
  const key = `${problem.code}:${span.file}:${span.line}:${span.column}:${span.endLine}:${span.endColumn}`;
  run.reported.set(key, (run.reported.get(key) ?? 0) + 1);
  if (!run.problems.has(key)) run.problems.set(key, problem);
}

function asserted(run: Run, test: Value): void {
  const { holds } = conditionOf(test);
  if (holds && truth(run, test) === undefined) assume(run, holds, true);
}

function expectKind(run: Run, value: Value, kind: Parameters<Host['expect']>[1]): Value {
  if (value.kind === 'undefined' && (kind === 'size' || kind === 'number')) reportBeyond(run, value);
  notLeftOut(run, value);
  if (value.kind === 'number') return kind === 'constant' ? fixArgument(run, value) : kind === 'size' ? wholeSize(run, value) : value;
  if (value.kind === 'list' && kind === 'tensor') tellNoList(run, value);
  if (value.kind !== 'unknown') return value;
  if (value.compared !== undefined && (kind === 'tensor' || kind === 'term'))
    tellKind(run, { kind: 'unknown', reason: value.reason, parameter: value.compared }, 'tensor');
  const wanted = kind === 'constant' || kind === 'size' ? 'number' : kind === 'term' ? termKind(run, value) : kind;
  if (value.options) return optionOf(value, wanted) ?? (wanted === 'number' || wanted === 'tensor' ? tellOptions(run, value, wanted) : value);
  if (value.parameter === undefined || (value.type !== undefined && value.type !== wanted)) return value;
  const told = tellKind(run, value, wanted);
  return kind === 'constant' ? fixArgument(run, told) : told;
}

/** What goes into arithmetic with tensors: of what a class was made with a number, of what a forward is given a tensor. */
function termKind(run: Run, { parameter, options }: Value & { kind: 'unknown' }): 'tensor' | 'number' {
  const isSetting = parameter !== undefined && options === undefined && run.entry === 'class' && !run.inputSpans.has(rootOf(parameter));
  return isSetting ? 'number' : 'tensor';
}

/** A quotient that is used as a size is whole by need. */
function wholeSize(run: Run, value: Value & { kind: 'number' }): Value {
  return value.real.kind === 'apply' ? { kind: 'number', real: wholeReal(run, value.real, run.span) } : value;
}

/** Of several options the only one of a kind. */
function optionOf(value: Value & { kind: 'unknown' }, kind: string): Value | undefined {
  const fitting = value.options?.filter((option) => option.kind === kind || (kind === 'function' && option.kind === 'native')) ?? [];
  return fitting.length === 1 ? fitting[0] : undefined;
}

/** An entry's input that the code asks this of is given as a tensor; other parameters stay open. */
function isList(run: Run, value: Value, asked = false): boolean | undefined {
  if (value.kind !== 'unknown') return value.kind === 'list' || value.kind === 'shape';
  if (value.parameter !== undefined && run.inputSpans.has(value.parameter) && !run.evidence.get(value.parameter)?.settings) {
    if (asked) evidenceOf(run.evidence, value.parameter).mayBeList = true;
    tellKind(run, value, 'tensor');
    return isList(run, parameterValue(run, value.parameter));
  }
  if (value.options)
    return value.options.every((option) => option.kind === 'list') ? true : value.options.some((option) => option.kind === 'list') ? undefined : false;
  return value.type === 'list' ? true : value.type === undefined ? undefined : false;
}

function iterate(run: Run, value: Value): readonly Value[] | { readonly unknown: string } {
  notLeftOut(run, value);
  switch (value.kind) {
    case 'list':
      return value.open !== undefined ? { unknown: value.open } : value.times ? repeated(value) : value.items;
    case 'dict':
      return iterateDict(run, value);
    case 'string':
      return [...value.value].map((value) => ({ kind: 'string' as const, value }));
    case 'unknown':
      return value.parameter === undefined || value.type !== undefined ? { unknown: value.reason } : iterate(run, listOrReason(run, value));
    case 'shape':
      return { unknown: value.of.reason ?? 'the rank is not known' };
    case 'tensor':
      return slicesOf(run, value);
    case 'instance':
      return iterateInstance(run, value);
    case 'class':
      return iterateClass(value);
    case 'native':
      return value.items ? iterate(run, value.items()) : { unknown: 'it cannot be iterated' };
    default:
      return { unknown: 'it cannot be iterated' };
  }
}

/** A tensor that is walked gives what it holds at each place of its first axis. */
function slicesOf(run: Run, tensor: TensorValue): readonly Value[] | { readonly unknown: string } {
  const { tensorItem } = run.surroundings;
  const [first] = tensor.shape ?? [];
  const count = first ? asConstant(first) : undefined;
  if (!tensorItem || count === undefined || count > 4096) return { unknown: tensor.reason ?? 'the size of the first axis is not known' };
  return Array.from({ length: count }, (_, at) => tensorItem(tensor, [{ kind: 'item', value: size(constant(at)) }], run.host));
}

/** What an object's class says that it gives, else what the library's holds. */
function iterateInstance(run: Run, object: InstanceValue): readonly Value[] | { readonly unknown: string } {
  const own = object.cls ? classLookup(object.cls, '__iter__', false) : undefined;
  if (!own) {
    const contents = contentsOf(run, object);
    return contents.kind === 'list' || contents.kind === 'dict' ? iterate(run, contents) : { unknown: 'what it holds is not known' };
  }
  const items = callFunction(run, own.function, plainArguments(run, []), object, true);
  return items === object ? { unknown: 'its items are not followed' } : iterate(run, items);
}

/** The members of an enumeration, another name of the same member left out. */
function iterateClass(cls: ClassValue): readonly Value[] | { readonly unknown: string } {
  const items = baseWith(cls, 'classItems')?.classItems?.(cls);
  return items ? [...new Set(items.values())] : { unknown: 'what it holds is not known' };
}

/** A list that stands for a known number of items alike has them. */
function repeated(value: Value & { kind: 'list' }): readonly Value[] | { readonly unknown: string } {
  const count = value.times ? asConstant(value.times) : undefined;
  const [item] = value.items;
  if (count === undefined || count > 4096 || !item) return { unknown: `it has ${value.times?.text ?? '?'} items` };
  return Array.from({ length: count }, () => item);
}

function listOrReason(run: Run, value: Value & { kind: 'unknown' }): Value {
  const told = tellKind(run, value, 'list');
  return told.kind === 'unknown' ? unknown(told.reason, 'list') : told;
}

function iterateDict(run: Run, value: Value & { kind: 'dict' }): readonly Value[] | { readonly unknown: string } {
  if (value.open !== undefined) return { unknown: value.open };
  if (value.flavour === 'set') return [...value.entries.values()];
  if (value.flavour === 'map' && run.surroundings.ways.mappingsGiveKeys) return [...value.entries.keys()].map(valueOfKey);
  if (value.flavour === 'map') return [...value.entries].map(([key, item]) => ({ kind: 'list' as const, tuple: false, items: [valueOfKey(key), item] }));
  return { unknown: 'an object cannot be iterated' };
}

/** Whether a value counts as true. */
export function truth(run: Run, value: Value): boolean | undefined {
  switch (value.kind) {
    case 'boolean':
      return value.value;
    case 'null':
    case 'undefined':
      return false;
    case 'string':
      return value.value !== '';
    case 'number':
      return truthOfNumber(run, value);
    case 'unknown':
      return truthOfUnknown(run, value);
    case 'list':
      return run.surroundings.ways.emptyIsFalse ? truthOfItems(value.items.length, value) : true;
    case 'dict':
      return run.surroundings.ways.emptyIsFalse && value.flavour !== 'object' ? truthOfItems(value.entries.size, value) : true;
    case 'tensor':
      return run.surroundings.tensorOperation ? undefined : true;
    case 'instance':
      return truthOfInstance(run, value);
    default:
      return true;
  }
}

/** What is empty counts as false, where it surely is. */
function truthOfItems(count: number, { open, parameter }: { readonly open?: string; readonly parameter?: string }): boolean | undefined {
  if (count > 0) return true;
  return open === undefined && parameter === undefined ? false : undefined;
}

/** A library's list of modules counts as what it holds. */
function truthOfInstance(run: Run, value: InstanceValue): boolean | undefined {
  const native = value.native ?? (value.cls && run.surroundings.ways.emptyIsFalse ? nativeBase(value.cls) : undefined);
  const contents = native?.contents?.(value, run.host);
  return contents === undefined ? true : truth(run, contents);
}

function truthOfNumber(run: Run, value: Value & { kind: 'number' }): boolean | undefined {
  const known = numberOfReal(value.real);
  if (known !== undefined) return known !== 0 && !Number.isNaN(known);
  const size = sizeOfReal(value.real);
  return size && !isUnknown(size) && atMost(constant(1), size, run.known.facts) === 'yes' ? true : undefined;
}

function truthOfUnknown(run: Run, value: Value & { kind: 'unknown' }): boolean | undefined {
  if (value.compared !== undefined) tellKind(run, { kind: 'unknown', reason: value.reason, parameter: value.compared }, 'number');
  if ((value.type === 'tensor' || value.type === 'list') && !run.surroundings.ways.emptyIsFalse) return true;
  if (!value.options) return undefined;
  const truths = new Set(value.options.map((option) => truth(run, option)));
  return truths.size === 1 ? [...truths][0] : undefined;
}
