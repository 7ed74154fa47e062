/** A small host over known sizes: operators' own rules, no graph, every problem kept. */
import { asConstant, compare, constant, type Dim, divides, NO_FACTS } from '../../../src/dim/index';
import type { Attributes, Demand, DType, Operator, Runtime } from '../../../src/ops/operator';
import {
  type Arguments,
  boolean,
  type Host,
  list,
  NULL,
  number,
  object,
  type ProblemInput,
  string,
  type TensorValue,
  UNDEFINED,
  unknown,
  type Value,
} from '../../../src/value/index';

/** A step that was taken. */
export interface Step {
  readonly operator: string;
  readonly attributes: Attributes;
}

export interface TestHost extends Host {
  readonly problems: ProblemInput[];
  readonly steps: Step[];
  readonly told: { readonly rank: number; readonly how: string }[];
}

const span = { file: 'test.ts', line: 1, column: 1, endLine: 1, endColumn: 2 };

/** Arguments of a call of `api`. */
export const call = (api: string, positional: readonly Value[]): Arguments => ({ positional, named: new Map(), span, spans: positional.map(() => span), api });

/** A JavaScript value as the interpreter has it. */
export function value(given: unknown): Value {
  if (given === undefined) return UNDEFINED;
  if (given === null) return NULL;
  if (typeof given === 'number') return number(given);
  if (typeof given === 'string') return string(given);
  if (typeof given === 'boolean') return boolean(given);
  if (Array.isArray(given)) return list(given.map(value));
  if (typeof given === 'object' && 'kind' in given) return given as Value;
  return object(Object.entries(given as object).map(([key, item]) => [key, value(item)] as const));
}

function holds(demand: Demand): boolean {
  if (demand.kind === 'equal') return compare(demand.left, demand.right, NO_FACTS) !== 'different';
  if (demand.kind === 'divides') return divides(demand.divisor, demand.size, NO_FACTS) !== 'no';
  return (asConstant(demand.small) ?? 0) <= (asConstant(demand.large) ?? Number.POSITIVE_INFINITY);
}

/** Makes a host for one test. */
export function testHost(runtime: Runtime = 'tfjs'): TestHost {
  let nodes = 0;
  const tensorOf = (shape: readonly Dim[] | null, dtype: DType, reason?: string): TensorValue => {
    nodes += 1;
    return { kind: 'tensor', ref: { node: nodes, output: 0 }, shape, dtype, ...(reason === undefined ? {} : { reason }) };
  };
  const problems: ProblemInput[] = [];
  const steps: Step[] = [];
  const told: { rank: number; how: string }[] = [];
  const apply = (operator: Operator, inputs: readonly TensorValue[], attributes: Attributes): readonly TensorValue[] => {
    steps.push({ operator: operator.name, attributes });
    const unranked = inputs.find((input) => input.shape === null);
    if (unranked) return [tensorOf(null, unranked.dtype, unranked.reason)];
    const types = inputs.map((input) => ({ shape: input.shape ?? [], dtype: input.dtype }));
    const result = operator.shape(types, attributes, { facts: NO_FACTS, runtime });
    const { problem } = result;
    if (problem) problems.push({ code: problem.code, severity: 'error', span, args: { operator: operator.name, ...problem.args } });
    for (const demand of result.demands ?? []) {
      if (!holds(demand)) problems.push({ code: demand.about, severity: 'error', span, args: { operator: operator.name } });
    }
    return result.outputs.map((output) => tensorOf(output.shape, output.dtype));
  };
  const host: TestHost = {
    runtime,
    language: runtime === 'tfjs' ? 'typescript' : 'python',
    training: false,
    facts: NO_FACTS,
    span,
    problems,
    steps,
    told,
    apply,
    unknownTensor: (reason, _, dtype = 'float32') => tensorOf(null, dtype, reason),
    parameter: ({ shape, dtype }) => tensorOf(shape, dtype),
    variable: (initial) => initial,
    input: (_, shape, dtype) =>
      tensorOf(
        shape.map((size) => size ?? constant(7)),
        dtype,
      ),
    constant: (shape, dtype) => tensorOf(shape, dtype),
    against: () => [],
    require: (relation, left, right, code) => {
      const fine = relation === '==' ? compare(left, right, NO_FACTS) !== 'different' : divides(left, right, NO_FACTS) !== 'no';
      if (!fine) problems.push({ code, severity: 'error', span, args: {} });
      return fine;
    },
    report: (problem) => void problems.push(problem),
    tellRank: (_, rank, how) => void told.push({ rank, how }),
    tellAxes: () => undefined,
    initialise: () => undefined,
    expect: (given) => given,
    call: (callee, args) => (callee.kind === 'native' && callee.call ? callee.call(args, host) : unknown('it cannot be called')),
    invoke: (callee, ...args) => host.call(callee, call('', args)),
    member: (owner, name) => {
      if (owner.kind === 'dict') return owner.entries.get(name) ?? UNDEFINED;
      if (owner.kind === 'instance') return owner.members.get(name) ?? owner.native?.member(owner, name, host) ?? UNDEFINED;
      return owner.kind === 'module' ? (owner.get(name, host) ?? UNDEFINED) : owner.kind === 'native' ? (owner.member?.(name, host) ?? UNDEFINED) : UNDEFINED;
    },
    setMember: (owner, name, item) => {
      if (owner.kind === 'instance') owner.members = new Map(owner.members).set(name, item);
    },
    setItems: (owner, items) => {
      owner.items = items;
    },
    setEntries: (owner, entries) => {
      owner.entries = entries;
    },
    repeat: (_, body) => body(),
    probe: (body) => body(),
    merge: (parts) => ({ kind: 'dict', flavour: 'object', entries: new Map(parts.flatMap((part) => (part.kind === 'dict' ? [...part.entries] : []))) }),
    setOpen: (owner, reason) => {
      owner.open = reason;
    },
    setState: (owner, key, state) => {
      owner.state = new Map(owner.state).set(key, state);
    },
    iterate: (given) => (given.kind === 'list' ? given.items : { unknown: 'it cannot be iterated' }),
    takeApart: (given) => (given.kind === 'list' ? given.items : { unknown: 'it cannot be iterated' }),
    isList: (given) => given.kind === 'list',
    truth: (given) => (given.kind === 'boolean' ? given.value : given.kind === 'unknown' ? undefined : given.kind !== 'undefined' && given.kind !== 'null'),
    assert: () => undefined,
    scoped: (_, __, body) => body(),
    dispose: () => undefined,
    standsFor: () => undefined,
    replace: (_, result) => result,
    letGo: () => undefined,
    lacks: () => undefined,
    precision: 'float32',
    retyped: (tensor) => tensor,
    autocast: (_, tensors) => tensors,
    uncast: (body) => body(),
    holds: () => undefined,
    around: (_, body) => body(),
    autocasting: (_, body) => body(),
    autocastsTo: undefined,
    checkpointed: (_given, _reentrant, body) => body(),
    dropMember: (owner, name) => {
      owner.members = new Map([...owner.members].filter(([key]) => key !== name));
    },
    trains: () => undefined,
  };
  return host;
}

/** A tensor of known sizes. */
export const tensor = (shape: readonly number[], dtype: DType = 'float32'): TensorValue => ({
  kind: 'tensor',
  ref: { node: -1 - Math.floor(Math.random() * 1e9), output: 0 },
  shape: shape.map((size) => constant(size)),
  dtype,
});

/** The sizes of a tensor, or of each of a list or object of them; undefined for what has none. */
export function sizesOf(given: Value | undefined): unknown {
  if (given?.kind === 'tensor') return given.shape === null ? `unknown: ${given.reason}` : given.shape.map((size) => asConstant(size) ?? '?');
  if (given?.kind === 'list') return given.items.map(sizesOf);
  if (given?.kind === 'dict') return Object.fromEntries([...given.entries].map(([key, item]) => [key, sizesOf(item)]));
  return given?.kind;
}
