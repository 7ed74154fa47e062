/** A graph that runs against the same block as it was written by hand: interleaved pairs, on whatever back end is set. */
import * as tf from '@tensorflow/tfjs';
import { decodeGraph } from '../src/graph/index';
import { type NamedTensors, type Prepared, prepareRun, refusalText } from '../src/run/index';
import { foreseeTextures, type TextureLimits } from '../src/run/webgl/index';
import type { TextureLedger } from '../webview/textures';
import { SaganAttention, SelfAttention } from './hand.mjs';

const PAIRS = 20;
const LEAST = 100;

/** A block as a graph and at sizes. */
export interface Block {
  readonly name: 'sagan' | 'selfAttention';
  readonly graph: unknown;
  readonly shape: readonly number[];
}

export interface Measured {
  readonly name: string;
  readonly backend: string;
  /** Milliseconds of one run, of each pair. */
  readonly graph: readonly number[];
  readonly hand: readonly number[];
  /** The greatest difference of the results. */
  readonly difference: number;
  readonly predicted: number;
  readonly held: number;
  /** What tfjs counts at its peak, above what stood before. */
  readonly counted: number;
  /** What WebGL's textures took at the peak, with weights, and what was foreseen of it. */
  readonly textures?: { readonly held: number; readonly foreseen: number };
}

/** The block by hand, with its weights in the order of making. */
function byHand(block: Block): { readonly run: (x: tf.Tensor) => tf.Tensor; readonly weights: () => readonly tf.Tensor[] } {
  if (block.name === 'sagan') {
    const before = new Set(Object.keys(tf.engine().registeredVariables));
    const made = new SaganAttention(block.shape.at(-1));
    const weights = Object.entries(tf.engine().registeredVariables).filter(([name]) => !before.has(name));
    return { run: (x) => made.apply(x as tf.Tensor4D), weights: () => weights.map(([, variable]) => variable) };
  }
  const layer = new SelfAttention({ units: block.shape.at(-1) ?? 0, heads: 4 });
  return { run: (x) => layer.apply(x) as tf.Tensor, weights: () => layer.weights.map((weight) => weight.read()) };
}

/** Milliseconds from some moment on: of the wall, or of the processor where others use it too. */
export type Clock = () => number;

/** How often it runs to take long enough. */
async function repeats(run: () => Promise<unknown>, now: Clock): Promise<number> {
  await run();
  const start = now();
  let count = 0;
  while (now() - start < LEAST) {
    await run();
    count += 1;
  }
  return Math.max(1, count);
}

async function perRun(run: () => Promise<unknown>, times: number, now: Clock): Promise<number> {
  const start = now();
  for (let at = 0; at < times; at += 1) await run();
  return (now() - start) / times;
}

/** The textures of the back end, where it has any. */
type Textures = TextureLimits & TextureLedger;

/** What the textures take in one more run. */
async function texturesIn(prepared: Prepared, textures: Textures, base: number): Promise<Pick<Measured, 'textures'>> {
  const watch = textures.watch(base);
  await prepared.run({ results: false, watch });
  return { textures: { held: watch.reading().bytes, foreseen: foreseeTextures(prepared.plan, textures).again.bytes } };
}

/** Measures one block; what it made is gone afterwards. */
export async function measurePairs(block: Block, now: Clock = () => performance.now(), textures?: Textures): Promise<Measured> {
  const x = tf.randomNormal([...block.shape], 0, 1, 'float32', 1);
  const hand = byHand(block);
  tf.dispose(hand.run(x));
  const decoded = decodeGraph(block.graph);
  if ('error' in decoded) throw new Error(decoded.error);
  const { graph } = decoded;
  const names = graph.nodes.filter(({ op }) => op === 'parameter').map(({ attributes }) => String(attributes.name));
  const data = (tensor: tf.Tensor) => ({ shape: tensor.shape, dtype: 'float32' as const, data: tensor.dataSync() as Float32Array });
  const weights: NamedTensors = new Map(hand.weights().map((tensor, at) => [names[at] ?? '', data(tensor)]));
  const [input] = graph.inputs;
  const base = textures?.live() ?? 0;
  const ready = prepareRun(graph, {}, { tf: tf as never, weights, inputs: new Map([[input?.name ?? '', data(x)]]) });
  if ('refusal' in ready) throw new Error(refusalText(ready.refusal));
  const { prepared } = ready;
  const ours = async () => {
    const ran = await prepared.run();
    if ('refusal' in ran) throw new Error(refusalText(ran.refusal));
    return ran.result;
  };
  const theirs = async () => {
    const out = hand.run(x);
    const values = await out.data();
    out.dispose();
    return values;
  };
  const [result, values] = [await ours(), await theirs()];
  const output = result.outputs[0]?.values?.data ?? new Float32Array();
  const difference = Array.from(values, Number).reduce((most, value, at) => Math.max(most, Math.abs(value - (output[at] ?? Number.NaN))), 0);
  const times = Math.max(await repeats(ours, now), await repeats(theirs, now));
  const [left, right]: [number[], number[]] = [[], []];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    // Whoever goes first has a drawback or an advantage: they take turns.
    for (const ourTurn of pair % 2 === 0 ? [true, false] : [false, true]) (ourTurn ? left : right).push(await perRun(ourTurn ? ours : theirs, times, now));
  }
  const before = tf.memory().numBytes;
  let counted = 0;
  await prepared.run({
    // Asked for each result before what is not used any more is freed.
    capture: () => {
      counted = Math.max(counted, tf.memory().numBytes - before);
      return false;
    },
  });
  const onDevice = textures ? await texturesIn(prepared, textures, base) : {};
  prepared.dispose();
  return {
    name: block.name,
    backend: tf.getBackend(),
    graph: left,
    hand: right,
    difference,
    predicted: prepared.forecast.peakBytes,
    held: result.peakBytes,
    counted: counted + data(x).data.byteLength,
    ...onDevice,
  };
}
