/** The interpreter's door. */

export { type Assumption, guessedInputs } from './entry/assumed';
export { type EntryRequest, type EntryTarget, type Holder, type Reading, readModule } from './entry/entry';
export { type Birth, bornAt } from './judging/born';
export type { Held, Mention } from './learning/mentions';
export type { Bindings, InputBinding, Program, Surroundings } from './run';
