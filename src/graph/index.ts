/** The shape graph and its readers. */
export * from './attention';
export * from './bind';
export * from './cost';
export * from './example';
export * from './json';
export * from './liveness';
export * from './peak';
export * from './steps';
export * from './types';
export * from './values';
