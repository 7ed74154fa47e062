/** The interpreter's door. */

export { type Assumption, guessedInputs } from './assumed';
export { type Birth, bornAt } from './born';
export { type EntryRequest, type EntryTarget, type Holder, type Reading, readModule } from './entry';
export type { Held, Mention } from './mentions';
export type { Bindings, InputBinding, Program, Surroundings } from './run';
