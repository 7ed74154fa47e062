/** What the browser runs: the pairs on WebGL. */
import * as tf from '@tensorflow/tfjs';
import { ledgerOf, type TextureLedger, type TextureManager } from '../webview/textures';
import { type Block, type Measured, measurePairs } from './pairs';

let ledger: TextureLedger | undefined;

async function measureOnWebgl(block: Block): Promise<Measured> {
  tf.enableProdMode();
  if (!(await tf.setBackend('webgl'))) throw new Error('there is no WebGL');
  tf.env().set('WEBGL_DELETE_TEXTURE_THRESHOLD', 256 * 2 ** 20);
  const limits = { maxTextureSize: tf.env().getNumber('WEBGL_MAX_TEXTURE_SIZE'), valueBytes: 4 } as const;
  ledger ??= ledgerOf((tf.backend() as unknown as { getTextureManager(): TextureManager }).getTextureManager(), limits.valueBytes);
  return measurePairs(block, undefined, { ...limits, ...ledger });
}

Object.assign(globalThis, { measureOnWebgl });
