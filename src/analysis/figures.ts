/** Example sizes and costs of a module as the user chose them: worked out once for all hovers, hints and lenses of an analysis. */

import type { Sizes } from '../graph/bind';
import { costOf, type GraphCost, type TrainingCost } from '../graph/cost';
import type { Example } from '../graph/example';
import { inferenceRegimes } from '../graph/memory/regimes';
import type { ShapeGraph } from '../graph/types';
import { type CacheFigures, cacheFigures } from './cacheFigures';
import { exampleOfModule } from './example';
import { type InTraining, inferenceAt, trainedCost, trainedRegimes, trainingAt, type Way } from './modes';
import { type RegimeWords, regimeWords } from './regimeText';
import type { ChosenSizes, ModuleAnalysis, View } from './types';

interface Figures {
  readonly chosen: string;
  readonly example: Example;
  cost?: GraphCost;
  regimes?: ModuleRegimes;
}

/** Where the module's peaks have other formulas. */
export interface ModuleRegimes {
  readonly inference?: RegimeWords | undefined;
  readonly training?: RegimeWords | undefined;
}

const known = new WeakMap<ShapeGraph, Figures>();

function figuresOf(module: ModuleAnalysis, view: View): Figures {
  const sizes: ChosenSizes = view.sizesOf(module.name);
  const chosen = JSON.stringify([sizes, view.precision]);
  const before = known.get(module.graph);
  if (before?.chosen === chosen) return before;
  const figures = { chosen, example: exampleOfModule(module, sizes) };
  known.set(module.graph, figures);
  return figures;
}

/** The module's example sizes, or why there are none. */
export const exampleOf = (module: ModuleAnalysis, view: View): Example => figuresOf(module, view).example;

/** The same; undefined where there are none. */
export function sizesOf(module: ModuleAnalysis, view: View): Sizes | undefined {
  const example = exampleOf(module, view);
  return 'sizes' in example ? example.sizes : undefined;
}

const wayOf = ({ precision = 'float32' }: View): Way => ({ precision, attention: 'written', training: true });

function atSizes(module: ModuleAnalysis, view: View): [ShapeGraph, Sizes | undefined] {
  const sizes = sizesOf(module, view);
  return [inferenceAt(module, wayOf(view), sizes).graph, sizes];
}

const inTraining = (module: ModuleAnalysis, view: View): InTraining => trainingAt(module, wayOf(view), sizesOf(module, view));

/** What the module costs at its example sizes. */
export function moduleCost(module: ModuleAnalysis, view: View): GraphCost {
  const figures = figuresOf(module, view);
  figures.cost ??= costOf(...atSizes(module, view));
  return figures.cost;
}

/** What training holds of the module at its example sizes, in training mode; of tfjs it is not known. */
export const moduleTraining = (module: ModuleAnalysis, view: View): TrainingCost | undefined => trainedCost(inTraining(module, view));

/** What the module keeps of each token, where it is a decoder that keeps keys and values. */
export const moduleCache = (module: ModuleAnalysis, view: View): CacheFigures | undefined => cacheFigures(module.graph, ...atSizes(module, view));

/** Where its peaks have other formulas at other sizes, in words; of tfjs that is not followed. Dearer than the figures themselves: only a hover asks. */
export function moduleRegimes(module: ModuleAnalysis, view: View): ModuleRegimes {
  const figures = figuresOf(module, view);
  figures.regimes ??= regimesOf(module, view);
  return figures.regimes;
}

function regimesOf(module: ModuleAnalysis, view: View): ModuleRegimes {
  const [at, sizes] = atSizes(module, view);
  if (!sizes || at.runtime !== 'torch') return {};
  const trained = inTraining(module, view);
  return {
    inference: regimeWords(inferenceRegimes(at, sizes), at, module.graph, sizes),
    training: regimeWords(trainedRegimes(trained), trained.graph, module.graph, sizes),
  };
}

/** `b=2 n=24`: sizes by symbol. */
export const chosenText = (sizes: Sizes, names: readonly string[] = Object.keys(sizes)): string =>
  names.map((name) => `${name}=${sizes[name] ?? '?'}`).join(' ');
