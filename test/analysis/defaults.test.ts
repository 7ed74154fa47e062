/** Arguments with defaults stay symbols; what the defaults alone decide is told as a need of theirs. */
import { describe, expect, it } from 'vitest';
import { analyzeFile, createAnalyser } from '../../src/analysis/analyze';
import { traceModule } from '../../src/analysis/trace';
import type { ModuleAnalysis } from '../../src/analysis/types';

async function module(body: string): Promise<ModuleAnalysis> {
  const text = `import * as tf from '@tensorflow/tfjs';\n${body}\n`;
  const analysis = await analyzeFile(
    '/defaults.ts',
    createAnalyser(async (file) => (file === '/defaults.ts' ? text : undefined)),
  );
  const [only] = analysis?.modules ?? [];
  if (!only) throw new Error('no module');
  return only;
}

const findings = ({ diagnostics }: ModuleAnalysis) => diagnostics.filter(({ severity }) => severity === 'error' || severity === 'warning');

async function row(body: string, name = 'return'): Promise<unknown> {
  const found = traceModule(await module(body), false, (file) => file, []);
  return found.values.find((value) => value.name === name)?.shape;
}

describe('an argument with a default stays a symbol', () => {
  it.each([
    ['a stride and a kernel', 'conv2d({ filters: dim, kernelSize: k, strides: k })', ['b', 'h//k', 'w//k', 'dim']],
    ['a window', 'averagePooling2d({ poolSize: k, strides: k })', ['b', 'h//k', 'w//k', 'c']],
    ['a transposed stride', "conv2dTranspose({ filters: dim, kernelSize: k, strides: k, padding: 'same' })", ['b', 'h*k', 'k*w', 'dim']],
    ['a factor', 'upSampling2d({ size: [k, k] })', ['b', 'h*k', 'k*w', 'c']],
    ['a dilation', 'conv2d({ filters: dim, kernelSize: 3, dilationRate: k })', ['b', 'h - 2*k', 'w - 2*k', 'dim']],
  ])('%s of a layer', async (_, layer, shape) => {
    expect(await row(`export const f = (x: tf.Tensor4D, k = 16, dim = 32) => tf.layers.${layer}.apply(x);`)).toEqual(shape);
  });

  it('a dilation, a stride and a block of functions', async () => {
    expect(await row("export const f = (x: tf.Tensor4D, d = 2) => tf.conv2d(x, tf.zeros([3, 3, 8, 5]) as tf.Tensor4D, 1, 'valid', 'NHWC', d);")).toEqual([
      'b',
      'h - 2*d',
      'w - 2*d',
      '5',
    ]);
    expect(await row('export const f = (x: tf.Tensor4D, k = 2) => tf.depthToSpace(x, k);')).toEqual(['b', 'h*k', 'k*w', 'c//(k*k)']);
  });

  it('gives the examples of a position table', async () => {
    const found = await module(
      'export function pos(x: tf.Tensor4D, patch = 16, dim = 32) { const y = tf.layers.conv2d({ filters: dim, kernelSize: patch, strides: patch }).apply(x); const p = tf.variable(tf.zeros([1, 224 / patch, 224 / patch, dim])); return y.add(p); }',
    );
    expect(found.graph.symbols.find(({ name }) => name === 'patch')).toMatchObject({ role: 'argument', example: 16 });
    expect(findings(found)).toEqual([]);
  });
});

describe('what defaults alone decide', () => {
  const block = (more: string, settings: string) =>
    `export function block(x: tf.Tensor4D, filters: number, ${more}) { const y = tf.layers.conv2d({ filters, ${settings} }).apply(x); return y.add(x); }`;

  it('is a need of the argument, not a chance', async () => {
    const found = await module(block('stride = 1', "kernelSize: 3, strides: stride, padding: 'same'"));
    expect(findings(found)).toEqual([]);
    expect(found.graph.needs.map(({ text }) => text)).toEqual(['stride == 1', 'c == filters']);
  });

  it('asks for no more than is needed', async () => {
    const found = await module(
      'export function block(x: tf.Tensor4D, k = 3, s = 1) { const p = Math.floor(k / 2); const y = tf.layers.zeroPadding2d({ padding: [p, p] }).apply(x); return tf.layers.conv2d({ filters: 8, kernelSize: k, strides: s }).apply(y).concat(x, 3); }',
    );
    expect(findings(found)).toEqual([]);
    expect(found.graph.needs.map(({ text }) => text)).toEqual(['s == 1', '2*(k//2) + 1 == k']);
  });

  it('where the default does not make it so, the warning stays', async () => {
    expect(findings(await module(block('stride = 2', "kernelSize: 3, strides: stride, padding: 'same'")))).toHaveLength(1);
  });
});
