/** A block priced under a setting: other sizes and arguments, another number type, attention fused or taken step by step. */
import { add, format, parse, symbolsOf, ZERO } from '../../dim/index';
import { brokenNeeds, type Sizes } from '../../graph/bind';
import { type CostFigure, costOf, type GraphCost, type TrainingCost } from '../../graph/cost';
import { inferencePeak } from '../../graph/memory/figures';
import type { GraphNeed, ShapeGraph } from '../../graph/types';
import { exampleOfModule } from '../example';
import { type InTraining, inferenceAt, trainedCost, trainedMemory, trainingAt } from '../modes';
import type { ChosenSizes, Figure, FigureName, Figures, ModuleAnalysis, Prices, Setting } from '../types';

/** The block as the code has it, in float32, for inference as for training. */
export const AS_WRITTEN: Setting = { sizes: {}, precision: 'float32', attention: 'written', training: true };

const NO_TYPES = 'tfjs computes in float32 alone';
/** Why nothing is said of training a block of tfjs. */
export const NO_GRADIENTS = "tfjs's gradient rules are not in the table of operators";

/** A block's graphs as they are priced: what inference costs is of one, what training holds of the other. */
export interface Settled {
  readonly inference: ShapeGraph;
  readonly training: InTraining;
  readonly notes: readonly string[];
}

/** The block's graphs at sizes, under the setting. */
export function settled(module: ModuleAnalysis, setting: Setting, sizes: ChosenSizes | undefined): Settled {
  const [inference, training] = [inferenceAt(module, setting, sizes), trainingAt(module, setting, sizes)];
  const types = setting.precision !== 'float32' && module.graph.runtime !== 'torch' ? [NO_TYPES] : [];
  return { inference: inference.graph, training, notes: [...new Set([...types, ...inference.notes, ...training.notes])] };
}

/** What the block costs at sizes that satisfy its needs, the setting's among them; where there are none, as formulas. */
export function priceOf(module: ModuleAnalysis, setting: Setting): Prices {
  const example = exampleOfModule(module, setting.sizes);
  const sizes = 'sizes' in example ? example.sizes : undefined;
  const found = settled(module, setting, sizes);
  return {
    file: module.span.file,
    module: module.name,
    language: module.language,
    symbols: module.graph.symbols.map(({ name, role }) => ({ name, role, ...(sizes?.[name] === undefined ? {} : { value: sizes[name] }) })),
    figures: figuresAt(found, sizes),
    ...('reason' in example ? { reason: reasonOf(module, setting.sizes, example.reason) } : {}),
    notes: found.notes,
  };
}

/** Why a block has no figures with sizes that were chosen; undefined where it has some. */
export function whyUnpriced(module: ModuleAnalysis, chosen: ChosenSizes): string | undefined {
  const example = exampleOfModule(module, chosen);
  return 'reason' in example ? reasonOf(module, chosen, example.reason) : undefined;
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

/** All figures of a block; without sizes formulas alone. */
export function figuresAt({ inference, training }: Settled, sizes: Sizes | undefined): Figures {
  const cost = costOf(inference, sizes);
  const trained = trainedCost(training);
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
export function valueAt(module: ModuleAnalysis, setting: Setting, sizes: Sizes, name: FigureName): number | undefined {
  if (module.graph.runtime !== 'torch' || name === 'map' || name === 'parameters' || name === 'macs')
    return figuresAt(settled(module, setting, sizes), sizes)[name].value;
  if (name === 'peakInference') {
    const peak = inferencePeak(inferenceAt(module, setting, sizes).graph, sizes);
    return 'unknown' in peak ? undefined : peak.value;
  }
  const memory = trainedMemory(trainingAt(module, setting, sizes));
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
