/** What a block costs under a setting, along a sweep of sizes, and within a limit of memory. */
export { curveOf } from './curve';
export { largestOf } from './largest';
export { type Growing, growingOf, symbolNamed } from './meaning';
export { AS_WRITTEN, priceOf, whyUnpriced } from './price';
