/** `cost`: parameters, multiply-accumulates, attention maps and memory. */
import { cacheFigures } from '../analysis/cacheFigures';
import { exampleOfModule } from '../analysis/example';
import { trainedRegimes } from '../analysis/modes';
import { settled } from '../analysis/pricing/price';
import { regimeWords } from '../analysis/regimeText';
import type { ModuleAnalysis, Setting } from '../analysis/types';
import { inferenceRegimes, type PeakRegimes } from '../graph/memory/regimes';
import { costTold } from './costs/document';
import { fitsOf } from './costs/fits';
import { asText, type Shown } from './costs/text';
import { relativeTo } from './files';
import { readOne } from './modules';
import type { Options } from './options';
import { type Change, changeOf, checkNames, checkSizes, memoryOf, ownSizes, togetherOf } from './setting';
import { terminalWidth } from './wrapping';

/** Runs `cost`; gives the exit code. */
export async function cost(options: Options): Promise<number> {
  const change = changeOf('--set', options.pricing.set);
  const fits = options.pricing.fits === undefined ? undefined : memoryOf('--fits', options.pricing.fits);
  const { analysis, root } = await readOne(inEvaluation(options));
  checkNames('--set', analysis.modules, change.sizes);
  if (!options.bound) checkNames('--sizes', analysis.modules, options.set);
  checkSizes(analysis.modules, togetherOf(change.sizes, options.set));
  const modules = analysis.modules.map((module) => priced(module, settingOf(module, change, options), fits, relativeTo(root)));
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ version: 1, modules: modules.map(({ told }) => told) })}\n`
      : modules.map((module) => asText(module, terminalWidth(Number.POSITIVE_INFINITY))).join('\n'),
  );
  return 0;
}

/** Figures of inference are those of evaluation: `--train` is for what training holds alone. */
const inEvaluation = (options: Options): Options => ({ ...options, bindings: { ...options.bindings, training: false } });

function settingOf(module: ModuleAnalysis, change: Change, { set, pricing, bindings }: Options): Setting {
  return {
    sizes: { ...set, ...ownSizes(module, change.sizes) },
    precision: change.precision ?? pricing.precision,
    attention: change.attention ?? pricing.attention,
    training: bindings.training,
  };
}

const NO_REGIMES: PeakRegimes = { along: [] };

function priced(module: ModuleAnalysis, setting: Setting, memory: number | undefined, relative: (file: string) => string): Shown {
  const example = exampleOfModule(module, setting.sizes);
  const sizes = 'sizes' in example ? example.sizes : undefined;
  const { inference: graph, training: trained, notes } = settled(module, setting, sizes);
  const isFollowed = sizes !== undefined && graph.runtime === 'torch';
  const inference = isFollowed ? inferenceRegimes(graph, sizes) : NO_REGIMES;
  const inTraining = isFollowed ? trainedRegimes(trained) : NO_REGIMES;
  const cache = cacheFigures(module.graph, graph, sizes);
  const fits = memory === undefined ? undefined : { all: fitsOf(module, setting, memory), bytes: memory };
  const found = { module, setting, graph, trained, notes, cache, inference, inTraining, ...('reason' in example ? example : { sizes: example.sizes }) };
  return {
    told: costTold({ ...found, ...(fits ? { fits: fits.all } : {}) }, relative),
    graph,
    setting,
    cache,
    besideInference: regimeWords(inference, graph, graph, sizes ?? {}),
    besideTraining: regimeWords(inTraining, trained.graph, graph, sizes ?? {}),
    ...(fits ? { fits } : {}),
  };
}
