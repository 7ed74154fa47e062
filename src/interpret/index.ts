/** The interpreter's door. */

export { type Assumption, guessedInputs } from './entry/assumed';
export { readModule } from './entry/entry';
export { type EntryRequest, type EntryTarget, FORWARDS, type Holder, type Reading } from './entry/request';
export { type Birth, bornAt } from './judging/born';
export { isFinding } from './learning/fitness';
export type { Held, Mention } from './learning/mentions';
export type { Bindings, InputBinding, Program, Surroundings } from './run';
