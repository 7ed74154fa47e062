/**
 * Which reading of a block its figures come from: what inference costs from that of evaluation, what training holds from that of the mode that is asked
 * for. They are two where the code asks for the mode: `F.dropout(x, p, self.training)`, `if self.training:`.
 */
import { type Dim, evaluate, format, isName, isUnknown, parse, substitute, UNKNOWN } from '../dim/index';
import { type AttentionPath, type OnPath, onPath } from '../graph/attentionPath';
import { brokenNeeds, type Sizes } from '../graph/bind';
import { type CostFigure, type TrainingCost, trainingCostOf } from '../graph/cost';
import { type TrainingMemory, trainingMemory } from '../graph/memory/figures';
import { type PeakRegimes, trainingRegimes } from '../graph/memory/regimes';
import type { Lost } from '../graph/memory/steps';
import type { ShapeGraph } from '../graph/types';
import { typeOf } from '../graph/values';
import { graphAt, moduleInMode } from './readAgain';
import type { ChosenSizes, ModuleAnalysis, Precision } from './types';

/** How a block is taken. */
export interface Way {
  readonly precision: Precision;
  readonly attention: AttentionPath;
  /** The mode in which it is trained. */
  readonly training: boolean;
}

/** The block's graph for what training holds, and the sizes of that graph's symbols. */
export interface InTraining extends OnPath {
  readonly sizes: Sizes | undefined;
  readonly training: boolean;
  /** What its own symbols are in those of the block, where the training reading has other names. */
  readonly named: ReadonlyMap<string, Dim>;
  /** Why the block's sizes are not for it. */
  readonly unknown?: string;
}

function graphIn(module: ModuleAnalysis, { precision, attention, training }: Way, sizes: ChosenSizes | undefined): OnPath {
  const read = moduleInMode(module, training);
  return onPath(sizes || precision !== 'float32' ? graphAt(read, sizes ?? {}, precision) : read.graph, attention);
}

/** The block's graph for what inference costs. */
export const inferenceAt = (module: ModuleAnalysis, way: Way, sizes: ChosenSizes | undefined): OnPath => graphIn(module, { ...way, training: false }, sizes);

/** The block's graph for what training holds. */
export function trainingAt(module: ModuleAnalysis, way: Way, sizes: ChosenSizes | undefined): InTraining {
  const read = moduleInMode(module, way.training);
  const named = read === module ? new Map<string, Dim>() : namesIn(read.graph, module.graph);
  const own = sizes && withNames(sizes, named);
  const found = { ...graphIn(module, way, own), sizes: own, training: way.training, named };
  const unknown = own && read !== module ? misfit(found.graph, module.graph, own) : undefined;
  return unknown === undefined ? found : { ...found, unknown };
}

/** The shapes of an input in two readings. */
function* inputsOf(graph: ShapeGraph, other: ShapeGraph): Generator<readonly [readonly Dim[] | undefined, readonly Dim[] | undefined]> {
  for (const { name, ref } of graph.inputs) {
    const same = other.inputs.find((input) => input.name === name);
    yield [typeOf(graph, ref)?.shape ?? undefined, (same && typeOf(other, same.ref)?.shape) ?? undefined];
  }
}

/** Symbols that only the graph has, by what the other has at their place in the inputs. */
function namesIn(graph: ShapeGraph, other: ShapeGraph): ReadonlyMap<string, Dim> {
  const known = new Set(other.symbols.map(({ name }) => name));
  const named = new Map<string, Dim>();
  for (const [shape, same] of inputsOf(graph, other))
    shape?.forEach((size, axis) => {
      const as = same?.[axis];
      if (as && !isUnknown(as) && !isUnknown(size) && isName(size) && !known.has(size.text)) named.set(size.text, as);
    });
  return named;
}

function withNames(sizes: ChosenSizes, named: ReadonlyMap<string, Dim>): ChosenSizes {
  const more = [...named].flatMap(([name, as]) => {
    const size = evaluate(as, sizes);
    return size === undefined ? [] : [[name, size] as const];
  });
  return more.length === 0 ? sizes : { ...sizes, ...Object.fromEntries(more) };
}

const OTHER_INPUTS = 'in training mode its inputs are read otherwise';

/** Why sizes of a block are not for its graph in training. */
function misfit(graph: ShapeGraph, module: ShapeGraph, sizes: Sizes): string | undefined {
  const at = (shape: readonly Dim[]): string => shape.map((size) => (isUnknown(size) ? '?' : evaluate(size, sizes))).join();
  for (const [shape, same] of inputsOf(graph, module)) if (shape && same && at(shape) !== at(same)) return OTHER_INPUTS;
  const broken = brokenNeeds(graph, sizes);
  return broken.length === 0 ? undefined : `in training mode it needs ${broken.map(({ need }) => need.text).join(', ')}`;
}

/** What training holds; of tfjs it is not known. */
export function trainedCost({ graph, sizes, training, named, unknown }: InTraining): TrainingCost | undefined {
  if (unknown !== undefined) {
    const lost: CostFigure = { formula: format(UNKNOWN), unknown };
    return { saved: { ...lost, items: [] }, peak: lost };
  }
  const found = trainingCostOf(graph, sizes, training);
  if (!found || named.size === 0) return found;
  const told = <T extends CostFigure>(figure: T): T => ({ ...figure, formula: format(substitute(parse(figure.formula) ?? UNKNOWN, named)) });
  return { saved: { ...told(found.saved), items: found.saved.items.map(told) }, peak: told(found.peak) };
}

/** The same as bytes, of a block at sizes. */
export const trainedMemory = ({ graph, sizes = {}, training, unknown }: InTraining): TrainingMemory | Lost =>
  unknown === undefined ? trainingMemory(graph, sizes, training) : { unknown };

/** Where the peak of training has other formulas; none in names that the block has not. */
export const trainedRegimes = ({ graph, sizes, training, named, unknown }: InTraining): PeakRegimes =>
  !sizes || unknown !== undefined || named.size > 0 ? { along: [] } : trainingRegimes(graph, sizes, training);
