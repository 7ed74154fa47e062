/** A module's weights: every variable that can be reached from it, by its path. */
import type * as Tf from '@tensorflow/tfjs';
import { isLayer, isModel } from './entry';
import { isSymbolic, isTensor } from './held';
import type { Weight } from './types';

interface Found {
  /** Grows with each variable that is made. */
  readonly order: number;
  readonly path: string;
  readonly name: string;
  read(): Tf.Tensor;
  write(value: Tf.Tensor): void;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const isLayerVariable = (value: Record<string, unknown>): boolean =>
  typeof value.read === 'function' && typeof value.write === 'function' && 'originalName' in value;

const isVariable = (value: Record<string, unknown>): boolean => isTensor(value) && typeof (value as { assign?: unknown }).assign === 'function';

const join = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

/** The variables under a value, each once, in the order in which they were made. */
export function findWeights(module: unknown): Found[] {
  const seen = new Set<unknown>();
  const found: Found[] = [];
  const known = new Set<unknown>();

  const add = (value: Record<string, unknown>, path: string) => {
    if (isLayerVariable(value)) {
      const variable = value as unknown as Tf.LayerVariable;
      const kept = (value as unknown as { val: Tf.Variable }).val;
      known.add(kept);
      found.push({ order: kept.id, path, name: variable.originalName, read: () => variable.read(), write: (next) => variable.write(next) });
    } else {
      const variable = value as unknown as Tf.Variable;
      if (known.has(variable)) return;
      known.add(variable);
      found.push({ order: variable.id, path, name: variable.name, read: () => variable, write: (next) => variable.assign(next) });
    }
  };

  const walk = (value: unknown, path: string, depth: number) => {
    if (!isObject(value) || seen.has(value) || depth > 12) return;
    seen.add(value);
    if (isLayerVariable(value) || isVariable(value)) return add(value, path);
    if (isTensor(value) || isSymbolic(value) || ArrayBuffer.isView(value)) return;
    if (isModel(value)) {
      for (const layer of value.layers) walk(layer, join(path, layer.name), depth + 1);
      return;
    }
    if (value instanceof Map) return [...value].forEach(([key, item]) => walk(item, join(path, String(key)), depth + 1));
    const entries = Object.entries(value).filter(([key]) => !SKIPPED.has(key));
    for (const [key, item] of entries) walk(item, join(path, key), depth + 1);
    if (isLayer(value)) value.weights.forEach((item) => walk(item, join(path, item.originalName.split('/').at(-1) ?? ''), depth + 1));
  };
  walk(module, '', 0);
  return found.sort((a, b) => a.order - b.order);
}

/** Fields of tfjs's layers that lead back into the graph of a model, or hold what is found under its own name. */
const SKIPPED = new Set(['inboundNodes', 'outboundNodes', '_trainableWeights', '_nonTrainableWeights']);

/** Moves every weight; what has to be positive stays so. */
export function moveWeights(tf: typeof Tf, module: unknown, seed: number): void {
  tf.tidy(() => {
    findWeights(module).forEach((weight, index) => {
      const value = weight.read();
      if (value.dtype !== 'float32') return;
      const noise = tf.randomNormal(value.shape, 0, 0.3, 'float32', seed + index);
      const moved = value.add(noise);
      weight.write(/variance/i.test(weight.name) ? moved.abs().add(0.5) : moved);
    });
  });
}

/** The weights as data. */
export function dumpWeights(module: unknown): Weight[] {
  return findWeights(module).map(({ path, name, read }) => {
    const value = read();
    return { path, name, shape: [...value.shape], dtype: value.dtype, data: Array.from(value.dataSync() as ArrayLike<number>, Number) };
  });
}
