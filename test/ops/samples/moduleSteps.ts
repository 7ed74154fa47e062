/** Samples of operators that modules take as one step: patches, channels, sampling, attention, recurrent stacks, likelihoods. Their values are held against torch's in test/dialect. */
import * as fc from 'fast-check';
import type { attention } from '../../../src/ops/attention';
import type { channels } from '../../../src/ops/channels';
import type { likelihoods } from '../../../src/ops/likelihoods';
import type { localNorms } from '../../../src/ops/localNorm';
import type { patches } from '../../../src/ops/patches';
import type { sampling } from '../../../src/ops/sampling';
import type { sequences } from '../../../src/ops/sequences';
import { type Case, casesBy, type Draw, type Operand, oneOf, type Sample, shapeOf, size, small } from '../sample';

const between = (min: number, max: number) => fc.integer({ min, max });
const volume = (shape: readonly number[]): number => shape.reduce((all, length) => all * length, 1);

// ---- channels ----

const shuffled = (build: (draw: Draw, factor: number) => number[], setting = 'factor'): fc.Arbitrary<Case> =>
  casesBy((draw) => {
    const factor = draw(between(1, 3));
    return { inputs: [{ shape: build(draw, factor) }], attributes: { [setting]: factor }, runtime: 'torch' };
  });

const before = (draw: Draw): number[] => draw(shapeOf(0, 2));

export const channelSamples: Record<keyof typeof channels, Sample> = {
  pixelShuffle: {
    cases: shuffled((draw, factor) => [...before(draw), draw(between(1, 2)) * factor ** 2, draw(small), draw(small)]),
    wrong: [
      { inputs: [{ shape: [2, 6, 3, 3] }], attributes: { factor: 2 }, runtime: 'torch' },
      { inputs: [{ shape: [4, 3] }], attributes: { factor: 2 }, runtime: 'torch' },
    ],
  },
  pixelUnshuffle: {
    cases: shuffled((draw, factor) => [...before(draw), draw(small), draw(between(1, 2)) * factor, draw(between(1, 2)) * factor]),
    wrong: [{ inputs: [{ shape: [2, 3, 3, 4] }], attributes: { factor: 2 }, runtime: 'torch' }],
  },
  channelShuffle: {
    cases: shuffled((draw, groups) => [draw(small), groups * draw(between(1, 2)), ...draw(shapeOf(1, 2))], 'groups'),
    wrong: [{ inputs: [{ shape: [2, 4, 3] }], attributes: { groups: 3 }, runtime: 'torch' }],
  },
};

// ---- patches ----

interface Windows {
  readonly window: number[];
  readonly strides: number[];
  readonly dilations: number[];
  readonly padding: number[];
  readonly sizes: number[];
  readonly counts: number[];
}

function drawWindows(draw: Draw): Windows {
  const two = (least: number, most: number): number[] => [draw(between(least, most)), draw(between(least, most))];
  const [window, strides, dilations, padding] = [two(1, 3), two(1, 2), two(1, 2), two(0, 1)];
  const reach = window.map((each, at) => (each - 1) * (dilations[at] ?? 1) + 1);
  const sizes = reach.map((each) => each + draw(between(0, 3)));
  const counts = sizes.map((each, at) => Math.floor((each + 2 * (padding[at] ?? 0) - (reach[at] ?? 1)) / (strides[at] ?? 1)) + 1);
  return { window, strides, dilations, padding, sizes, counts };
}

const batch = (draw: Draw): number[] => (draw(fc.boolean()) ? [draw(between(1, 2))] : []);

export const patchSamples: Record<keyof typeof patches, Sample> = {
  unfold: {
    cases: casesBy((draw) => {
      const { window, strides, dilations, padding, sizes } = drawWindows(draw);
      return { inputs: [{ shape: [...batch(draw), draw(between(1, 2)), ...sizes] }], attributes: { window, strides, dilations, padding }, runtime: 'torch' };
    }),
    wrong: [{ inputs: [{ shape: [2, 3, 2, 2] }], attributes: { window: [3, 3], strides: [1, 1], dilations: [1, 1], padding: [0, 0] }, runtime: 'torch' }],
  },
  fold: {
    cases: casesBy((draw) => {
      const { window, strides, dilations, padding, sizes, counts } = drawWindows(draw);
      const shape = [...batch(draw), draw(between(1, 2)) * volume(window), volume(counts)];
      return { inputs: [{ shape }], attributes: { size: sizes.map((each) => size(each)), window, strides, dilations, padding }, runtime: 'torch' };
    }),
    wrong: [
      { inputs: [{ shape: [2, 8, 5] }], attributes: { size: [3, 3], window: [2, 2], strides: [1, 1], dilations: [1, 1], padding: [0, 0] }, runtime: 'torch' },
    ],
  },
};

// ---- sampling ----

export const samplingSamples: Record<keyof typeof sampling, Sample> = {
  gridSample: {
    cases: casesBy((draw) => {
      const axes = draw(between(2, 3));
      const shape = [draw(between(1, 2)), draw(between(1, 2)), ...Array.from({ length: axes }, () => draw(between(1, 4)))];
      const target = Array.from({ length: axes }, () => draw(between(1, 3)));
      const method = axes === 2 ? draw(oneOf('bilinear', 'nearest', 'bicubic')) : draw(oneOf('bilinear', 'nearest'));
      const attributes = { method, paddingMode: draw(oneOf('zeros', 'border', 'reflection')), alignCorners: draw(fc.boolean()) };
      return { inputs: [{ shape }, { shape: [shape[0] ?? 1, ...target, axes], range: [-1.3, 1.3] }], attributes, runtime: 'torch' };
    }),
    wrong: [
      { inputs: [{ shape: [2, 3, 4, 4] }, { shape: [2, 3, 3, 3] }], attributes: {}, runtime: 'torch' },
      { inputs: [{ shape: [2, 3, 4, 4] }, { shape: [1, 3, 3, 2] }], attributes: {}, runtime: 'torch' },
    ],
  },
  affineGrid: {
    cases: casesBy((draw) => {
      const axes = draw(between(2, 3));
      const sizes = [draw(between(1, 2)), draw(between(1, 2)), ...Array.from({ length: axes }, () => draw(between(1, 3)))];
      return {
        inputs: [{ shape: [sizes[0] ?? 1, axes, axes + 1] }],
        attributes: { size: [size(sizes[0] ?? 1), ...sizes.slice(1)], alignCorners: draw(fc.boolean()) },
        runtime: 'torch',
      };
    }),
    wrong: [{ inputs: [{ shape: [2, 2, 4] }], attributes: { size: [2, 3, 4, 4] }, runtime: 'torch' }],
  },
};

// ---- attention ----

const drawAttention = (draw: Draw): Case => {
  const [length, source, inner, outer] = [draw(small), draw(small), draw(small), draw(small)];
  const grouped = draw(fc.boolean());
  const [shared, repeats] = [draw(between(1, 2)), draw(between(1, 2))];
  const outside = draw(shapeOf(0, 1));
  const lead = grouped ? [...outside, shared * repeats] : outside;
  const others = grouped ? [...outside, shared] : outside;
  const causal = draw(fc.boolean());
  const mask: Operand[] = causal || draw(fc.boolean()) ? [] : [{ shape: [length, source], dtype: draw(oneOf('float32', 'bool')) }];
  return {
    inputs: [{ shape: [...lead, length, inner] }, { shape: [...others, source, inner] }, { shape: [...others, source, outer] }, ...mask],
    attributes: { causal, grouped, scale: draw(oneOf(null, 0.5)) },
    runtime: 'torch',
  };
};

export const attentionSamples: Record<keyof typeof attention, Sample> = {
  scaledDotProductAttention: {
    cases: casesBy(drawAttention),
    macs: ([, k = []], [output = []], _) => volume(output.slice(0, -1)) * (k.at(-2) ?? 1) * ((k.at(-1) ?? 1) + (output.at(-1) ?? 1)),
    wrong: [
      { inputs: [{ shape: [2, 3, 4] }, { shape: [2, 3, 5] }, { shape: [2, 3, 4] }], attributes: {}, runtime: 'torch' },
      { inputs: [{ shape: [2, 3, 4] }, { shape: [2, 5, 4] }, { shape: [2, 3, 4] }], attributes: {}, runtime: 'torch' },
      { inputs: [{ shape: [2, 4, 3, 4] }, { shape: [2, 2, 3, 4] }, { shape: [2, 2, 3, 4] }], attributes: {}, runtime: 'torch' },
      { inputs: [{ shape: [2, 3, 4] }, { shape: [2, 3, 4] }, { shape: [2, 3, 4] }, { shape: [2, 3] }], attributes: {}, runtime: 'torch' },
      { inputs: [{ shape: [2] }, { shape: [3, 2] }, { shape: [3, 2] }], attributes: {}, runtime: 'torch' },
    ],
  },
};

// ---- recurrent stacks ----

const GATES: Readonly<Record<string, number>> = { lstm: 4, gru: 3, rnn: 1 };

function drawStack(draw: Draw): Case {
  const cell = draw(oneOf('lstm', 'gru', 'rnn'));
  const [layers, hidden, features, steps, rows] = [draw(between(1, 2)), draw(between(1, 3)), draw(between(1, 3)), draw(between(1, 3)), draw(between(1, 2))];
  const [bidirectional, bias, batchFirst, alone] = [draw(fc.boolean()), draw(fc.boolean()), draw(fc.boolean()), draw(fc.boolean())];
  const projected = cell === 'lstm' && hidden > 1 && draw(fc.boolean()) ? hidden - 1 : undefined;
  const [directions, out] = [bidirectional ? 2 : 1, projected ?? hidden];
  const wide = (GATES[cell] ?? 1) * hidden;
  const weights = Array.from({ length: layers * directions }, (_, at): Operand[] => [
    { shape: [wide, at < directions ? features : out * directions] },
    { shape: [wide, out] },
    ...(bias ? [{ shape: [wide] }, { shape: [wide] }] : []),
    ...(projected === undefined ? [] : [{ shape: [projected, hidden] }]),
  ]).flat();
  const initial = draw(fc.boolean()) ? (cell === 'lstm' ? 2 : 1) : 0;
  const state = (width: number): Operand => ({ shape: alone ? [layers * directions, width] : [layers * directions, rows, width] });
  const shape = alone ? [steps, features] : batchFirst ? [rows, steps, features] : [steps, rows, features];
  return {
    inputs: [{ shape }, ...weights, ...[state(out), state(hidden)].slice(0, initial)],
    attributes: { cell, layers, bidirectional, bias, batchFirst, projects: projected !== undefined, initial },
    runtime: 'torch',
  };
}

function stackMacs(shapes: readonly (readonly number[])[], attributes: Case['attributes'] | object): number {
  const { layers, bidirectional, bias, projects } = attributes as { layers: number; bidirectional: boolean; bias: boolean; projects: boolean };
  const each = 2 + (bias ? 2 : 0) + (projects ? 1 : 0);
  const matrices = shapes.slice(1, 1 + layers * (bidirectional ? 2 : 1) * each).filter((shape) => shape.length === 2);
  return volume((shapes[0] ?? []).slice(0, -1)) * matrices.reduce((total, shape) => total + volume(shape), 0);
}

export const sequenceSamples: Record<keyof typeof sequences, Sample> = {
  recurrentStack: {
    cases: casesBy(drawStack),
    macs: (shapes, _, attributes) => stackMacs(shapes, attributes),
    wrong: [
      {
        inputs: [{ shape: [2, 3, 4] }, { shape: [5, 3] }, { shape: [5, 5] }],
        attributes: { cell: 'rnn', layers: 1, bidirectional: false, bias: false, batchFirst: false, projects: false, initial: 0 },
        runtime: 'torch',
      },
    ],
  },
};

// ---- norms and likelihoods ----

export const localNormSamples: Record<keyof typeof localNorms, Sample> = {
  localResponseNorm: {
    cases: casesBy((draw) => ({
      inputs: [{ shape: draw(shapeOf(3, 4)) }],
      attributes: { size: draw(between(1, 4)), alpha: 0.01, beta: 0.75, bias: 1 },
      runtime: 'torch',
    })),
    wrong: [{ inputs: [{ shape: [2, 3] }], attributes: { size: 2 }, runtime: 'torch' }],
  },
};

export const likelihoodSamples: Record<keyof typeof likelihoods, Sample> = {
  negativeLikelihood: {
    cases: casesBy((draw) => {
      const classes = draw(between(1, 4));
      const rows = draw(shapeOf(0, 2));
      const shape = rows.length === 0 ? [classes] : [rows[0] ?? 1, classes, ...rows.slice(1)];
      const shares = draw(fc.boolean());
      const target: Operand = shares ? { shape } : { shape: rows, dtype: 'int64', range: [0, classes - 1] };
      const weight: Operand[] = draw(fc.boolean()) ? [{ shape: [classes], range: [0.5, 1] }] : [];
      return {
        inputs: [{ shape }, target, ...weight],
        attributes: { logits: draw(fc.boolean()), reduction: draw(oneOf('mean', 'sum', 'none')), smoothing: draw(oneOf(0, 0.1)) },
        runtime: 'torch',
      };
    }),
    wrong: [
      { inputs: [{ shape: [2, 3] }, { shape: [4], dtype: 'int64' }], attributes: {}, runtime: 'torch' },
      { inputs: [{ shape: [2, 3] }, { shape: [2, 1], dtype: 'int64' }], attributes: {}, runtime: 'torch' },
    ],
  },
};
