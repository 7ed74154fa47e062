export * from './baseLayer.js';
export { MultiHead as default, MultiHead } from './multiHead.js';
export * as helpers from './helpers';
