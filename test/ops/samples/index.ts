/** Every operator's samples: one that is missing here is a type error, and fails the tests. */
import type { OperatorName } from '../../../src/ops/table';
import type { Sample } from '../sample';
import { binarySamples, selectionSamples, unarySamples } from './elementwise';
import { productSamples } from './products';

export const samples: Record<OperatorName, Sample> = {
  ...productSamples,
  ...unarySamples,
  ...binarySamples,
  ...selectionSamples,
};
