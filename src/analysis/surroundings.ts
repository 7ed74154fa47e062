/** Which libraries and built-ins a language's files see. */
import { javascriptGlobals, javascriptMember } from '../dialect/javascript/index';
import { globalTf, modelOutputs, moduleFor, partsOf, tensorMember, within } from '../dialect/tfjs/module';
import type { Surroundings } from '../interpret/index';
import type { LanguageId } from '../program/types';

const TYPESCRIPT: Surroundings = {
  runtime: 'tfjs',
  library: moduleFor,
  within,
  global: (name) => (name === 'tf' ? globalTf : javascriptGlobals.get(name)),
  modelOutputs,
  partsOf,
  tensorMember,
  builtinMember: javascriptMember,
  ways: { emptyIsFalse: false, countsFromEnd: false, unpacksWhole: false },
};

/** The surroundings of a language's files. */
export const surroundingsOf = (_language: LanguageId): Surroundings => TYPESCRIPT;
