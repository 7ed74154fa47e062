/** Samples of the products. */
import type { products } from '../../../src/ops/products';
import type { Sample } from '../sample';

export const productSamples: Record<keyof typeof products, Sample> = {};
