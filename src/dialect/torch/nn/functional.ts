/** `torch.nn.functional`: the layers as functions, by name. */
import type { Lines } from '../line';

/** Convolutions, pools, norms, losses and the like. */
export const NN_FUNCTIONAL: Lines = {};
