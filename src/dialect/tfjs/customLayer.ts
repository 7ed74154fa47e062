/** `tf.layers.Layer` as a base class: what its constructor, `build`, `call` and `apply` do for the user's own layers. */
import { compare, type Dim, format } from '../../dim/index';
import type { DType } from '../../ops/operator';
import type { FunctionDefinition, Span } from '../../program/types';
import {
  type Arguments,
  argument,
  asSize,
  entry,
  fn,
  type Host,
  type InstanceValue,
  isMissing,
  list,
  type NativeBase,
  type NativeValue,
  object,
  plainArguments,
  type TensorValue,
  UNDEFINED,
  UNKNOWN_SIZE,
  type Value,
} from '../common/values';
import { shapeText } from './checks';
import { initializerOf } from './initializers';
import { applyMember, shapesValue } from './layers/apply';
import { layerMember, markBuilt } from './layers/members';
import { addWeight, type Behaviour, layerState, startLayer } from './layers/state';
import { symbolicIn } from './layers/symbolic';
import { readDType } from './reading';

/** A user's layer: its own `build` and `call`. */
export const userBehaviour: Behaviour = {
  build: (self, shapes, args, host) => {
    const given = shapes.length === 1 && shapes[0] ? shapes[0] : list(shapes);
    host.call(host.member(self, 'build'), plainArguments(args.span, 'build', [given]));
  },
  call: (self, inputs, kwargs, args, host) => {
    const result = host.call(host.member(self, 'call'), plainArguments(args.span, 'call', [inputs, kwargs]));
    checkClaim(self, inputs, result, host);
    return result;
  },
  probe: (self, inputs, kwargs, args, host) => {
    host.probe(() => void host.call(host.member(self, 'call'), plainArguments(args.span, 'call', [inputs, kwargs])));
  },
};

/** The method as the user wrote it; none where it is the library's. */
function ownMethod(self: InstanceValue, name: string, host: Host): { readonly value: Value; readonly definition: FunctionDefinition } | undefined {
  const value = host.member(self, name);
  return value.kind === 'function' ? { value, definition: value.definition } : undefined;
}

/** `computeOutputShape` is a claim: tfjs believes it for symbolic tensors, and nothing holds `call` to it. */
function checkClaim(self: InstanceValue, inputs: Value, result: Value, host: Host): void {
  const method = ownMethod(self, 'computeOutputShape', host);
  const tensors = symbolicIn(inputs);
  const outputs = symbolicIn(result);
  if (method === undefined || tensors.length === 0 || outputs.length === 0 || tensors.some((tensor) => tensor.shape === null)) return;
  const claimed = host.invoke(method.value, shapesValue(tensors));
  const shapes = claimed.kind === 'list' && claimed.items.some((item) => item.kind === 'list') ? claimed.items : [claimed];
  if (shapes.length !== outputs.length) return;
  shapes.forEach((shape, index) => compareClaim(shape, outputs[index], method.definition, host));
}

function compareClaim(claimed: Value, output: TensorValue | undefined, definition: FunctionDefinition, host: Host): void {
  if (claimed.kind !== 'list' || claimed.open !== undefined || output === undefined || output.shape === null) return;
  const sizes = claimed.items.map(asSize);
  const against = sizes.flatMap((size, axis) => (size && output.shape?.[axis] ? host.against(size, output.shape[axis]) : []));
  const different = sizes.length !== output.shape.length || sizes.some((size, axis) => size !== undefined && differs(size, output.shape?.[axis], host));
  if (!different && against.length === 0) return;
  const related = against.map(({ need, span }) => ({ span, code: 'need', args: { need } }));
  const words = sizes.map((size) => (size === undefined ? 'null' : format(size))).join(', ');
  host.report({
    code: 'output-shape-claim',
    severity: 'warning',
    span: claimSpan(definition),
    args: { right: `(${words})`, left: shapeText(output.shape) },
    related,
  });
}

const differs = (claimed: Dim, size: Dim | undefined, host: Host): boolean => size !== undefined && compare(claimed, size, host.facts) === 'different';

/** The one return statement, else the method's name. */
function claimSpan(definition: FunctionDefinition): Span {
  const returns = definition.body.filter((statement) => statement.kind === 'return');
  return returns.length === 1 && returns[0] ? returns[0].span : definition.nameSpan;
}

/** The constructor takes a name from the configuration, else from the class; without either it throws. */
function checkName(self: InstanceValue, config: Value, args: Arguments, host: Host): void {
  if (self.cls === undefined || self.open !== undefined) return;
  const sure =
    isMissing(config) || (config.kind === 'dict' && config.open === undefined && config.parameter === undefined && isMissing(config.entries.get('name')));
  if (!sure || !isMissing(host.member(self.cls, 'className')) || ownMethod(self, 'getClassName', host) !== undefined) return;
  const { name, nameSpan } = self.cls.definition;
  // Where a class has no constructor of its own, the slip is the class's, wherever it is made.
  const span = args.api === 'super' ? args.span : nameSpan;
  host.report({ code: 'layer-class-name', severity: 'error', span, args: { name } });
}

function initialise(self: InstanceValue, args: Arguments, host: Host): void {
  const config = argument(args, 0);
  checkName(self, config, args, host);
  const given = isMissing(config) || config.kind === 'unknown' ? UNDEFINED : host.member(config, 'name');
  const className = self.cls?.definition.name ?? 'Layer';
  startLayer(self, { className, name: given.kind === 'string' ? given.value : className, config, behaviour: userBehaviour }, host);
}

/** `addWeight(name, shape, dtype, initializer, regularizer, trainable, constraint)`. */
const addWeightMember = (self: InstanceValue): NativeValue =>
  fn('addWeight', (args, host) => {
    checkInitializer(args, host);
    const [name, shape, dtype, initializer, , trainable] = [0, 1, 2, 3, 4, 5].map((index) => argument(args, index));
    const sizes = shape?.kind === 'shape' ? host.iterate(shape) : host.iterate(host.expect(shape ?? UNDEFINED, 'list'));
    if ('unknown' in sizes) return unknownWeight(sizes.unknown, host);
    const input = {
      name: name?.kind === 'string' ? name.value : 'weight',
      shape: sizes.map((size) => asSize(host.expect(size, 'size')) ?? UNKNOWN_SIZE),
      dtype: readDType(dtype, 'float32') as DType,
      initializer: initializerOf(initializer, 'glorotUniform'),
      trainable: isMissing(trainable) || host.truth(trainable ?? UNDEFINED) !== false,
    };
    return addWeight(self, input, args.span, host);
  });

const unknownWeight = (reason: string, host: Host): Value => ({ ...host.unknownTensor(reason), role: 'variable' });

/** tfjs calls `initializer.apply`: a name in its place, or nothing, throws. */
function checkInitializer(args: Arguments, host: Host): void {
  if (args.open !== undefined) return;
  const initializer = argument(args, 3);
  if (args.positional.length < 4) host.report({ code: 'missing-argument', severity: 'error', span: args.span, args: { api: args.api, name: 'initializer' } });
  else if (initializer.kind === 'string') {
    const wants = `tf.initializers.${initializer.value}(…)`;
    host.report({ code: 'argument-type', severity: 'error', span: args.spans[3] ?? args.span, args: { api: args.api, name: 'initializer', wants } });
  }
}

/** Methods that a user's layer inherits, and reaches by `super`. */
const INHERITED: Readonly<Record<string, (self: InstanceValue) => Value>> = {
  apply: applyMember,
  addWeight: addWeightMember,
  build: markBuilt,
  call: () => fn('call', (args) => argument(args, 0)),
  computeOutputShape: () => fn('computeOutputShape', (args) => argument(args, 0)),
  getConfig: (self) =>
    fn('getConfig', () =>
      object([
        ['name', { kind: 'string', value: layerState(self)?.name ?? '' }],
        ['trainable', { kind: 'boolean', value: true }],
      ]),
    ),
};

const LAYER_BASE: NativeBase = {
  name: 'tf.layers.Layer',
  builds: true,
  initialise,
  member: (self, name, host) => entry(INHERITED, name)?.(self) ?? layerMember(self, name, host),
};

/** `tf.layers.Layer`. */
export const Layer: NativeValue = { kind: 'native', name: 'tf.layers.Layer', base: LAYER_BASE };
