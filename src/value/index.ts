/** Values of the interpretation, and what the interpreter offers to dialects. */

export * from './host';
export * from './keys';
export * from './make';
export * from './types';
