/** The weights of a module that ran, under the names that its graph gives them: matched in the order of making. */
import type { GraphNode } from '../../src/graph/index';
import type { PlannedTensor } from '../../src/run/index';
import type { TensorData } from '../../src/run/types';
import type { Weight } from '../recorder/types';

/** A parameter of the graph and the weight that it is. */
export interface Match {
  readonly parameter: PlannedTensor;
  readonly weight: Weight;
}

export const asData = (shape: readonly number[], dtype: string, data: readonly number[]): TensorData => {
  if (dtype === 'int32') return { shape, dtype, data: Int32Array.from(data) };
  return dtype === 'bool' ? { shape, dtype, data: Uint8Array.from(data) } : { shape, dtype: 'float32', data: Float32Array.from(data) };
};

const tail = (name: string): string => (name.split(/[./]/).at(-1) ?? '').replace(/_\d+$/, '').toLowerCase();

const fits = (parameter: PlannedTensor, weight: Weight): boolean => JSON.stringify(parameter.shape) === JSON.stringify(weight.shape);

/** Shapes have to agree; a name that agrees too decides between weights of one shape. */
const score = (parameter: PlannedTensor, weight: Weight): number => (fits(parameter, weight) ? 2 + Number(tail(parameter.name) === tail(weight.name)) : 0);

/**
 * The best matching that keeps the order of making on both sides: weights that the run does not need may be left out, parameters may not.
 * Undefined where a parameter has no weight.
 */
export function matchWeights(parameters: readonly PlannedTensor[], weights: readonly Weight[]): readonly Match[] | undefined {
  const ordered = [...parameters].sort((a, b) => a.node.id - b.node.id);
  const best: number[][] = Array.from({ length: ordered.length + 1 }, () => Array.from({ length: weights.length + 1 }, () => 0));
  for (let at = ordered.length - 1; at >= 0; at -= 1) {
    const row = best[at] as number[];
    row.fill(Number.NEGATIVE_INFINITY);
    for (let other = weights.length - 1; other >= 0; other -= 1) {
      const value = score(ordered[at] as PlannedTensor, weights[other] as Weight);
      const taken = value > 0 ? value + (best[at + 1]?.[other + 1] ?? 0) : Number.NEGATIVE_INFINITY;
      row[other] = Math.max(taken, row[other + 1] ?? 0);
    }
  }
  if (best[0]?.[0] === Number.NEGATIVE_INFINITY) return undefined;
  const matches: Match[] = [];
  for (let [at, other] = [0, 0]; at < ordered.length; other += 1) {
    const [parameter, weight] = [ordered[at] as PlannedTensor, weights[other] as Weight];
    if (best[at]?.[other] === best[at]?.[other + 1]) continue;
    matches.push({ parameter, weight });
    at += 1;
  }
  return matches;
}

/** The state names of a graph's parameters. */
export const stateName = (node: GraphNode): string => String(node.attributes.name);
