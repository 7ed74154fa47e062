/** Values of the interpretation, and what the interpreter offers to dialects. */
export * from './types';
export * from './host';
export * from './make';
export * from './keys';
