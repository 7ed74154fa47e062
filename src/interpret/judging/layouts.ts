/** How torch lays out what the steps make, and views that it does not allow. */
import { type Dim, format, isName, isUnknown } from '../../dim/index';
import type { GraphNode, ValueRef } from '../../graph/types';
import { isPlain, type Laid, laidOut, type Strides, viewed } from '../../ops/strides';
import type { Span } from '../../program/types';
import type { Run } from '../run';
import { byChance } from './chance';
import { judgeEqual } from './judge';
import { recordsOf } from './roles';
import type { Call } from './telling';
import { shapeText } from './words';

/** The layouts of steps' outputs: kept beside the graph, which is for every runtime. */
const layouts = new WeakMap<GraphNode, readonly Strides[]>();

const OWN = new Set(['input', 'parameter', 'constant']);

/** How a value lies. What is given, weights and constants lie row by row. */
function layoutOf(run: Run, ref: ValueRef): Strides {
  const node = run.nodes[ref.node];
  if (node === undefined) return 'unknown';
  return OWN.has(node.op) ? 'contiguous' : (layouts.get(node)?.[ref.output] ?? 'unknown');
}

/** Notes how the outputs of the last step lie; a view that torch refuses is reported. */
export function noteLayout(step: Call): void {
  const { run, operator, inputs, attributes } = step;
  const node = run.nodes.at(-1);
  if (run.surroundings.runtime !== 'torch' || node === undefined) return;
  const laid = inputs.flatMap(({ shape, dtype, ref }): Laid[] => (shape ? [{ shape, dtype, strides: layoutOf(run, ref) }] : []));
  const outputs = node.outputs.flatMap(({ shape, dtype }) => (shape ? [{ shape, dtype }] : []));
  if (laid.length < inputs.length || outputs.length < node.outputs.length) return;
  layouts.set(node, laidOut(operator, laid, attributes, outputs, run.known.facts));
  const [x] = laid;
  const [output] = outputs;
  if (attributes.view === true && x && output && checkView(step, x, output.shape)) layouts.set(node, ['contiguous']);
}

/** Reports a view of elements that do not lie in its order; true where it did. */
function checkView({ run, inputs, span, api }: Call, x: Laid, target: Laid['shape']): boolean {
  if (target.some(isUnknown)) return false;
  const view = viewed(x, target, run.known.facts);
  if (view.kind !== 'none') return false;
  const meant = view.sure ? [] : view.lefts.filter((left) => mayBeMeant(run, left, view.right));
  if (!view.sure && meant.length > 0) {
    const [only, ...more] = meant;
    if (only && more.length === 0) judgeEqual(run, only, view.right, span);
    return false;
  }
  const [operand] = inputs;
  const agreeing = view.sure ? { left: '', right: '' } : { left: format(view.lefts[0]), right: format(view.right) };
  const mover = operand && moverOf(run, operand.ref);
  run.host.report({
    code: 'view-strides',
    words: view.sure ? 'view-strides' : 'view-strides.coincidence',
    severity: view.sure ? 'error' : 'warning',
    span,
    args: { api, shapes: shapeText(run, x.shape), target: shapeText(run, target), mover: mover ? nameOf(mover.node) : '', ...agreeing },
    related:
      mover && !isOnLine(mover.node.span, span) ? [{ span: mover.node.span, code: 'born-layout', args: { api: nameOf(mover.node), shape: mover.shape } }] : [],
  });
  return true;
}

/** Whether how long an input is may be meant as the product of sizes that come beside it: n of h·w. */
function mayBeMeant(run: Run, left: Dim, right: Dim): boolean {
  const [size, product] = isName(right) ? [right, left] : [left, right];
  const [term, ...more] = product.terms ?? [];
  const [own] = recordsOf(run, size);
  if (!isName(size) || own?.role !== 'data' || term?.coefficient !== 1 || more.length > 0 || !isPlain(product)) return false;
  const beside = recordsOf(run, product);
  return beside.length > 1 && beside.every(({ input }) => input !== own.input) && !byChance(run, left, right, undefined);
}

const nameOf = ({ api, op }: GraphNode): string => api ?? op;
const isOnLine = (a: Span, b: Span): boolean => a.line === b.line && a.file === b.file;

/** The step that brought the elements out of their order, and the shape that it gave. */
function moverOf(run: Run, ref: ValueRef): { readonly node: GraphNode; readonly shape: string } | undefined {
  const node = run.nodes[ref.node];
  if (!node || OWN.has(node.op)) return undefined;
  const earlier = node.inputs.find((input) => layoutOf(run, input) !== 'contiguous');
  return earlier ? moverOf(run, earlier) : { node, shape: shapeText(run, node.outputs[ref.output]?.shape ?? null) };
}
