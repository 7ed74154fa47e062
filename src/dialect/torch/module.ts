/** The libraries under the names they are imported by. */
import type { ModuleValue, Value } from '../common/values';
import { DTYPE_VALUES } from './dtypes';
import { einopsLibrary } from './einops/index';
import { ENVIRONMENT } from './environment';
import { FUNCTIONAL, FUNCTIONS, NAMESPACES } from './functional/index';
import { NN_UTILITIES } from './helpers';
import { IN_PLACE_FUNCTIONS } from './inPlace';
import { functionsOf } from './line';
import { membersOf, namespace, opaqueNamespace } from './namespaces';
import { NN_FUNCTIONAL, TORCH_LAYERS } from './nn/functional';
import { NN, NN_FILES } from './nn/index';
import { INIT } from './nn/init';
import { outsideLibrary } from './outside/index';
import { TENSOR_CLASSES } from './tensorClasses';

export { setTensorItem, tensorItem } from './indexing';
export { writtenInPlace } from './inPlace';
export { partsOf, settle, stateOf } from './nn/index';
export { tensorOperation } from './operations';
export { copiedHelper } from './outside/index';
export { setTensorMember, tensorMember } from './tensor';

const functional = namespace('torch.nn.functional', functionsOf('F', { ...FUNCTIONAL, ...NN_FUNCTIONAL }));
const nn = namespace('torch.nn', { functional, init: INIT, utils: NN_UTILITIES, ...NN_FILES, ...NN });

const spaces = Object.fromEntries(
  Object.entries(NAMESPACES).map(([name, lines]) => [name, namespace(`torch.${name}`, functionsOf(`torch.${name}`, lines))] as const),
);

const TORCH: Readonly<Record<string, Value>> = {
  ...functionsOf('torch', IN_PLACE_FUNCTIONS),
  ...functionsOf('torch', { ...TORCH_LAYERS, ...FUNCTIONS }),
  ...DTYPE_VALUES,
  ...ENVIRONMENT,
  ...TENSOR_CLASSES,
  ...spaces,
  nn,
};

const torch = namespace('torch', TORCH);

/** Namespaces in a namespace, by their own names. */
function within(value: Value): readonly (readonly [string, ModuleValue])[] {
  if (value.kind !== 'module') return [];
  const members = membersOf(value);
  return [[value.name, value], ...Object.values(members).flatMap(within)];
}

const MODULES: ReadonlyMap<string, ModuleValue> = new Map(within(torch));

/** The library, where it is imported under this name: torch and its parts, einops, and helpers that model code leans on. */
export function torchLibrary(specifier: string): ModuleValue | undefined {
  if (specifier !== 'torch' && !specifier.startsWith('torch.')) return einopsLibrary(specifier) ?? outsideLibrary(specifier);
  return MODULES.get(specifier) ?? opaqueNamespace(specifier);
}
