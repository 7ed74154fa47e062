/** `torch.nn`: the classes under their names. */
import type { NativeValue, Value } from '../../common/values';
import { TUPLES } from '../helpers';
import { namespace } from '../namespaces';
import { ACTIVATION_KINDS } from './activating';
import { ATTENTION_KINDS } from './attending';
import { CONTAINERS } from './containers';
import { CONVOLUTION_KINDS } from './convolving';
import { EMBEDDING_KINDS, TABLE_KINDS } from './embedding';
import { type ModuleKind, registerLibrary } from './kind';
import { type Behaviour, libraryClass, moduleBehaviour } from './library';
import { LINEAR_KINDS } from './linear';
import { LOSS_KINDS } from './losses';
import { Module } from './module';
import { NORM_KINDS } from './norms';
import { Buffer, Parameter } from './parameter';
import { POOLING_KINDS } from './pooling';
import { tableClass } from './pretrained';
import { RECURRENT_KINDS } from './recurring';
import { TRANSFORMER_KINDS } from './transformer';

export { partsOf } from './containers';
export { deepCopy } from './copying';
export { settle } from './members';
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

/** Classes that others descend from: they are tested for, seldom extended. */
const ABSTRACT = '_ConvNd _ConvTransposeNd _BatchNorm _NormBase _InstanceNorm _LazyNormBase _DropoutNd _Loss _WeightedLoss RNNBase'.split(' ');

const abstract = classes(Object.fromEntries(ABSTRACT.map((name) => [name, moduleBehaviour(`torch.nn.${name}`, { signature: '*args, **' })])));

/** The names of `torch.nn`. */
export const NN: Readonly<Record<string, Value>> = {
  Module,
  Parameter,
  Buffer,
  ...classes(CONTAINERS),
  ...classes(Object.fromEntries(Object.entries(MODULE_KINDS).map(([name, kind]) => [name, moduleBehaviour(`torch.nn.${name}`, kind)]))),
  ...Object.fromEntries(Object.entries(TABLE_KINDS).map(([name, kind]) => [name, tableClass(moduleBehaviour(`torch.nn.${name}`, kind))])),
};

registerLibrary(NN);

/** Files of `torch.nn.modules`, as attributes of it. */
const FILES =
  'activation adaptive batchnorm channelshuffle container conv distance dropout flatten fold instancenorm lazy linear loss module normalization padding pixelshuffle pooling rnn sparse transformer upsampling utils'.split(
    ' ',
  );

const FILE_NAMES = { ...NN, ...abstract, ...TUPLES };

/** Namespaces in `torch.nn`: `nn.modules.batchnorm._BatchNorm`, `nn.parameter.Parameter`. */
export const NN_FILES: Readonly<Record<string, Value>> = {
  modules: namespace('torch.nn.modules', {
    ...FILE_NAMES,
    ...Object.fromEntries(FILES.map((file) => [file, namespace(`torch.nn.modules.${file}`, FILE_NAMES)])),
  }),
  parameter: namespace('torch.nn.parameter', { Parameter, Buffer, UninitializedParameter: Parameter, UninitializedBuffer: Buffer }),
};
