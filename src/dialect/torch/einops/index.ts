/** einops and einx, under the names they are imported by. */
import { opaqueThing } from '../../common/opaque';
import { fn, type ModuleValue } from '../../common/values';
import { namespace } from '../namespaces';
import { EINX } from './einx';
import { EINOPS, EINOPS_MANY } from './functions';
import { EINOPS_LAYERS } from './layers';
import { PACKING } from './packing';

const torch = namespace('einops.layers.torch', EINOPS_LAYERS);
const einops = namespace('einops', {
  ...EINOPS,
  ...PACKING,
  layers: namespace('einops.layers', { torch }),
  EinopsError: opaqueThing('einops.EinopsError'),
});

const LIBRARIES: Readonly<Record<string, ModuleValue>> = {
  einops,
  'einops.einops': einops,
  'einops.packing': einops,
  'einops.layers': namespace('einops.layers', { torch }),
  'einops.layers.torch': torch,
  'einops._torch_specific': namespace('einops._torch_specific', { allow_ops_in_compiled_graph: fn('allow_ops_in_compiled_graph', () => ({ kind: 'null' })) }),
  einops_exts: namespace('einops_exts', EINOPS_MANY),
  einx: namespace('einx', EINX),
};

/** The library of that name, where it is one of these. */
export const einopsLibrary = (specifier: string): ModuleValue | undefined => (Object.hasOwn(LIBRARIES, specifier) ? LIBRARIES[specifier] : undefined);
