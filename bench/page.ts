/** What the browser runs: the pairs on WebGL. */
import * as tf from '@tensorflow/tfjs';
import { measurePairs, type Block } from './pairs';

declare global {
  interface Window {
    measureOnWebgl(block: Block): ReturnType<typeof measurePairs>;
  }
}

window.measureOnWebgl = async (block) => {
  tf.enableProdMode();
  if (!(await tf.setBackend('webgl'))) throw new Error('there is no WebGL');
  tf.env().set('WEBGL_DELETE_TEXTURE_THRESHOLD', 256 * 2 ** 20);
  return measurePairs(block);
};
