/** `torch.nn`: the classes under their names. */
import type { NativeValue, Value } from '../../common/values';
import { ACTIVATION_KINDS } from './activating';
import { ATTENTION_KINDS } from './attending';
import { CONTAINERS } from './containers';
import { CONVOLUTION_KINDS } from './convolving';
import { EMBEDDING_KINDS } from './embedding';
import { type ModuleKind, registerLibrary } from './kind';
import { type Behaviour, libraryClass, moduleBehaviour } from './library';
import { LINEAR_KINDS } from './linear';
import { LOSS_KINDS } from './losses';
import { Module } from './module';
import { NORM_KINDS } from './norms';
import { Buffer, Parameter } from './parameter';
import { POOLING_KINDS } from './pooling';
import { RECURRENT_KINDS } from './recurring';
import { isModule } from './state';
import { TRANSFORMER_KINDS } from './transformer';

export { partsOf } from './containers';
export { deepCopy } from './copying';
export { stateDictOf, stateOf } from './state';

/** Every module of the library by its class's name. */
export const MODULE_KINDS: Readonly<Record<string, ModuleKind>> = {
  ...LINEAR_KINDS,
  ...CONVOLUTION_KINDS,
  ...NORM_KINDS,
  ...ACTIVATION_KINDS,
  ...POOLING_KINDS,
  ...EMBEDDING_KINDS,
  ...ATTENTION_KINDS,
  ...LOSS_KINDS,
  ...RECURRENT_KINDS,
  ...TRANSFORMER_KINDS,
};

const classes = (behaviours: Readonly<Record<string, Behaviour>>): Record<string, NativeValue> =>
  Object.fromEntries(Object.entries(behaviours).map(([name, behaviour]) => [name, libraryClass(behaviour)]));

/** The names of `torch.nn`. */
export const NN: Readonly<Record<string, Value>> = {
  Module,
  Parameter,
  Buffer,
  ...classes(CONTAINERS),
  ...classes(Object.fromEntries(Object.entries(MODULE_KINDS).map(([name, kind]) => [name, moduleBehaviour(`torch.nn.${name}`, kind)]))),
};

registerLibrary(NN);

/** Whether the value is an object of the class; undefined where the class is none of the library's. */
export function isInstanceOf(value: Value, cls: NativeValue): boolean | undefined {
  if (cls === Module) return isModule(value);
  if (cls.base === undefined || value.kind !== 'instance') return undefined;
  if (value.native !== undefined) return value.native === cls.base;
  return undefined;
}
