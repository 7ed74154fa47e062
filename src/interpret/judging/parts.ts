/** Parts taken along the wrong axis: the number that is wanted stands on another one. */
import { asConstant, compare, constant, type Dim, floorDivide, format, isUnknown, modulo, symbolsOf } from '../../dim/index';
import type { GraphNode } from '../../graph/types';
import type { Target } from '../../program/types';
import type { Value } from '../../value/index';
import type { Run } from '../run';
import { bornAt } from './born';
import { shapeText } from './words';

/** So many steps between the parts and their names: a `map` over them. */
const STEPS = 8;

/** Reports names that take apart as many slices as an input is long, or more than there are parts. */
export function checkParts(run: Run, target: Target & { kind: 'sequence' }, value: Value & { kind: 'list' }): void {
  const wanted = target.elements.length;
  const [first] = value.items;
  if (first?.kind !== 'tensor' || wanted < 2 || target.elements.some((element) => element?.rest || element?.fallback)) return;
  const taken = value.times && asConstant(value.times) === undefined ? slicedFrom(run, first.ref.node) : undefined;
  const shape = taken && run.nodes[taken.inputs[0]?.node ?? -1]?.outputs[taken.inputs[0]?.output ?? 0]?.shape;
  if (!value.times || !shape?.some((size) => asConstant(size) === wanted)) return;
  run.host.report({
    code: 'unpack-mismatch',
    severity: 'warning',
    span: target.span,
    args: { wanted, count: format(value.times), shape: shapeText(run, shape) },
    related: madeAt(run, target, taken, wanted, shape),
  });
}

/** Where the axis of that many was made. */
function madeAt(run: Run, target: Target, taken: GraphNode | undefined, wanted: number, shape: readonly Dim[]) {
  const [from] = taken?.inputs ?? [];
  const axis = shape.findIndex((size) => asConstant(size) === wanted);
  const born = from && bornAt(run.nodes, from, axis);
  if (!born || born.span.line === target.span.line) return [];
  return [{ span: born.span, code: 'born-step', args: { size: wanted, axis, shape: shapeText(run, shape), api: born.api } }];
}

/** The step that took slices, which stand for all alike. */
function slicedFrom(run: Run, id: number): GraphNode | undefined {
  let node = run.nodes[id];
  for (let step = 0; node && node.op !== 'slice' && step < STEPS; step++) node = run.nodes[node.inputs[0]?.node ?? -1];
  return node?.op === 'slice' ? node : undefined;
}

/** Whether a free size of an input is split into parts while another axis is written as so many times something. */
export function standsElsewhere(run: Run, parts: Dim, size: Dim, shape: readonly Dim[]): boolean {
  const count = asConstant(parts);
  const [name, ...more] = symbolsOf(size);
  if (count === undefined || count < 2 || name === undefined || more.length > 0 || format(size) !== name || run.symbols.get(name)?.role !== 'data')
    return false;
  return shape.some((other) => other !== size && isTimes(other, count));
}

/** Whether what parts of an axis add up to is the size of another axis, and not known to be that of their own. */
export function addUpElsewhere(run: Run, sum: Dim, axis: number, shape: readonly Dim[]): boolean {
  const { facts } = run.known;
  const is = (size: Dim | undefined) => size !== undefined && !isUnknown(size) && compare(size, sum, facts) === 'equal';
  return symbolsOf(sum).length > 0 && !is(shape[axis]) && shape.some((size, at) => at !== axis && is(size));
}

const isTimes = (size: Dim, count: number): boolean =>
  !isUnknown(size) && asConstant(modulo(size, constant(count))) === 0 && !isUnknown(floorDivide(size, constant(count)));
