/** Symbolic integers. This file is the room's door: other rooms import from here alone. */
export * from './dim';
export * from './facts';
export * from './compare';
export * from './text';
export * from './real';
