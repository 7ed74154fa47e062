/** Applies an operator: its rule over the operands' shapes, verdicts on its demands, one step in the graph. */
import { asConstant, type Dim, isUnknown, type Real, same, simplify, UNKNOWN, wholeOf } from '../../dim/index';
import type { GraphNode, GraphType } from '../../graph/types';
import type { Attribute, Attributes, DType, Operator, RuleProblem, ShapeResult, TensorType } from '../../ops/operator';
import type { Span } from '../../program/types';
import type { Arguments, TensorValue } from '../../value/index';
import { addNode } from '../graph';
import { letGo } from '../held';
import { isTypeTold, tellRank, tellType } from '../learning/inputs';
import { noteBatched, noteLikely } from '../learning/likelihood';
import { cast, refused } from '../precision';
import type { Run } from '../run';
import { someAncestor } from './ancestry';
import { judgeDivides } from './judge';
import { noteLayout } from './layouts';
import { type Call, reportProblem } from './telling';
import { judge } from './verdicts';

const RANKS = [0, 1, 2, 3, 4, 5, 6];

/** Adds one step for an operator. */
export function applyOperator(run: Run, operator: Operator, operands: readonly TensorValue[], given: Attributes, at: Arguments | Span): readonly TensorValue[] {
  const span = 'api' in at ? at.span : at;
  const api = 'api' in at ? at.api : undefined;
  const { inputs, attributes } = cast(run, operator, operands, wholeAttributes(run, given, span), (...call) => applyOperator(run, ...call, span));
  const call: Call = { run, operator, inputs, attributes, span, api: api ?? operator.name };
  const outputs = inputs.every((input) => input.shape !== null) ? known(call) : withoutRank(call);
  const refs = inputs.map((input) => input.ref);
  const tensors = addNode(
    run,
    operator.name,
    refs,
    attributes,
    outputs.map(({ type }) => type),
    span,
    api,
  );
  noteLayout(call);
  // What was cast is held by the call as well as what it was cast to.
  if (inputs !== operands) for (const operand of operands) letGo(run, operand);
  return tensors.map((tensor, index) => {
    const ranked = outputs[index]?.ranked;
    return ranked ? { ...tensor, ranked } : tensor;
  });
}

interface Output {
  readonly type: GraphType;
  readonly ranked?: NonNullable<TensorValue['ranked']>;
}

// ---- settings ----

const SIZE_SETTINGS = new Set([
  'shape',
  'size',
  'begin',
  'end',
  'reps',
  'repeats',
  'sizes',
  'depth',
  'rows',
  'columns',
  'paddings',
  'units',
  'outputShape',
  'factors',
  'window',
  'dilations',
  'strides',
  'k',
  'groups',
]);

/** JavaScript's quotients that are used as sizes are whole by need. */
function wholeAttributes(run: Run, attributes: Attributes, span: Span): Attributes {
  if (!Object.keys(attributes).some((name) => SIZE_SETTINGS.has(name))) return attributes;
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, SIZE_SETTINGS.has(name) ? whole(run, value, span) : value]));
}

function whole(run: Run, value: Attribute, span: Span): Attribute {
  if (Array.isArray(value)) return (value as readonly Attribute[]).map((item) => whole(run, item, span));
  return typeof value === 'object' && value !== null && 'kind' in value ? wholeReal(run, value as Real, span) : value;
}

/** A quotient as the whole size that it must be; any other real as it is. */
export function wholeReal(run: Run, real: Real, span: Span): Real {
  const found = real.kind === 'apply' ? wholeOf(real, run.known.facts) : undefined;
  if (!found) return real;
  for (const { divisor, size } of found.needs ?? []) judgeDivides(run, divisor, size, span);
  return { kind: 'size', size: found.size };
}

// ---- operands of known rank ----

function known(call: Call): Output[] {
  const types = call.inputs.map((input) => ({ shape: input.shape ?? [], dtype: input.dtype }));
  const result = runRule(call, types);
  if (!result) return [{ type: { shape: null, dtype: types[0]?.dtype ?? 'float32', unknown: `the rule for \`${call.api}\` does not cover this call` } }];
  if (result.problem?.code === 'dtype') tellTypes(call, result.problem);
  if (result.problem && (result.problem.code !== 'dtype' || isTyped(call, result.problem))) reportProblem(call, result.problem);
  for (const demand of result.demands ?? []) judge(call, demand);
  const refusal = refused(call.run, call.operator, call.inputs, call.api);
  if (refusal !== undefined) return result.outputs.map(({ dtype }) => ({ type: { shape: null, dtype, unknown: refusal } }));
  const reason = result.unknown ?? call.inputs.find((input) => input.reason !== undefined)?.reason ?? 'a size in its operands is not known';
  return result.outputs.map((type) => ({ type: settled(call.run, type, reason) }));
}

/** Steps that pass their operand's elements on: what is wanted of the result's type is wanted of the operand's. */
const PASSES = new Set(
  'identity reshape expandDims squeeze transpose slice stridedSlice tile repeat broadcastTo gather reverse roll unstack split concat stack add sub mul floorDiv mod clip'.split(
    ' ',
  ),
);

/** An input whose type nothing said has the type that the operator wants. */
function tellTypes({ run, inputs }: Call, problem: RuleProblem): void {
  const wanted = problem.args.expected;
  for (const { input } of problem.at ?? []) {
    let node = inputs[input] && run.nodes[inputs[input].ref.node];
    while (node && PASSES.has(node.op) && node.inputs[0]) node = run.nodes[node.inputs[0].node];
    if (node?.op === 'input' && typeof wanted === 'string') tellType(run, node.id, wanted as DType);
  }
}

/** Whether the types that a rule refuses are known: an unknown tensor, and an input of which nothing tells it, have theirs for want of a better. */
function isTyped({ run, inputs }: Call, problem: RuleProblem): boolean {
  const operands = (problem.at ?? inputs.map((_, input) => ({ input }))).flatMap(({ input }) => inputs[input] ?? []);
  const isOpen = ({ op, id }: GraphNode) => op === 'unknown' || (op === 'input' && !isTypeTold(run, id));
  return operands.every(({ ref, dtype }) => !someAncestor(run.nodes, ref, isOpen, (node) => node.outputs.some((type) => type.dtype === dtype)));
}

/** Sizes in their simplest form by what is known now. */
function settled(run: Run, type: TensorType, reason: string): GraphType {
  const shape = type.shape.map((size) => (isUnknown(size) || asConstant(size) !== undefined ? size : simplify(size, run.known.facts)));
  return shape.some(isUnknown) ? { shape, dtype: type.dtype, unknown: reason } : { shape, dtype: type.dtype };
}

function runRule(call: Call, types: readonly TensorType[]): ShapeResult | undefined {
  try {
    return call.operator.shape(types, call.attributes, { facts: call.run.known.facts, runtime: call.run.surroundings.runtime });
  } catch {
    return undefined;
  }
}

// ---- operands of unknown rank ----

/** Asks the rule at every rank: those that it refuses tell what the rank is; where outputs' ranks follow, that is kept. */
function withoutRank(call: Call): Output[] {
  const open = call.inputs.filter((input) => input.shape === null);
  const reason = open[0]?.reason ?? 'the rank of an operand is not known';
  const tries = RANKS.flatMap((rank) => {
    const types = call.inputs.map((input) => ({ shape: input.shape ?? Array<Dim>(rank).fill(UNKNOWN), dtype: input.dtype }));
    const result = runRule(call, types);
    return result && !result.problem ? [{ rank, outputs: result.outputs }] : [];
  });
  const [first] = tries;
  noteLikely(call.run, call.operator.name, call.inputs, call.attributes);
  if (!first) return [{ type: { shape: null, dtype: 'float32', unknown: reason } }];
  tell(
    call,
    open,
    tries.map(({ rank }) => rank),
  );
  return first.outputs.map((type, index) => openOutput(call, open, tries, type, index, reason));
}

function tell(call: Call, open: readonly TensorValue[], ranks: readonly number[]): void {
  const [least] = ranks;
  if (least === undefined) return;
  const exactly = ranks.length === 1;
  const [only, ...others] = open;
  if (only && others.length === 0) noteBatched(call.run, only, ranks);
  for (const tensor of open) tellRank(call.run, tensor, least, exactly && open.length === 1 ? 'exact' : 'least');
  const most = ranks.at(-1) ?? least;
  if (only && others.length === 0 && !exactly && most < (RANKS.at(-1) ?? 0)) tellRank(call.run, only, most, 'most');
}

function openOutput(
  call: Call,
  open: readonly TensorValue[],
  tries: readonly { rank: number; outputs: readonly TensorType[] }[],
  type: TensorType,
  index: number,
  reason: string,
): Output {
  // A weight of one axis makes one of a tensor without any, which is none of what is given: beside it the rank stays as it is.
  const given = tries.length > 2 ? tries.filter(({ rank }) => rank > 0) : tries;
  const offsets = new Set(given.map(({ rank, outputs }) => (outputs[index]?.shape.length ?? -99) - rank));
  const ranks = new Set(tries.map(({ outputs }) => outputs[index]?.shape.length));
  const [only] = [...ranks];
  if (ranks.size === 1 && only !== undefined && tries.length > 1) {
    const sizes = Array.from({ length: only }, (_, axis) => agreed(tries.map(({ outputs }) => outputs[index]?.shape[axis] ?? UNKNOWN)));
    return { type: settled(call.run, { shape: sizes, dtype: type.dtype }, reason) };
  }
  const [offset] = [...offsets];
  const source = open[0]?.ranked;
  const isOne = open.every((tensor) => tensor.ranked?.input === source?.input && tensor.ranked?.offset === source?.offset);
  const unknownType = { shape: null, dtype: type.dtype, unknown: reason };
  const follows = offsets.size === 1 && offset !== undefined && source && (isOne || open.length === call.inputs.length);
  return follows ? { type: unknownType, ranked: { input: source.input, offset: source.offset + offset } } : { type: unknownType };
}

/** The size that comes out at every rank: a reshape's own, say. */
function agreed(sizes: readonly Dim[]): Dim {
  const [first = UNKNOWN, ...others] = sizes;
  return others.every((other) => same(first, other)) ? first : UNKNOWN;
}
