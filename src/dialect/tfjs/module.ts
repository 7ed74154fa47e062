/** The library under the names it is imported by. */

import { opaqueClass, opaqueThing } from '../common/opaque';
import { argument, entry, fn, type ModuleValue, type NativeValue, native, noEffect, number, object, unknown, type Value } from '../common/values';
import { Layer } from './customLayer';
import { ENVIRONMENT, optimizer } from './environment';
import { FUNCTIONS, FUSED, NAMESPACES } from './functional/index';
import { INITIALIZERS } from './initializers';
import { LAYER_FACTORIES } from './layers/index';
import { callLine, type Line, type Lines, lineFunction } from './line';
import { input, model, sequential } from './model';
import { namedWithin } from './named';
import { utility } from './utilities';

export { modelOutputs, partsOf } from './model';
export { tensorMember } from './tensor';

/** A function that takes one object: its fields are the arguments. */
const ofOptions = (name: string, line: Line): NativeValue =>
  fn(name, (args, host) => {
    const options = argument(args, 0);
    if (options.kind !== 'dict' || options.open !== undefined)
      return host.unknownTensor(options.kind === 'unknown' ? options.reason : 'the options are not known');
    return callLine(line, { ...args, positional: [], spans: [], named: options.entries }, host);
  });

/** A namespace: names that it has, and for all others a value that says there is no rule. */
function namespace(name: string, members: Readonly<Record<string, Value>>, rest?: (member: string) => Value): ModuleValue {
  return { kind: 'module', name, get: (member) => entry(members, member) ?? rest?.(member) ?? opaqueThing(`${name}.${member}`) };
}

const functions = (prefix: string, lines: Lines): Record<string, Value> =>
  Object.fromEntries(Object.entries(lines).map(([name, line]) => [name, lineFunction(`${prefix}.${name}`, line)]));

/** Classes that are tested for by `instanceof`, or extended. */
const CLASSES: Readonly<Record<string, Value>> = Object.fromEntries(
  [
    'Tensor',
    'Variable',
    'SymbolicTensor',
    'LayerVariable',
    'TensorBuffer',
    'LayersModel',
    'Sequential',
    'GraphModel',
    'Optimizer',
    'Callback',
    'CustomCallback',
    'InputSpec',
    'RNN',
  ].map((name) => [name, opaqueClass(`tf.${name}`)]),
);

const loadModel = (name: string): NativeValue => native(name, () => unknown('a loaded model is not known to the source'));

const layers = namespace('tf.layers', { ...LAYER_FACTORIES, input, Layer, RNN: opaqueClass('tf.layers.RNN'), RNNCell: opaqueClass('tf.layers.RNNCell') });

const optimizers: Record<string, Value> = Object.fromEntries(
  ['sgd', 'momentum', 'adagrad', 'adadelta', 'adam', 'adamax', 'rmsprop'].map((name) => [name, fn(`tf.train.${name}`, () => optimizer(`tf.train.${name}`))]),
);

const serialization = namespace('tf.serialization', {
  registerClass: noEffect('registerClass'),
  Serializable: opaqueClass('tf.serialization.Serializable'),
});

const opaqueNamespace = (name: string): ModuleValue => namespace(`tf.${name}`, {});

const MEMBERS: Readonly<Record<string, Value>> = {
  ...functions('tf', FUNCTIONS),
  ...ENVIRONMENT,
  ...CLASSES,
  ...Object.fromEntries(Object.entries(NAMESPACES).map(([name, lines]) => [name, namespace(`tf.${name}`, functions(`tf.${name}`, lines))])),
  fused: namespace('tf.fused', Object.fromEntries(Object.entries(FUSED).map(([name, line]) => [name, ofOptions(`tf.fused.${name}`, line)]))),
  layers,
  Layer,
  input,
  model,
  sequential,
  loadLayersModel: loadModel('tf.loadLayersModel'),
  loadGraphModel: loadModel('tf.loadGraphModel'),
  initializers: namespace('tf.initializers', { ...INITIALIZERS, Initializer: opaqueClass('tf.initializers.Initializer') }),
  regularizers: opaqueNamespace('regularizers'),
  constraints: namespace('tf.constraints', { Constraint: opaqueClass('tf.constraints.Constraint') }),
  train: namespace('tf.train', { ...optimizers, Optimizer: opaqueClass('tf.train.Optimizer') }),
  serialization,
  registerClass: noEffect('registerClass'),
  util: namespace('tf.util', {}, utility),
  data: opaqueNamespace('data'),
  io: opaqueNamespace('io'),
  callbacks: opaqueNamespace('callbacks'),
  metrics: opaqueNamespace('metrics'),
  Reduction: object([
    ['NONE', number(0)],
    ['MEAN', number(1)],
    ['SUM', number(2)],
    ['SUM_BY_NONZERO_WEIGHTS', number(3)],
  ]),
};

const TF: ModuleValue = {
  kind: 'module',
  name: 'tf',
  get: (name) => entry(MEMBERS, name) ?? (name === 'default' || name === '__esModule' ? TF : opaqueThing(`tf.${name}`)),
};

/** The library where a page loads it by a script tag: the name `tf`. */
export const globalTf: Value = TF;

const SPECIFIER = /^@tensorflow\/tfjs(?:-(?:node|node-gpu|core|layers|react-native|data|converter|backend-[a-z]+))?(?:\/.*)?$/;

/** The library, where it is imported under this name: the union package, its parts, and files within them. */
export const moduleFor = (specifier: string): ModuleValue | undefined => (SPECIFIER.test(specifier) ? TF : undefined);

/** Where tfjs's own source is what is read, its machinery is still modelled here, not followed: the base class of layers, what is looked up by name. */
export const within = (packageName: string, name: string): Value | undefined =>
  SPECIFIER.test(packageName) ? (name === 'Layer' ? Layer : namedWithin(name)) : undefined;
