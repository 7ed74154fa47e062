/** The interpreter's door. */
export { readModule, type EntryRequest, type EntryTarget, type Reading } from './entry';
export type { Bindings, InputBinding, Program, Surroundings } from './run';
export type { Held, Mention } from './mentions';
export { bornAt, type Birth } from './born';
