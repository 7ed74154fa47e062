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
  ways: {
    emptyIsFalse: false,
    countsFromEnd: false,
    unpacksWhole: false,
    blocksAreScopes: true,
    objectsSeeStatics: false,
    mappingsGiveKeys: false,
    floorsRemainders: false,
    changesInPlace: false,
    axisNames: { 0: [], 1: ['n'], 2: ['n', 'c'], 3: ['b', 'n', 'c'], 4: ['b', 'h', 'w', 'c'], 5: ['b', 't', 'h', 'w', 'c'] },
  },
};

/** The surroundings of a language's files. */
export const surroundingsOf = (_language: LanguageId): Surroundings => TYPESCRIPT;
