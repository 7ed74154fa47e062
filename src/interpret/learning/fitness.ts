/** How little a reading with guessed ranks fits the code: of several, the one that fits best is taken. */
import { asConstant, type Dim, evaluate, symbolsOf } from '../../dim/index';
import type { GraphNeed, GraphSymbol, ShapeGraph } from '../../graph/types';
import type { ProblemInput } from '../../value/index';

const OF_RANKS: ReadonlySet<string> = new Set(['rank-mismatch', 'axis-out-of-range', 'permutation-mismatch']);

/** 0 where nothing speaks against it. What cannot be read at a rank tells more than one finding. A mistake in the number of axes tells most of a wrong rank; a default that breaks a need, or an axis that must be 1, tells of one too. */
export function misfit(reading: Reading): number {
  const said = reading.problems.filter(isFinding).reduce((sum, { code }) => sum + (OF_RANKS.has(code) ? 3 : 1), 0);
  return 2 * (said + oddness(reading) + (reading.stopped ? 1 : 0)) + (hasOpen(reading.graph) ? 3 : 0);
}

interface Reading {
  readonly problems: readonly ProblemInput[];
  readonly graph: ShapeGraph;
  readonly stopped?: string;
}

/** How much of what it asks of sizes nobody would mean. */
export function oddness({ graph }: Reading): number {
  const symbols = new Map(graph.symbols.map((symbol) => [symbol.name, symbol]));
  const middle = middleAxes(graph);
  const odd = graph.needs.filter((need) => isBroken(need, symbols) || isOne(need, symbols) || squeezes(need, middle)).length;
  return odd + (pinsSamples({ graph }) ? 2 : 0) + (grows(graph) ? 1 : 0) + (isStretched(graph, middle) ? 2 : 0);
}

const hasOpen = (graph: ShapeGraph): boolean => graph.nodes.some((node) => node.op === 'unknown' || node.outputs.some(({ shape }) => shape === null));

/** Whether it was read to its end, and every rank is known. */
export const isWhole = ({ graph, stopped }: { readonly graph: ShapeGraph; readonly stopped?: string }): boolean => !stopped && !hasOpen(graph);

/** What is told as wrong, not as what is needed. */
export const isFinding = ({ severity }: ProblemInput): boolean => severity === 'error' || severity === 'warning';

/** Whether it found anything to tell. */
export const hasFindings = ({ problems }: { readonly problems: readonly ProblemInput[] }): boolean => problems.some(isFinding);

/** Whether the defaults, where all sizes have one, break it. */
function isBroken({ left, right, relation }: GraphNeed, symbols: ReadonlyMap<string, GraphSymbol>): boolean {
  const names = [...symbolsOf(left), ...symbolsOf(right)];
  const sizes = Object.fromEntries(names.flatMap((name) => (symbols.get(name)?.example === undefined ? [] : [[name, symbols.get(name)?.example ?? 1]])));
  if (names.length === 0 || names.some((name) => sizes[name] === undefined)) return false;
  const [a, b] = [evaluate(left, sizes), evaluate(right, sizes)];
  if (a === undefined || b === undefined) return false;
  return relation === '==' ? a !== b : relation === '<=' ? a > b : a > 0 && b % a !== 0;
}

/** Whether a size of an input would have to be 1. */
function isOne({ left, right, relation }: GraphNeed, symbols: ReadonlyMap<string, GraphSymbol>): boolean {
  if (relation !== '==') return false;
  const sides = [
    [left, right],
    [right, left],
  ] as const;
  return sides.some(([one, other]) => asConstant(one) === 1 && symbolsOf(other).some((name) => symbols.get(name)?.role === 'data'));
}

/** Whether it goes for one number of samples alone, or for images that are given one by one: with other ranks the axis would be another one. */
export const pinsSamples = ({ graph }: { readonly graph: ShapeGraph }): boolean => pinsNumber(graph) || takesOne(graph);

/** Whether a convolution is given an image without a batch, as torch lets it. */
function takesOne({ nodes }: ShapeGraph): boolean {
  const rankOf = (ref: { readonly node: number; readonly output: number } | undefined) => ref && nodes[ref.node]?.outputs[ref.output]?.shape?.length;
  return nodes.some(({ op, inputs, attributes }) => {
    const [image, filter] = [rankOf(inputs[0]), rankOf(inputs[1])];
    return op === 'conv' && attributes.dataFormat === 'channelsFirst' && image !== undefined && filter !== undefined && image === filter - 1;
  });
}

function pinsNumber(graph: ShapeGraph): boolean {
  const samples = new Set(graph.inputs.flatMap(({ ref }) => graph.nodes[ref.node]?.outputs[ref.output]?.shape?.[0]?.text ?? []));
  const asks = (size: Dim, other: Dim) => (asConstant(other) ?? 0) > 1 && size.terms?.length === 1 && symbolsOf(size).some((name) => samples.has(name));
  return graph.needs.some(({ left, right, relation }) => relation === '==' && (asks(left, right) || asks(right, left)));
}

/** The free sizes of inputs that stand neither first nor last: those that another rank would not have. */
function middleAxes(graph: ShapeGraph): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { name, ref } of graph.inputs) {
    const shape = graph.nodes[ref.node]?.outputs[ref.output]?.shape;
    if (shape && shape.length >= 4) for (const size of shape.slice(2, -1)) for (const symbol of symbolsOf(size)) found.set(symbol, name);
  }
  return found;
}

/** Whether an axis that another rank would not have must have a number written down, or make up an argument with its neighbour. */
function squeezes({ left, right, relation }: GraphNeed, middle: ReadonlyMap<string, string>): boolean {
  if (relation !== '==') return false;
  const isOdd = (size: Dim, other: Dim) => symbolsOf(size).some((name) => middle.has(name)) && (asConstant(other) !== undefined || isProduct(size));
  return isOdd(left, right) || isOdd(right, left);
}

/** Whether it is made of several sizes as they stand: not of how often a patch fits into them. */
const isProduct = ({ terms }: Dim): boolean =>
  terms?.length === 1 && terms.every(({ factors }) => factors.length > 1 && factors.every(({ atom }) => atom.kind === 'symbol'));

/** Whether a tensor of more axes comes out than any that goes in. */
function grows(graph: ShapeGraph): boolean {
  const rank = (node: number, output: number) => graph.nodes[node]?.outputs[output]?.shape?.length;
  const [only, ...others] = graph.outputs;
  const given = graph.inputs.map(({ ref }) => rank(ref.node, ref.output) ?? 9);
  const [made] = only?.kind === 'tensor' && others.length === 0 ? [rank(only.ref.node, only.ref.output)] : [];
  return made !== undefined && given.length === 1 && made > Math.max(...given);
}

/** Whether it takes what the code calls a sequence for a map, and has to say of the axis between how long it is. */
const isStretched = (graph: ShapeGraph, middle: ReadonlyMap<string, string>): boolean =>
  graph.needs.some((need) => squeezes(need, middle)) &&
  graph.inputs.some(({ ref }) => {
    const shape = graph.nodes[ref.node]?.outputs[ref.output]?.shape;
    return shape !== null && shape !== undefined && shape.length >= 4 && /seq|len|token/i.test(shape[1]?.text ?? '');
  });
