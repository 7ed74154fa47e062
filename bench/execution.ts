/** A graph against the same block by hand, on the CPU in Node. */
import * as tf from '@tensorflow/tfjs';
import { blocks, report } from './blocks';
import { measurePairs, type Measured } from './pairs';

export async function measure(): Promise<string[]> {
  await tf.setBackend('cpu');
  const measured: Measured[] = [];
  for (const block of await blocks()) measured.push(await measurePairs(block));
  return report(measured);
}
