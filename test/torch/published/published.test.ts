/**
 * What papers print of whole models, priced from source as any user's code is: parameters, and operations under the convention of each paper's table. Each
 * model is built of the gallery's blocks. M and G are 10⁶ and 10⁹; images are 224 × 224 unless another size stands beside them.
 */
import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyzeFile, createAnalyser, parseExpression } from '../../../src/analysis/analyze';
import { evaluate } from '../../../src/dim/index';
import { costOf, type GraphCost } from '../../../src/graph/cost';
import type { GraphNode, ShapeGraph } from '../../../src/graph/types';
import { elements } from '../../../src/graph/values';

const GALLERY = resolve(import.meta.dirname, '../../../media/gallery/pytorch');

/** The models beside this test; the blocks that they import are the gallery's. */
const project = createAnalyser(
  async (path) => {
    for (const folder of [import.meta.dirname, GALLERY]) {
      try {
        return readFileSync(join(folder, basename(path)), 'utf8');
      } catch {}
    }
    return undefined;
  },
  import.meta.dirname,
);

interface Priced {
  readonly graph: ShapeGraph;
  readonly cost: GraphCost;
  readonly parameters: number;
  readonly macs: number;
}

async function priced(file: string, made: string, input: string, shape: readonly number[]): Promise<Priced> {
  const path = join(import.meta.dirname, file);
  const expression = (await parseExpression(path, made)) ?? expect.fail(made);
  const inputs = new Map([[input, { kind: 'tensor', shape, dtype: 'float32' } as const]]);
  const analysis = await analyzeFile(path, project, { bindings: { training: false, inputs }, expression });
  const { graph, diagnostics } = analysis?.modules[0] ?? expect.fail(`${made} is not read`);
  expect(diagnostics).toEqual([]);
  const cost = costOf(graph, {});
  return { graph, cost, parameters: cost.parameters.value ?? Number.NaN, macs: cost.macs.value ?? Number.NaN };
}

const image = (side = 224): readonly number[] => [1, 3, side, side];
const millions = (count: number, digits: number): string => (count / 1e6).toFixed(digits);
const billions = (count: number, digits: number): string => (count / 1e9).toFixed(digits);

/** How many elements come out of some steps: what counters add that count more than multiply-accumulates. */
const made = (graph: ShapeGraph, counts: (node: GraphNode) => boolean): number =>
  graph.nodes.filter(counts).reduce((all, { outputs: [type] }) => all + ((type && evaluate(elements(type), {})) ?? Number.NaN), 0);

describe('CCNet: FLOPs, two for each multiply-accumulate, of 1 × 512 × 97 × 97; queries and keys have an eighth of the channels', () => {
  const flopsOf = async (file: string, made: string) => 2 * (await priced(file, made, 'x', [1, 512, 97, 97])).macs;

  it('non-local: 108 G', async () => {
    expect(billions(await flopsOf('danetPosition.py', 'PositionAttention(512, reduction=8)'), 0)).toBe('108');
  });

  it.each([
    [1, '8.3'],
    [2, '16.5'],
  ])('criss-cross, %i times: %s G', async (times, printed) => {
    expect(billions(await flopsOf('crissCross.py', `RecurrentCrissCrossAttention(512, 8, ${times})`), 1)).toBe(printed);
  });

  it('criss-cross, three times: 24.7 G are printed; three times 8.27 are 24.81, 0.4 % more', async () => {
    const [once, thrice] = [
      await flopsOf('crissCross.py', 'CrissCrossAttention(512)'),
      await flopsOf('crissCross.py', 'RecurrentCrissCrossAttention(512, 8, 3)'),
    ];
    expect(thrice).toBe(3 * once);
    expect(billions(thrice, 2)).toBe('24.81');
    expect(Math.abs(thrice / 24.7e9 - 1)).toBeLessThan(0.005);
  });
});

describe("efficient attention's introduction: non-local attention of 128 × 128 places with 64 channels, queries and keys half as wide", () => {
  it('keeps a map of over 1 GB in float32 and takes over 25 G multiply-accumulates', async () => {
    const { cost, macs } = await priced('danetPosition.py', 'PositionAttention(64, reduction=2)', 'x', [1, 64, 128, 128]);
    const [map] = cost.attentionMaps;
    expect(map?.value).toBe(4 * 128 ** 4);
    expect(map?.value).toBeGreaterThan(1e9);
    expect(macs).toBeGreaterThan(25e9);
    expect(billions(macs, 1)).toBe('25.9');
  });
});

describe('CBAM: parameters and multiply-accumulates, printed as FLOPs; ResNet-50 halves the map in the first convolution of a block', () => {
  it.each([
    ['ResNet()', '25.56', '3.858'],
    ['ResNet(attention=True)', '28.09', '3.864'],
  ])('%s: %s M, %s G', async (made, parameters, macs) => {
    const model = await priced('resnet.py', made, 'x', image());
    expect([millions(model.parameters, 2), billions(model.macs, 3)]).toEqual([parameters, macs]);
  });
});

describe("PVT: parameters and multiply-accumulates, attention's products among them", () => {
  it.each([
    ['tiny', '13.2', '1.9'],
    ['small', '24.5', '3.8'],
    ['medium', '44.2', '6.7'],
    ['large', '61.4', '9.8'],
  ])('%s: %s M, %s G', async (size, parameters, macs) => {
    const model = await priced('pvt.py', `PyramidVisionTransformer('${size}')`, 'x', image());
    expect([millions(model.parameters, 1), billions(model.macs, 1)]).toEqual([parameters, macs]);
  });
});

describe('SegFormer on ADE, 150 classes, with its decoder', () => {
  /** The authors' counter adds one for each element that a convolution adds its bias to or that goes through ReLU; linear maps' biases and norms it leaves out. */
  const counted = ({ graph, macs }: Priced): number => macs + made(graph, ({ op, inputs }) => op === 'relu' || (op === 'conv' && inputs.length > 2));

  it.each([
    ['B0', 512, '3.8', '8.4', '8.39'],
    ['B1', 512, '13.7', '15.9', '15.88'],
    ['B2', 512, '27.5', '62.4', '62.34'],
    ['B3', 512, '47.3', '79.0', '78.96'],
    ['B4', 512, '64.1', '95.7', '95.57'],
    ['B5', 640, '84.7', '183.3', '183.14'],
  ])('%s at %i: %s M, %s G as its authors count, %s G multiply-accumulates', async (size, side, parameters, printed, macs) => {
    const model = await priced('segformer.py', `SegFormer('${size}')`, 'x', image(side));
    expect([millions(model.parameters, 1), billions(counted(model), 1), billions(model.macs, 2)]).toEqual([parameters, printed, macs]);
  });
});

describe('ViT-B/16', () => {
  it('86.57 M, 17.58 G with five operations for each element of a layer norm; 17.56 G multiply-accumulates', async () => {
    const { graph, parameters, macs } = await priced('vit.py', 'VisionTransformer()', 'images', image());
    const norms = made(graph, ({ op }) => op === 'layerNorm');
    expect([millions(parameters, 2), billions(macs + 5 * norms, 2), billions(macs, 2)]).toEqual(['86.57', '17.58', '17.56']);
  });

  it("16.87 G where attention's own products are missed", async () => {
    const { graph, macs } = await priced('vit.py', 'VisionTransformer()', 'images', image());
    const attention = 12 * 2 * 197 ** 2 * 768;
    expect(billions(macs - attention + 5 * made(graph, ({ op }) => op === 'layerNorm'), 2)).toBe('16.87');
  });
});
