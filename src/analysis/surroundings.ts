/** Which libraries and built-ins a language's files see. */
import { javascriptGlobals, javascriptMember } from '../dialect/javascript/index';
import { pythonDecorated, pythonGlobals, pythonLibrary, pythonMember, pythonOperation } from '../dialect/python/index';
import { globalTf, modelOutputs, moduleFor, partsOf, tensorMember, within } from '../dialect/tfjs/module';
import * as torch from '../dialect/torch/module';
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
    countsReferences: false,
    axisNames: { 0: [], 1: ['n'], 2: ['n', 'c'], 3: ['b', 'n', 'c'], 4: ['b', 'h', 'w', 'c'], 5: ['b', 't', 'h', 'w', 'c'] },
  },
};

const PYTHON: Surroundings = {
  runtime: 'torch',
  library: (specifier) => torch.torchLibrary(specifier) ?? pythonLibrary(specifier),
  within: () => undefined,
  global: (name) => pythonGlobals.get(name),
  modelOutputs: () => undefined,
  partsOf: torch.partsOf,
  stateOf: torch.stateOf,
  settle: torch.settle,
  copied: torch.copiedHelper,
  tensorMember: torch.tensorMember,
  builtinMember: pythonMember,
  tensorOperation: torch.tensorOperation,
  writtenInPlace: torch.writtenInPlace,
  tensorItem: torch.tensorItem,
  setTensorItem: torch.setTensorItem,
  setTensorMember: torch.setTensorMember,
  builtinOperation: pythonOperation,
  decorated: pythonDecorated,
  ways: {
    emptyIsFalse: true,
    countsFromEnd: true,
    unpacksWhole: true,
    blocksAreScopes: false,
    objectsSeeStatics: true,
    mappingsGiveKeys: true,
    floorsRemainders: true,
    changesInPlace: true,
    countsReferences: true,
    axisNames: { 0: [], 1: ['n'], 2: ['b', 'c'], 3: ['b', 'n', 'c'], 4: ['b', 'c', 'h', 'w'], 5: ['b', 'c', 't', 'h', 'w'] },
  },
};

const SURROUNDINGS: Readonly<Record<LanguageId, Surroundings>> = { typescript: TYPESCRIPT, python: PYTHON };

/** The surroundings of a language's files. */
export const surroundingsOf = (language: LanguageId): Surroundings => SURROUNDINGS[language];
