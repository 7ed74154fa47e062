/** Findings of a step, in the words and with the places that they are told by. */
import { asConstant, constant, type Dim, format, isUnknown, product, type Real, simplify, sizeOfReal } from '../../dim/index';
import type { Attribute, Attributes, Demand, OperandAxis, Operator, RuleProblem } from '../../ops/operator';
import type { Span } from '../../program/types';
import type { TensorValue } from '../../value/index';
import type { Run } from '../run';
import { bornAt } from './born';
import { tiesOf } from './ties';
import type { Verdict } from './verdict';
import { CODES, shapeText } from './words';

/** A step as it is applied. */
export interface Call {
  readonly run: Run;
  readonly operator: Operator;
  readonly inputs: readonly TensorValue[];
  readonly attributes: Attributes;
  readonly span: Span;
  readonly api: string;
}

/** The two sides of a demand, and its operands, as they stand before it is judged. */
export function wordsOf(call: Call, demand: Demand): { readonly [name: string]: string } {
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

/** Tells what a demand came to, with where its sizes were made. */
export function reportVerdict(call: Call, demand: Demand, verdict: Verdict, args: { readonly [name: string]: string }): void {
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

/** Tells what a step's rule found wrong of itself. */
export function reportProblem(call: Call, problem: RuleProblem): void {
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
