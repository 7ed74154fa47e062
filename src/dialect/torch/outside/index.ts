/** Other libraries' helpers that model code leans on: what stands for them where their own sources are not at hand. */
import { type ModuleValue, unknown, type Value } from '../../common/values';
import { namespace } from '../namespaces';
import { NN } from '../nn/index';
import { openmmLibrary } from './openmm';
import { detectronLibrary, INPLACE_ABN, TORCHVISION_OPS } from './others';
import { TIMM } from './timm';

const classNamed = (name: string): Value => NN[name] ?? unknown(`there is no module \`${name}\``);

const OPENMM = openmmLibrary(classNamed);
const DETECTRON = detectronLibrary(classNamed);

/** Libraries by the start of the name that they are imported by. */
const LIBRARIES: readonly (readonly [RegExp, Readonly<Record<string, Value>>])[] = [
  [/^timm(\.|$)/, TIMM],
  [/^(mmcv|mmengine|mmseg|mmdet|mmcls|mmpretrain)(\.|$)/, OPENMM],
  [/^torchvision\.(ops|models)(\.|$)/, TORCHVISION_OPS],
  [/^inplace_abn(\.|$)/, INPLACE_ABN],
  [/^(detectron2|fvcore)(\.|$)/, DETECTRON],
];

/** Parts of a library that are imported as modules. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  timm: ['models', 'layers', 'data'],
  'timm.models': ['layers', 'registry', 'vision_transformer', 'helpers'],
  mmcv: ['cnn', 'runner', 'ops', 'utils'],
  'mmcv.cnn': ['bricks'],
  mmengine: ['model'],
  torchvision: ['ops', 'models'],
  fvcore: ['nn'],
  'fvcore.nn': ['weight_init'],
  detectron2: ['layers'],
};

/** The library, where it is one of these. */
export function outsideLibrary(specifier: string): ModuleValue | undefined {
  const found = LIBRARIES.find(([start]) => start.test(specifier)) ?? (Object.hasOwn(PARTS, specifier) ? ([/^/, {}] as const) : undefined);
  if (!found) return undefined;
  const parts = (PARTS[specifier] ?? []).flatMap((part) => {
    const inner = outsideLibrary(`${specifier}.${part}`);
    return inner ? [[part, inner] as const] : [];
  });
  return namespace(specifier, { ...found[1], ...Object.fromEntries(parts) });
}

/** Helpers that files have beside them under names that mean one thing everywhere. */
const COPIED = ['nlc_to_nchw', 'nchw_to_nlc', 'to_2tuple', 'DropPath', 'trunc_normal_'];

/** What a name stands for that is imported from a file which is not there. */
export const copiedHelper = (name: string): Value | undefined => (COPIED.includes(name) ? (TIMM[name] ?? OPENMM[name]) : undefined);
