/** Lists of a symbolic number of items alike keep their number through the calls on them. */
import { describe, expect, it } from 'vitest';
import { analyzeFile, createAnalyser } from '../../src/analysis/analyze';

async function outputOf(mapping: string) {
  const text = `import * as tf from '@tensorflow/tfjs';\nexport function rows(x: tf.Tensor3D) {\n  return tf.stack(tf.unstack(x)${mapping});\n}\n`;
  const analysis = await analyzeFile(
    '/repeated.ts',
    createAnalyser(async (file) => (file === '/repeated.ts' ? text : undefined)),
  );
  const [output] = analysis?.modules[0]?.graph.outputs ?? [];
  return output?.kind === 'tensor'
    ? analysis?.modules[0]?.graph.nodes[output.ref.node]?.outputs[output.ref.output]?.shape?.map((size) => size.text)
    : undefined;
}

describe('flatMap over as many tensors as a size says', () => {
  it('keeps one for each, given bare or in a list', async () => {
    expect(await outputOf('.flatMap((each) => each.softmax())')).toEqual(['b', 'n', 'c']);
    expect(await outputOf('.flatMap((each) => [each.softmax()])')).toEqual(['b', 'n', 'c']);
  });

  it('does not count several for each as one', async () => {
    expect(await outputOf('.flatMap((each) => [each, each])')).not.toEqual(['b', 'n', 'c']);
  });
});
