/** Applies an operator: its rule over the operands' shapes, verdicts on its demands, one step in the graph. */
import { asConstant, constant, type Dim, format, isUnknown, product, type Real, same, simplify, sizeOfReal, UNKNOWN, wholeOf } from '../../dim/index';
import type { GraphNode, GraphType } from '../../graph/types';
import type { Attribute, Attributes, Demand, DemandSubject, DType, OperandAxis, Operator, RuleProblem, ShapeResult, TensorType } from '../../ops/operator';
import type { Span } from '../../program/types';
import type { Arguments, TensorValue } from '../../value/index';
import { addNode } from '../graph';
import { noteBatched, noteLikely } from '../learning/likelihood';
import { isTypeTold, tellRank, tellType } from '../learning/parameters';
import type { Run } from '../run';
import { someAncestor } from './ancestry';
import { bornAt } from './born';
import { judgeAtMost, judgeDivides, judgeEqual, type Verdict } from './judge';
import { noteLayout } from './layouts';
import { tiesOf } from './ties';
import { CODES, shapeText } from './words';

const RANKS = [0, 1, 2, 3, 4, 5, 6];

/** Adds one step for an operator. */
export function applyOperator(run: Run, operator: Operator, inputs: readonly TensorValue[], given: Attributes, at: Arguments | Span): readonly TensorValue[] {
  const span = 'api' in at ? at.span : at;
  const api = 'api' in at ? at.api : undefined;
  const attributes = wholeAttributes(run, given, span);
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
  return tensors.map((tensor, index) => {
    const ranked = outputs[index]?.ranked;
    return ranked ? { ...tensor, ranked } : tensor;
  });
}

interface Call {
  readonly run: Run;
  readonly operator: Operator;
  readonly inputs: readonly TensorValue[];
  readonly attributes: Attributes;
  readonly span: Span;
  readonly api: string;
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
  const offsets = new Set(tries.map(({ rank, outputs }) => (outputs[index]?.shape.length ?? -99) - rank));
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

// ---- verdicts ----

function judge(call: Call, demand: Demand): void {
  const told = wordsOf(call, demand);
  const verdict = verdictOn(call, demand);
  // Where sizes were lost on the way, what seems a coincidence may be ours.
  const isLost = verdict === 'coincidence' && call.inputs.some(({ shape }) => shape?.some(isUnknown));
  if (verdict === 'different' || (verdict === 'coincidence' && !isLost)) reportVerdict(call, demand, verdict, told);
}

const JOINS: ReadonlySet<DemandSubject> = new Set(['broadcast', 'concat', 'stack', 'batch']);

function verdictOn(call: Call, demand: Demand): Verdict {
  const { run, span } = call;
  if (demand.kind === 'divides') return judgeDivides(run, demand.divisor, demand.size, span, demand.about === 'split' ? (call.inputs[0]?.shape ?? []) : []);
  if (demand.kind === 'atMost') return judgeAtMost(run, demand.small, demand.large, span);
  const [first, second] = demand.at;
  const left = first ? call.inputs[first.input] : undefined;
  const right = second ? call.inputs[second.input] : undefined;
  const side = (tensor: TensorValue | undefined, place: OperandAxis | undefined) =>
    tensor?.shape && place?.axis !== undefined ? { shape: tensor.shape, axis: place.axis, ...originOf(run, tensor) } : undefined;
  const [a, b] = [side(left, first), side(right, second)];
  const operands = {
    bothData: a?.fromInputs === true && b?.fromInputs === true,
    contracts: demand.about === 'contraction' || isSummed(call, demand.at[0]),
    broadcasts: demand.about === 'broadcast',
    batches: demand.about === 'batch',
    ...(a ? { left: a } : {}),
    ...(b ? { right: b } : {}),
  };
  return judgeEqual(run, demand.left, demand.right, span, {
    operands,
    broadcast: demand.about === 'broadcast',
    joins: JOINS.has(demand.about),
    asked: call.operator.name === 'squeeze',
  });
}

/** Whether an equation sums over the axis: its letter is none of the result's. */
function isSummed({ operator, attributes, inputs }: Call, place: OperandAxis | undefined): boolean {
  const [operands, output] = operator.name === 'einsum' && typeof attributes.equation === 'string' ? attributes.equation.replace(/\s/g, '').split('->') : [];
  const letters = operands?.split(',')[place?.input ?? 0];
  if (letters === undefined || output === undefined || place?.axis === undefined) return false;
  const [before = ''] = letters.split('...');
  const rank = inputs[place.input]?.shape?.length ?? letters.length;
  const letter = place.axis < before.length ? before[place.axis] : letters.at(place.axis - rank);
  return letter !== undefined && letter !== '.' && !output.includes(letter);
}

/** The two sides of a demand, and its operands, as they stand before it is judged. */
function wordsOf(call: Call, demand: Demand): { readonly [name: string]: string } {
  const { run } = call;
  const [left, right] =
    demand.kind === 'equal' ? [demand.left, demand.right] : demand.kind === 'divides' ? [demand.divisor, demand.size] : [demand.small, demand.large];
  const shapeOf = (place: number) => operandText(call, demand.at[place]?.input ?? demand.at[0]?.input ?? 0);
  const sides = { left: format(simplify(left, run.known.facts)), right: format(simplify(right, run.known.facts)) };
  return {
    api: call.api,
    ...sides,
    leftShape: shapeOf(0),
    rightShape: demand.at.length > 1 ? shapeOf(1) : '',
    target: targetText(call),
    ...patternOf(call),
    fits: fittingTurn(call, demand),
    ...wholeElements(call, demand),
  };
}

/** The pattern that the step goes by, as the user wrote it. */
const patternOf = ({ attributes }: Call): { readonly pattern?: string } => (typeof attributes.pattern === 'string' ? { pattern: attributes.pattern } : {});

/** A reshape's two numbers of elements, with the factors that they share; none where the target leaves one size open. */
function wholeElements({ run, inputs, attributes }: Call, demand: Demand): { readonly from: string; readonly to: string } | undefined {
  const shape = inputs[0]?.shape;
  if (demand.about !== 'elements' || demand.kind !== 'equal' || !shape || !Array.isArray(attributes.shape)) return undefined;
  const target = sizesIn(attributes.shape);
  if (target.some((size) => size === undefined || isUnknown(size) || (asConstant(size) ?? 1) < 1)) return undefined;
  const text = (sizes: readonly Dim[]) => format(simplify(product(sizes), run.known.facts));
  return { from: text(shape), to: text(target as readonly Dim[]) };
}

const sizesIn = (shape: Attribute): (Dim | undefined)[] =>
  Array.isArray(shape) ? (shape as readonly Attribute[]).map((size) => (typeof size === 'number' ? constant(size) : sizeOfReal(size as Real))) : [];

const isTurned = ({ attributes }: Call, input: number): boolean => attributes[input === 0 ? 'transposeA' : 'transposeB'] === true;

/** An operand as it is given; one that a product turns is marked. */
const operandText = (call: Call, input: number): string => `${shapeText(call.run, call.inputs[input]?.shape ?? null)}${isTurned(call, input) ? 'ᵀ' : ''}`;

/** Which operand of a product would fit if it were turned, by its other axis: what was most probably meant. */
function fittingTurn(call: Call, demand: Demand): string {
  if (demand.about !== 'contraction' || demand.kind !== 'equal' || call.operator.name !== 'matmul') return '';
  const otherAxis = (input: number) => {
    const shape = call.inputs[input]?.shape;
    const isLast = (input === 0) === isTurned(call, input);
    return shape && shape.length > 1 ? shape.at(isLast ? -1 : -2) : undefined;
  };
  if (otherAxis(1)?.text === demand.left.text) return 'second';
  return otherAxis(0)?.text === demand.right.text ? 'first' : '';
}

/** What a tensor was made from. */
function originOf(run: Run, tensor: TensorValue): { readonly fromInputs: boolean; readonly isWeight: boolean } {
  const isFromInputs = fromInputs(run, tensor);
  const isWeight = !isFromInputs && someAncestor(run.nodes, tensor.ref, (node) => node.op === 'parameter');
  return { fromInputs: isFromInputs, isWeight };
}

/** Whether a tensor was made from the module's inputs, not from its weights and constants alone. */
export const fromInputs = (run: Run, tensor: TensorValue): boolean => someAncestor(run.nodes, tensor.ref, (node) => node.op === 'input');

function reportVerdict(call: Call, demand: Demand, verdict: Verdict, args: { readonly [name: string]: string }): void {
  const code = CODES[demand.about];
  call.run.host.report({
    code,
    words: `${code}.${demand.kind}${verdict === 'coincidence' ? '.coincidence' : ''}`,
    severity: verdict === 'different' ? 'error' : 'warning',
    span: call.span,
    args,
    related: [
      ...demand.at.flatMap((place) => bornRelated(call, place.input, place.axis)),
      ...oddRelated(call, demand),
      ...(verdict === 'coincidence' ? tiedRelated(call, args) : []),
      ...tiesOf(call.run, call.span, sidesOf(demand)),
    ],
  });
}

/** Where the sizes that a reshape's target does not have were made, so far as steps made them. */
function oddRelated(call: Call, demand: Demand) {
  const shape = call.inputs[0]?.shape ?? [];
  const target = sizesIn(call.attributes.shape ?? null).map((size) => size?.text);
  if (demand.about !== 'elements' || call.operator.name !== 'reshape') return [];
  const odd = shape.flatMap((size, axis) => (target.includes(size.text) ? [] : [axis]));
  return odd.flatMap((axis) => bornRelated(call, 0, axis)).filter(({ code }) => code === 'born-step');
}

const sidesOf = (demand: Demand): readonly Dim[] => (demand.kind === 'equal' ? [demand.left, demand.right] : []);

/** Where one of two sizes that now would agree by chance was tied to a third. */
function tiedRelated({ run, span }: Call, { left, right }: { readonly [name: string]: string }) {
  return [...run.needs.values()].flatMap((need) => {
    const sides = [need.left.text, need.right.text];
    const isTied = need.relation === '==' && !run.chances.has(need.text) && sides.filter((side) => side === left || side === right).length === 1;
    return isTied && isOneName(run, need.left) && isOneName(run, need.right) && need.span.line !== span.line
      ? [{ span: need.span, code: 'need', args: { need: need.text } }]
      : [];
  });
}

const isOneName = (run: Run, size: Dim): boolean => run.symbols.has(size.text);

/** What a reshape asks for, in words. */
function targetText(call: Call): string {
  const wanted = call.attributes.shape;
  return Array.isArray(wanted) ? `(${(wanted as readonly Attribute[]).map(attributeText).join(', ')})` : '';
}

function attributeText(value: Attribute): string {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'object' || value === null || !('kind' in value)) return '?';
  const real = value as Real;
  return real.kind === 'size' ? format(real.size) : real.kind === 'number' ? String(real.value) : '?';
}

/** Where the size that is wrong was made, when that is another line. */
function bornRelated(call: Call, input: number, axis: number | undefined) {
  const tensor = call.inputs[input];
  if (!tensor) return [];
  const born = bornAt(call.run.nodes, tensor.ref, axis);
  if (!born || (born.span.line === call.span.line && born.span.file === call.span.file)) return [];
  const shape = shapeText(call.run, call.run.nodes[born.ref.node]?.outputs[born.ref.output]?.shape ?? null);
  const code = `born-${born.kind}${born.axis === undefined ? '.whole' : ''}`;
  return [{ span: born.span, code, args: { size: born.size ?? '', axis: born.axis ?? 0, shape, api: born.api } }];
}

function reportProblem(call: Call, problem: RuleProblem): void {
  const { run } = call;
  const operands: readonly OperandAxis[] = problem.at ?? call.inputs.map((_, input) => ({ input }));
  run.host.report({
    code: CODES[problem.code],
    words: `${CODES[problem.code]}.rule`,
    severity: 'error',
    span: call.span,
    args: {
      api: call.api,
      shapes: call.inputs.map((input) => shapeText(run, input.shape)).join(', '),
      target: targetText(call),
      ...patternOf(call),
      ...problem.args,
    },
    related: operands.flatMap((place) => bornRelated(call, place.input, place.axis)),
  });
}
