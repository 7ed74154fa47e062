/** A block priced under a setting: other sizes and arguments, another number type, attention fused or taken step by step. */
import { add, format, parse, symbolsOf, ZERO } from '../../dim/index';
import { onPath } from '../../graph/attentionPath';
import { brokenNeeds, type Sizes } from '../../graph/bind';
import { type CostFigure, costOf, type GraphCost, type TrainingCost, trainingCostOf } from '../../graph/cost';
import { inferencePeak, trainingMemory } from '../../graph/memory/figures';
import type { GraphNeed, ShapeGraph } from '../../graph/types';
import { graphAt } from '../analyze';
import { exampleOfModule } from '../example';
import type { ChosenSizes, Figure, FigureName, Figures, ModuleAnalysis, Prices, Setting } from '../types';

/** The block as the code has it, in float32, for inference as for training. */
export const AS_WRITTEN: Setting = { sizes: {}, precision: 'float32', attention: 'written', training: true };

const NO_TYPES = 'tfjs computes in float32 alone';
/** Why nothing is said of training a block of tfjs. */
export const NO_GRADIENTS = "tfjs's gradient rules are not in the table of operators";

/** A block's graph as it is priced. */
export interface Settled {
  readonly graph: ShapeGraph;
  readonly notes: readonly string[];
}

/** The block's graph at sizes, under the setting. */
export function settled(module: ModuleAnalysis, setting: Setting, sizes: ChosenSizes | undefined): Settled {
  const isTorch = module.graph.runtime === 'torch';
  const read = sizes || setting.precision !== 'float32' ? graphAt(module, sizes ?? {}, isTorch ? setting.precision : 'float32') : module.graph;
  const { graph, notes } = onPath(read, setting.attention);
  return { graph, notes: setting.precision !== 'float32' && !isTorch ? [NO_TYPES, ...notes] : notes };
}

/** What the block costs at sizes that satisfy its needs, the setting's among them; where there are none, as formulas. */
export function priceOf(module: ModuleAnalysis, setting: Setting): Prices {
  const example = exampleOfModule(module, setting.sizes);
  const sizes = 'sizes' in example ? example.sizes : undefined;
  const { graph, notes } = settled(module, setting, sizes);
  return {
    file: module.span.file,
    module: module.name,
    language: module.language,
    symbols: module.graph.symbols.map(({ name, role }) => ({ name, role, ...(sizes?.[name] === undefined ? {} : { value: sizes[name] }) })),
    figures: figuresAt(graph, sizes, setting),
    ...('reason' in example ? { reason: reasonOf(module, setting.sizes, example.reason) } : {}),
    notes,
  };
}

/** The needs that the setting's own sizes break are named first. */
function reasonOf({ graph }: ModuleAnalysis, chosen: ChosenSizes, reason: string): string {
  const broken = brokenNeeds(graph, chosen);
  return broken.length === 0 ? reason : `it needs ${broken.map(({ need }) => `${need.text} (${numbersOf(need, chosen)})`).join(', ')}`;
}

/** `dim = 64, heads = 5`: the sizes that a need speaks of, in its own order. */
function numbersOf({ text, left, right }: GraphNeed, sizes: ChosenSizes): string {
  const names = [left, right].flatMap(symbolsOf).filter((name, at, all) => all.indexOf(name) === at && sizes[name] !== undefined);
  return names
    .toSorted((a, b) => text.indexOf(a) - text.indexOf(b))
    .map((name) => `${name} = ${sizes[name]}`)
    .join(', ');
}

/** All figures of a graph; without sizes formulas alone. */
export function figuresAt(graph: ShapeGraph, sizes: Sizes | undefined, { training }: Pick<Setting, 'training'>): Figures {
  const cost = costOf(graph, sizes);
  const trained = trainingCostOf(graph, sizes, training);
  return {
    map: mapsOf(cost, sizes),
    peakInference: plain(cost.peakAsWritten),
    saved: savedOf(trained),
    peakTraining: trained ? plain(trained.peak) : NOT_TRAINED,
    parameters: plain(cost.parameters),
    macs: plain(cost.macs),
  };
}

/** One figure's value alone: what a search asks many times. */
export function valueAt(graph: ShapeGraph, sizes: Sizes, setting: Pick<Setting, 'training'>, name: FigureName): number | undefined {
  if (graph.runtime !== 'torch' || name === 'map' || name === 'parameters' || name === 'macs') return figuresAt(graph, sizes, setting)[name].value;
  if (name === 'peakInference') {
    const peak = inferencePeak(graph, sizes);
    return 'unknown' in peak ? undefined : peak.value;
  }
  const memory = trainingMemory(graph, sizes, setting.training);
  if ('unknown' in memory) return undefined;
  if (name === 'saved') return memory.saved.value;
  return 'unknown' in memory.peak ? undefined : memory.peak.value;
}

const NOT_TRAINED: Figure = { formula: '?', unknown: NO_GRADIENTS };

const savedOf = (trained: TrainingCost | undefined): Figure => (trained ? plain(trained.saved) : NOT_TRAINED);

const plain = ({ formula, value, unknown }: CostFigure): Figure => ({
  formula,
  ...(value === undefined ? {} : { value }),
  ...(unknown === undefined ? {} : { unknown }),
});

/** All maps of the block together. */
function mapsOf({ attentionMaps }: GraphCost, sizes: Sizes | undefined): Figure {
  const unknown = attentionMaps.find((map) => map.unknown !== undefined || (sizes && map.value === undefined));
  if (unknown) return plain(unknown);
  const sizesOfMaps = attentionMaps.map(({ formula }) => parse(formula) ?? ZERO);
  const formula = format(sizesOfMaps.reduce(add, ZERO));
  return sizes ? { formula, value: attentionMaps.reduce((all, { value = 0 }) => all + value, 0) } : { formula };
}
