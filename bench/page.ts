/** What the browser runs: the pairs on WebGL. */
import * as tf from '@tensorflow/tfjs';
import { type Block, type Measured, measurePairs } from './pairs';

async function measureOnWebgl(block: Block): Promise<Measured> {
  tf.enableProdMode();
  if (!(await tf.setBackend('webgl'))) throw new Error('there is no WebGL');
  tf.env().set('WEBGL_DELETE_TEXTURE_THRESHOLD', 256 * 2 ** 20);
  return measurePairs(block);
}

Object.assign(globalThis, { measureOnWebgl });
