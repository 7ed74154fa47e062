/** The functional API: one line per name, by family. */
import type { Lines } from '../line';
import { pointwise, pointwiseFunctional, pointwiseFunctions, pointwiseMethods } from './pointwise';

/** Functions that stand on `torch` itself. */
export const FUNCTIONS: Lines = { ...pointwise, ...pointwiseFunctions };

/** Methods of tensors: the tensor stands first. */
export const METHODS: Lines = { ...pointwise, ...pointwiseMethods };

/** Functions that stand on `torch.nn.functional`, beside the layers. */
export const FUNCTIONAL: Lines = { ...pointwiseFunctional };

/** Functions that stand on `torch.linalg`, `torch.fft` and the like. */
export const NAMESPACES: Readonly<Record<string, Lines>> = {};
