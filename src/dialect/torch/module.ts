/** The libraries under the names they are imported by. */
import type { ModuleValue, Value } from '../common/values';
import { DTYPE_VALUES } from './dtypes';
import { einopsLibrary } from './einops/index';
import { FUNCTIONAL, FUNCTIONS, NAMESPACES } from './functional/index';
import { functionsOf } from './line';
import { namespace, opaqueNamespace } from './namespaces';
import { NN_FUNCTIONAL } from './nn/functional';
import { NN } from './nn/index';

export { setTensorItem, tensorItem } from './indexing';
export { tensorOperation } from './operations';
export { tensorMember } from './tensor';

const functional = namespace('torch.nn.functional', functionsOf('F', { ...FUNCTIONAL, ...NN_FUNCTIONAL }));
const nn = namespace('torch.nn', { functional, ...NN });

const TORCH: Readonly<Record<string, Value>> = {
  ...functionsOf('torch', FUNCTIONS),
  ...DTYPE_VALUES,
  ...Object.fromEntries(Object.entries(NAMESPACES).map(([name, lines]) => [name, namespace(`torch.${name}`, functionsOf(`torch.${name}`, lines))])),
  nn,
};

const torch = namespace('torch', TORCH);

const MODULES: ReadonlyMap<string, ModuleValue> = new Map(
  [torch, nn, functional, ...Object.values(TORCH)].flatMap((value) => (value.kind === 'module' ? [[value.name, value] as const] : [])),
);

/** The library, where it is imported under this name: torch and its parts, einops, and helpers that model code leans on. */
export function torchLibrary(specifier: string): ModuleValue | undefined {
  if (specifier === 'torch' || specifier.startsWith('torch.')) return MODULES.get(specifier) ?? opaqueNamespace(specifier);
  return einopsLibrary(specifier);
}
