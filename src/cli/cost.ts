/** `cost`: parameters, multiply-accumulates, attention maps and memory. */
import { graphAt } from '../analysis/analyze';
import { type CacheFigures, cacheFigures, cacheWords, perTokenText } from '../analysis/cacheFigures';
import { exampleOfModule } from '../analysis/example';
import { type RegimeWords, regimeWords } from '../analysis/regimeText';
import type { ModuleAnalysis } from '../analysis/types';
import { type Dim, format } from '../dim/index';
import type { Example } from '../graph/example';
import { readable } from '../graph/formula';
import { type CostFigure, costOf, type GraphCost, type TrainingCost, trainingCostOf } from '../graph/index';
import { inferenceRegimes, type PeakRegimes, trainingRegimes } from '../graph/memory/regimes';
import { bytesText, countText } from '../graph/quantities';
import type { ShapeGraph } from '../graph/types';
import type { Span } from '../program/types';
import { relativeTo } from './files';
import { readOne } from './modules';
import type { Options } from './options';

const NO_GRADIENTS = "tfjs's gradient rules are not in the table";

/** Runs `cost`; gives the exit code. */
export async function cost(options: Options): Promise<number> {
  const { analysis, root } = await readOne(options);
  const relative = relativeTo(root);
  const modules = analysis.modules.map((module) => priced(module, options, relative));
  process.stdout.write(options.json ? `${JSON.stringify({ version: 1, modules: modules.map(({ told }) => told) })}\n` : modules.map(asText).join('\n'));
  return 0;
}

const place = (span: Span | undefined, relative: (file: string) => string) => (span ? { file: relative(span.file), line: span.line } : {});
const because = ({ unknown }: CostFigure) => (unknown === undefined ? {} : { reason: unknown });
const bytes = (figure: CostFigure): { bytes: number | null; formula: string; reason?: string } => ({
  bytes: figure.value ?? null,
  formula: figure.formula,
  ...because(figure),
});

/** What a module costs, and what is said beside its peaks. */
interface Priced {
  readonly told: ModuleCost;
  readonly graph: ShapeGraph;
  readonly cache: CacheFigures | undefined;
  readonly besideInference?: RegimeWords | undefined;
  readonly besideTraining?: RegimeWords | undefined;
}

const NO_REGIMES: PeakRegimes = { along: [] };

function priced(module: ModuleAnalysis, options: Options, relative: (file: string) => string): Priced {
  const example = exampleOfModule(module, options.set);
  const sizes = 'sizes' in example ? example.sizes : undefined;
  const graph = sizes ? graphAt(module, sizes) : module.graph;
  const isFollowed = sizes !== undefined && graph.runtime === 'torch';
  const inference = isFollowed ? inferenceRegimes(graph, sizes) : NO_REGIMES;
  const inTraining = isFollowed ? trainingRegimes(graph, sizes, options.bindings.training) : NO_REGIMES;
  const cache = cacheFigures(module.graph, graph, sizes);
  return {
    told: costModule(module, { example, graph, cache, inference, inTraining }, options, relative),
    graph: module.graph,
    cache,
    besideInference: regimeWords(inference, graph, module.graph, sizes ?? {}),
    besideTraining: regimeWords(inTraining, graph, module.graph, sizes ?? {}),
  };
}

/** A module at its sizes, with where its peaks have other formulas. */
interface AtSizes {
  readonly example: Example;
  readonly graph: ShapeGraph;
  readonly cache: CacheFigures | undefined;
  readonly inference: PeakRegimes;
  readonly inTraining: PeakRegimes;
}

/** Where the peak has another formula: `of` is what grows, between `from` and `to`; one of them is `here`, where the sizes at hand are. */
function regimesTold({ along, batch }: PeakRegimes, graph: ShapeGraph, relative: (file: string) => string) {
  const told = ({ formula, node }: { readonly formula: Dim; readonly node: number }) => ({
    formula: format(formula),
    ...place(graph.nodes[node]?.span ?? graph.span, relative),
  });
  const regimes = along.flatMap((one) =>
    one.regimes.map((regime) => ({
      of: one.symbols.join(one.kind === 'product' ? '*' : ' = '),
      ...(regime.from === undefined ? {} : { from: regime.from }),
      ...(regime.to === undefined ? {} : { to: regime.to }),
      ...told(regime),
      ...(regime.isHere ? { here: true } : {}),
    })),
  );
  const size = batch?.isOne ? 1 : 2;
  const all = [...regimes, ...(batch ? [{ of: batch.symbol, from: size, to: size, ...told(batch) }] : [])];
  return all.length === 0 ? {} : { regimes: all };
}

function costModule(module: ModuleAnalysis, { example, graph, cache, inference, inTraining }: AtSizes, options: Options, relative: (file: string) => string) {
  const sizes = 'sizes' in example ? example.sizes : undefined;
  const found: GraphCost = costOf(graph, sizes);
  return {
    file: relative(module.span.file),
    line: module.span.line,
    name: module.name,
    sizes: sizes ?? null,
    ...('reason' in example ? { reason: example.reason } : {}),
    parameters: found.parameters.value ?? null,
    parametersFormula: found.parameters.formula,
    buffers: found.buffers.value ?? null,
    macs: found.macs.value ?? null,
    macsFormula: found.macs.formula,
    ...(found.parameters.unknown === undefined ? {} : { parametersReason: found.parameters.unknown }),
    ...(found.macs.unknown === undefined ? {} : { macsReason: found.macs.unknown }),
    flops: found.flops.value ?? null,
    flopsFormula: found.flops.formula,
    inputBytes: bytes(found.inputBytes),
    attentionMaps: found.attentionMaps.map((map) => ({
      ...place(map.span, relative),
      name: map.name,
      ...bytes(map),
      ...(map.map.kind === 'fused' ? { fused: true } : {}),
    })),
    peakInference: { ...bytes(found.peakAsWritten), ...place(found.peakAsWritten.span, relative), ...regimesTold(inference, graph, relative) },
    peakInferenceAsRun: { ...bytes(found.peakAsRun), ...place(found.peakAsRun.span, relative) },
    ...training(trainingCostOf(graph, sizes, options.bindings.training), regimesTold(inTraining, graph, relative), relative),
    kvCache: cacheTold(cache, relative),
  };
}

/** What a decoder keeps of the tokens before: bytes for one more token of one sample, and for all that are kept. */
function cacheTold(cache: CacheFigures | undefined, relative: (file: string) => string) {
  if (!cache) return null;
  return {
    bytesPerToken: cache.perToken.value ?? null,
    formula: cache.perToken.formula,
    tokens: cache.tokens ?? null,
    bytes: cache.bytes.value ?? null,
    keyValueHeads: cache.keyValueHeads ?? null,
    queryHeads: cache.queryHeads ?? null,
    ...place(cache.span, relative),
  };
}

function training(cost: TrainingCost | undefined, regimes: ReturnType<typeof regimesTold>, relative: (file: string) => string) {
  if (!cost) return { savedForBackward: null, peakTraining: null, trainingReason: NO_GRADIENTS };
  const items = cost.saved.items.map((item) => ({ ...place(item.span, relative), name: item.name, ...bytes(item) }));
  return { savedForBackward: { ...bytes(cost.saved), items }, peakTraining: { ...bytes(cost.peak), approximate: true, ...regimes } };
}

type ModuleCost = ReturnType<typeof costModule>;

/** The widest label, and room behind it. */
const LABEL = 'peak, as we run it'.length + 2;

/** Room for a number and its unit. */
const VALUE = 14;

/** Where all sizes are numbers there are none to name. */
function sizesText({ sizes, reason }: ModuleCost): string {
  if (!sizes) return `  no example sizes: ${reason}`;
  const named = Object.entries(sizes).map(([name, size]) => `${name}=${size}`);
  return named.length > 0 ? `  at ${named.join(' ')}` : '';
}

function asText({ told: module, graph, cache, besideInference, besideTraining }: Priced): string {
  const letters = new Set<string>();
  const words = (formula: string): string => {
    const { text, where } = readable(formula, graph);
    if (where !== undefined) letters.add(where);
    return text;
  };
  const line = (label: string, value: number | null, formula: string, unit: (value: number) => string, reason?: string, after = '') => {
    const told = value === null && reason !== undefined ? `${formula === '?' ? '' : `${words(formula)}  `}(${reason})` : words(formula);
    return `  ${label.padEnd(LABEL)}${(value === null ? '?' : unit(value)).padEnd(VALUE)}${told}${after}\n`;
  };
  const besides = (words: RegimeWords | undefined): string => {
    for (const where of words?.where ?? []) letters.add(where);
    return words ? besideText(words) : '';
  };
  const lines =
    `${module.file}:${module.line} ${module.name}${sizesText(module)}\n` +
    line('parameters', module.parameters, module.parametersFormula, countText, module.parametersReason) +
    line('MACs', module.macs, module.macsFormula, countText, module.macsReason) +
    line('FLOPs', module.flops, module.flopsFormula, countText, module.macsReason) +
    module.attentionMaps
      .map((map) =>
        line('attention map', map.bytes, map.formula, bytesText, undefined, `${'fused' in map ? ' (fused)' : ''}  (${map.name}, line ${map.line ?? '?'})`),
      )
      .join('') +
    memoryLines(module)
      .map(([label, figure]) => {
        const { bytes: value, formula, reason } = figure;
        const beside = figure === module.peakInference ? besideInference : figure === module.peakTraining ? besideTraining : undefined;
        return line(label, value, formula, bytesText, reason) + besides(beside);
      })
      .join('') +
    (cache ? cacheLine(cache, graph) : '');
  return letters.size === 0 ? lines : `${lines}  with ${[...letters].join(', ')}\n`;
}

/** What one more token of one sample takes of the keys and values that are kept. */
function cacheLine(cache: CacheFigures, graph: ShapeGraph): string {
  const beside = [cacheWords(cache), `line ${cache.span.line}`].filter((part) => part !== '').join(', ');
  const value = cache.perToken.value === undefined ? '?' : bytesText(cache.perToken.value);
  return `  ${'KV cache per token'.padEnd(LABEL)}${value.padEnd(VALUE)}${perTokenText(cache, graph)}  (${beside})\n`;
}

/** While what the formula above goes, and what goes elsewhere: a line each, below the formula. */
function besideText({ while: until, others }: RegimeWords): string {
  const lines = [...(until === '' ? [] : [`while ${until}`]), ...others.map(({ when, formula, span }) => `${when}: ${formula}  (line ${span.line})`)];
  return lines.map((text) => `  ${''.padEnd(LABEL + VALUE)}${text}\n`).join('');
}

/** PyTorch's peaks are those of its own liveness; tfjs's are as the code has it, and as we run it. */
function memoryLines(module: ModuleCost): readonly (readonly [string, ReturnType<typeof bytes>])[] {
  const { savedForBackward, peakTraining } = module;
  if (!savedForBackward || !peakTraining)
    return [
      ['peak, as written', module.peakInference],
      ['peak, as we run it', module.peakInferenceAsRun],
    ];
  return [
    ['peak, inference', module.peakInference],
    ['saved for backward', savedForBackward],
    ['peak, training ≈', peakTraining],
  ];
}
