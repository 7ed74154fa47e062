/** What a module costs, as one JSON object of `cost`. */
import type { CacheFigures } from '../../analysis/cacheFigures';
import { type InTraining, trainedCost } from '../../analysis/modes';
import { NO_GRADIENTS } from '../../analysis/pricing/price';
import type { ModuleAnalysis, Setting } from '../../analysis/types';
import { type Dim, format } from '../../dim/index';
import type { Sizes } from '../../graph/bind';
import { type CostFigure, costOf, type GraphCost, type PeakFigure, type PieceFigure, type TrainingCost } from '../../graph/index';
import type { PeakRegimes } from '../../graph/memory/regimes';
import type { ShapeGraph } from '../../graph/types';
import type { Span } from '../../program/types';
import { type Fits, fitsTold } from './fits';

/** A module at its sizes, under its setting, with where its peaks have other formulas and what fits. */
export interface AtSizes {
  readonly module: ModuleAnalysis;
  readonly setting: Setting;
  readonly sizes?: Sizes;
  /** Why there are no sizes. */
  readonly reason?: string;
  /** For what inference costs, and for what training holds. */
  readonly graph: ShapeGraph;
  readonly trained: InTraining;
  readonly notes: readonly string[];
  readonly cache: CacheFigures | undefined;
  readonly inference: PeakRegimes;
  readonly inTraining: PeakRegimes;
  readonly fits?: readonly Fits[];
}

const place = (span: Span | undefined, relative: (file: string) => string) => (span ? { file: relative(span.file), line: span.line } : {});
const because = ({ unknown }: CostFigure) => (unknown === undefined ? {} : { reason: unknown });
/** A figure of memory as it is told. */
export interface BytesTold {
  readonly bytes: number | null;
  readonly formula: string;
  readonly reason?: string;
}

const bytes = (figure: CostFigure): BytesTold => ({
  bytes: figure.value ?? null,
  formula: figure.formula,
  ...because(figure),
});

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
  const all = [...regimes, ...(batch ? [{ of: batch.symbols.join(' = '), from: size, to: size, ...told(batch) }] : [])];
  return all.length === 0 ? {} : { regimes: all };
}

/** The object. */
export function costTold(at: AtSizes, relative: (file: string) => string) {
  const { module, setting, sizes, graph, trained, cache, inference, inTraining } = at;
  const found: GraphCost = costOf(graph, sizes);
  return {
    file: relative(module.span.file),
    line: module.span.line,
    name: module.name,
    sizes: sizes ?? null,
    ...(at.reason === undefined ? {} : { reason: at.reason }),
    dtype: setting.precision,
    attention: setting.attention,
    ...(at.notes.length === 0 ? {} : { notes: at.notes }),
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
    peakInference: {
      ...bytes(found.peakAsWritten),
      ...place(found.peakAsWritten.span, relative),
      ...aliveTold(found.peakAsWritten, relative),
      ...regimesTold(inference, graph, relative),
    },
    peakInferenceAsRun: { ...bytes(found.peakAsRun), ...place(found.peakAsRun.span, relative) },
    ...training(trainedCost(trained), regimesTold(inTraining, trained.graph, relative), relative),
    kvCache: cacheTold(cache, relative),
    ...(at.fits ? { fits: fitsTold(at.fits) } : {}),
  };
}

/** A piece of memory by the value that it is of. */
export type PieceTold = ReturnType<typeof pieceTold>;

const pieceTold = (piece: PieceFigure, relative: (file: string) => string) => ({ ...place(piece.span, relative), name: piece.name, ...bytes(piece) });

/** What is alive at a peak, where that is followed. */
const aliveTold = ({ alive }: PeakFigure, relative: (file: string) => string): { readonly alive?: readonly PieceTold[] } =>
  alive ? { alive: alive.map((piece) => pieceTold(piece, relative)) } : {};

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
  const items = cost.saved.items.map((item) => pieceTold(item, relative));
  return { savedForBackward: { ...bytes(cost.saved), items }, peakTraining: { ...bytes(cost.peak), approximate: true, ...regimes } };
}

export type CostTold = ReturnType<typeof costTold>;
