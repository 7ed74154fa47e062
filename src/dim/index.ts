/** Symbolic integers. This file is the room's door: other rooms import from here alone. */

export * from './compare';
export * from './dim';
export * from './facts';
export * from './real';
export * from './text';
