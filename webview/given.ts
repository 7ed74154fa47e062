/** Weights that were loaded from a file, as long as their block is the one that is shown. */
import type { WeightsFile } from '../src/protocol/messages';
import { readTensors } from '../src/run/safetensors';
import type { NamedTensors } from '../src/run/types';
import type { Block } from './view';
import { sayRefusal } from './words';

interface Given {
  readonly name: string;
  readonly tensors: NamedTensors;
}

export interface GivenWeights {
  /** Takes what the host sends: undefined where it is read, else why it is not. */
  take(file: WeightsFile): string | undefined;
  /** What was given for a block. */
  of(block: Block | undefined): Given | undefined;
  drop(): void;
}

/** None to begin with. */
export function givenWeights(): GivenWeights {
  let given: { readonly for: string; readonly weights: Given } | undefined;
  const keyOf = (file: string, module: string): string => `${file}\n${module}`;
  return {
    take({ file, module, name, bytes, problem }) {
      if (!bytes) return problem ?? '';
      const read = readTensors(bytes, name);
      if ('refusal' in read) return sayRefusal(read.refusal);
      given = { for: keyOf(file, module), weights: { name, tensors: read.tensors } };
      return undefined;
    },
    of: (block) => (block && given?.for === keyOf(block.file, block.graph.name) ? given.weights : undefined),
    drop() {
      given = undefined;
    },
  };
}
