/** The command line's only door to tfjs: loaded when something is to be run. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import type { Tfjs } from '../ops/operator';

/** tfjs on the back end that was asked for; undefined where it does not start. */
export async function startTfjs(backend: 'cpu' | 'wasm', wasmFolder: string): Promise<Tfjs | undefined> {
  // tfjs's advice to install another package is not ours to print.
  tf.enableProdMode();
  if (backend === 'wasm') setWasmPaths(wasmFolder);
  return (await tf.setBackend(backend)) ? tf : undefined;
}
