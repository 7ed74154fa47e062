/** Products: matrix products and their relatives. */
import type { Operator } from './operator';

export const products = {} satisfies Record<string, Operator>;
