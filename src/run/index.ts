/** The executor: a graph, sizes and a tfjs go in, what ran comes out. */
export * from './plan';
export * from './prepare';
export * from './refusal';
export { readTensors, writeTensors } from './safetensors';
export { statisticsOf } from './statistics';
export * from './types';
