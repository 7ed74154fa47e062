/** A layer that says how many axes its input has is held to it by tfjs. */
import { describe, expect, it } from 'vitest';
import { analyzeFile, createAnalyser } from '../../src/analysis/analyze';

async function inputOf(specified: string) {
  const text = `import * as tf from '@tensorflow/tfjs';
export class Pooled extends tf.layers.Layer {
  static className = 'Pooled';
  constructor(args) {
    super(args);
    ${specified}
  }
  call(inputs) {
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    return x.mean(1);
  }
  computeOutputShape(shape) {
    return [shape[0], ...shape.slice(2)];
  }
}
`;
  const analysis = await analyzeFile(
    '/specification.js',
    createAnalyser(async (file) => (file === '/specification.js' ? text : undefined)),
  );
  const graph = analysis?.modules[0]?.graph;
  const [input] = graph?.inputs ?? [];
  return input && graph?.nodes[input.ref.node]?.outputs[input.ref.output]?.shape?.length;
}

describe('inputSpec', () => {
  it('tells the rank', async () => {
    expect(await inputOf('')).toBe(3);
    expect(await inputOf('this.inputSpec = [{ ndim: 4 }];')).toBe(4);
  });

  it('of two inputs tells none', async () => {
    expect(await inputOf('this.inputSpec = [{ ndim: 4 }, { ndim: 2 }];')).toBe(3);
  });
});
