/** The functional API: one line per name, by family. */
import type { Lines } from '../line';
import { creation, creationMethods } from './creation';
import { joiningFunctions, splitting, splittingMethods } from './joining';
import { pointwise, pointwiseFunctional, pointwiseFunctions, pointwiseMethods } from './pointwise';
import { linalg, productFunctions, products } from './products';
import { reductionFunctional, reductionFunctions, reductions } from './reductions';
import { selecting, selectingFunctional, selectingFunctions } from './selecting';
import { shaping, shapingFunctions, shapingMethods } from './shaping';
import { special } from './special';
import { complexFunctions, complexNumbers, fft } from './spectral';

/** Functions that tensors have as methods too. */
const BOTH: Lines = { ...pointwise, ...reductions, ...products, ...shaping, ...splitting, ...selecting, ...complexNumbers };

/** Functions that stand on `torch` itself. */
export const FUNCTIONS: Lines = {
  ...BOTH,
  ...pointwiseFunctions,
  ...reductionFunctions,
  ...productFunctions,
  ...shapingFunctions,
  ...joiningFunctions,
  ...selectingFunctions,
  ...creation,
  ...complexFunctions,
};

/** Methods of tensors: the tensor stands first. */
export const METHODS: Lines = { ...BOTH, ...pointwiseMethods, ...shapingMethods, ...splittingMethods, ...creationMethods };

/** Functions that stand on `torch.nn.functional`, beside the layers. */
export const FUNCTIONAL: Lines = { ...pointwiseFunctional, ...reductionFunctional, ...selectingFunctional };

/** Functions that stand on `torch.linalg`, `torch.fft` and the like. */
export const NAMESPACES: Readonly<Record<string, Lines>> = { linalg, special, fft };
