/** The one file of the panel that loads tfjs: picks a back end, notices when its device is lost, and starts it again. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-webgl';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import type { Tfjs } from '../src/ops/operator';
import type { TextureLimits } from '../src/run/webgl';
import { ledgerOf, type TextureLedger, type TextureManager } from './textures';

export type BackendName = 'webgl' | 'wasm' | 'cpu';

export interface Backend {
  readonly tf: Tfjs;
  readonly name: BackendName;
  /** Why it is not WebGL. */
  readonly why?: 'noWebgl' | 'noWasm' | 'noKernel' | 'emptyTensors';
  /** The largest texture side, where there are textures. */
  readonly maxTextureSize?: number;
  /** What is in use of the device, where it is WebGL. */
  readonly textures?: TextureLimits & TextureLedger;
}

/** Freed textures are kept for the next run up to so many bytes. */
const KEPT_TEXTURES = 256 * 2 ** 20;

async function started(name: BackendName): Promise<boolean> {
  try {
    return (await tf.setBackend(name)) && tf.getBackend() === name;
  } catch {
    return false;
  }
}

function hasWebgl(): boolean {
  try {
    return document.createElement('canvas').getContext('webgl2') !== null;
  } catch {
    return false;
  }
}

function texturesOn(maxTextureSize: number): NonNullable<Backend['textures']> {
  const valueBytes = tf.env().getBool('WEBGL_RENDER_FLOAT32_ENABLED') ? 4 : 2;
  const manager = (tf.backend() as unknown as WebglBackend).getTextureManager();
  return { maxTextureSize, valueBytes, ...ledgerOf(manager, valueBytes) };
}

/** Starts WebGL, else WebAssembly from the folder `wasm`, else the plain one. */
export async function startBackend(wasm: string): Promise<Backend> {
  tf.enableProdMode();
  if (hasWebgl() && (await started('webgl'))) {
    tf.env().set('WEBGL_DELETE_TEXTURE_THRESHOLD', KEPT_TEXTURES);
    const maxTextureSize = tf.env().getNumber('WEBGL_MAX_TEXTURE_SIZE');
    return { tf, name: 'webgl', maxTextureSize, textures: texturesOn(maxTextureSize) };
  }
  if (wasm) setWasmPaths(wasm);
  if (wasm && (await started('wasm'))) return { tf, name: 'wasm', why: 'noWebgl' };
  return plainBackend();
}

/** The back end that always works, and has every operator. */
export async function plainBackend(why: NonNullable<Backend['why']> = 'noWasm'): Promise<Backend> {
  await started('cpu');
  return { tf, name: 'cpu', why };
}

/** Makes a back end that was started the one in use. */
export async function inUse(backend: Backend): Promise<Backend> {
  if (tf.getBackend() !== backend.name) await started(backend.name);
  return backend;
}

interface WebglBackend {
  getTextureManager(): TextureManager;
  readonly gpgpu?: { readonly gl?: WebGL2RenderingContext };
  readonly binaryCache?: { readonly [key: string]: unknown };
}

const drawingOf = ({ name }: Backend): WebGL2RenderingContext | undefined =>
  name === 'webgl' ? (tf.backend() as unknown as WebglBackend).gpgpu?.gl : undefined;

/** How many shaders have been compiled so far; 0 where there are none to compile. */
export const shadersOf = ({ name }: Backend): number =>
  name === 'webgl' ? Object.keys((tf.backend() as unknown as WebglBackend).binaryCache ?? {}).length : 0;

/** Whether the device has been lost since: whatever is asked of it now would never be answered. */
export const isLost = (backend: Backend): boolean => drawingOf(backend)?.isContextLost() ?? false;

/** Calls back when the device is lost; gives the way to stop listening. */
export function onLost(backend: Backend, listener: () => void): () => void {
  const canvas = drawingOf(backend)?.canvas;
  canvas?.addEventListener('webglcontextlost', listener);
  return () => canvas?.removeEventListener('webglcontextlost', listener);
}

/** Starts a lost back end again on a new device; what it held is gone. */
export async function restartBackend(wasm: string): Promise<Backend> {
  const factory = tf.findBackendFactory('webgl');
  try {
    tf.removeBackend('webgl');
  } catch {
    // What is left of a lost device may fail to be freed: there is nothing left to free.
  }
  tf.registerBackend('webgl', factory, 2);
  return startBackend(wasm);
}
