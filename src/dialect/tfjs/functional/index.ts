/** The functional API: one line per name, by family. */
import type { Lines } from '../line';
import { convolutions } from './convolutions';
import { creation, signal } from './creation';
import { elementwise } from './elementwise';
import { image } from './images';
import { indexing } from './indexing';
import { losses } from './losses';
import { fused, normalisation } from './normalisation';
import { browser, math, others, sparse, spectral } from './others';
import { linalg, products } from './products';
import { reductions } from './reductions';
import { shaping } from './shaping';

/** Functions that stand on `tf` itself. */
export const FUNCTIONS: Lines = {
  ...elementwise,
  ...reductions,
  ...products,
  ...convolutions,
  ...shaping,
  ...indexing,
  ...creation,
  ...normalisation,
  ...others,
};

/** Functions that stand on `tf.linalg`, `tf.image` and the like. */
export const NAMESPACES: Readonly<Record<string, Lines>> = { linalg, image, losses, signal, spectral, sparse, math, browser };

/** `tf.fused`: functions of one object of options. */
export const FUSED: Lines = fused;
