/** `tf.layers.*`: a layer object for each kind. */
import {
  type Arguments,
  argument,
  asSize,
  fn,
  type Host,
  type InstanceValue,
  isMissing,
  type NativeObject,
  type NativeValue,
  type TensorValue,
  UNDEFINED,
  UNKNOWN_SIZE,
  type Value,
} from '../../common/values';
import { isActivation } from './activations';
import { applyLayer, inputsAlike, inputTensors } from './apply';
import { type LayerCall, type LayerKind, layerCall, Undecided } from './kind';
import { layerMember, weightMember } from './members';
import { type Behaviour, layerState, newState } from './state';

/** Runs `body`; a setting that is not known makes the result unknown. */
function whereDecided(host: Host, from: readonly TensorValue[], body: () => Value): Value {
  try {
    return body();
  } catch (problem) {
    if (problem instanceof Undecided) return host.unknownTensor(problem.reason, from);
    throw problem;
  }
}

const configOf = (self: InstanceValue): Value => layerState(self)?.config ?? UNDEFINED;

/** Tells the rank that the layer takes, and reports one that it does not. */
function checkRank({ host, args }: LayerCall, kind: LayerKind, inputs: readonly TensorValue[]): void {
  for (const [index, input] of inputs.entries()) {
    const exact = index > 0 ? (kind.furtherRank ?? kind.rank) : kind.rank;
    if (input.shape === null) {
      if (exact !== undefined) host.tellRank(input, exact, 'exactly');
      else if (kind.least !== undefined) host.tellRank(input, kind.least, 'at least');
      continue;
    }
    const rank = input.shape.length;
    if ((exact !== undefined && rank !== exact) || (kind.least !== undefined && rank < kind.least)) {
      const wants = exact ?? `at least ${kind.least}`;
      host.report({ code: 'layer-rank', severity: 'error', span: args.span, args: { api: args.api, layer: kind.className, wants, rank } });
      throw new Undecided(`${kind.className} takes rank ${wants}, and is given rank ${rank}`);
    }
  }
}

/** What one of tfjs's own layers does. */
export function behaviourOf(kind: LayerKind): Behaviour {
  return {
    build: (self, shapes, args, host) => {
      const call = layerCall(self, configOf(self), UNDEFINED, args, host);
      if (shapes.some((shape) => shape.kind !== 'list')) return;
      const known = shapes.map((shape) => (shape.kind === 'list' ? shape.items.map((item) => asSize(item) ?? UNKNOWN_SIZE) : []));
      try {
        kind.build?.(call, known);
      } catch (problem) {
        if (!(problem instanceof Undecided)) throw problem;
      }
    },
    call: (self, inputs, kwargs, args, host) => {
      const call = layerCall(self, configOf(self), kwargs, args, host);
      const alike = inputsAlike(inputs);
      if (alike && kind.callAlike) return whereDecided(host, [alike.input], () => kind.callAlike?.(call, alike.input, alike.times) ?? UNDEFINED);
      const tensors = inputTensors(inputs, host);
      if (typeof tensors === 'string') return host.unknownTensor(tensors);
      return whereDecided(host, tensors, () => {
        checkRank(call, kind, tensors);
        return kind.call(call, tensors);
      });
    },
  };
}

/** The factory's name in snake case, as tfjs names its layers. */
const snake = (name: string): string =>
  name
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();

/** A setting of the configuration, or what tfjs keeps under its name. */
const nativeLayer = (kind: LayerKind): NativeObject => ({
  builds: true,
  name: kind.className,
  member: (self, name, host) => layerMember(self, name, host) ?? weightMember(self, name) ?? configMember(self, name, host),
});

function configMember(self: InstanceValue, name: string, host: Host): Value | undefined {
  const config = configOf(self);
  if (config.kind !== 'dict' || !config.entries.has(name)) return undefined;
  return host.member(config, name);
}

/** A name that tfjs does not know throws when the layer is made. */
function checkActivation(config: Value, args: Arguments, host: Host): void {
  const activation = config.kind === 'dict' ? config.entries.get('activation') : undefined;
  if (activation?.kind === 'string' && !isActivation(activation.value)) {
    host.report({ code: 'activation', severity: 'error', span: args.span, args: { api: args.api, name: activation.value } });
  }
}

/** A layer object of the kind. */
export function makeLayer(kind: LayerKind, config: Value, host: Host): InstanceValue {
  const name = isMissing(config) ? UNDEFINED : host.member(config, 'name');
  return {
    kind: 'instance',
    native: nativeLayer(kind),
    members: new Map(),
    state: newState({ className: kind.className, name: name.kind === 'string' ? name.value : snake(kind.className), config, behaviour: behaviourOf(kind) }),
  };
}

/** `tf.layers.dense(config)`; a merging factory that is given an array applies itself at once. */
export function layerFactory(name: string, kind: LayerKind): NativeValue {
  return fn(name, (args, host) => {
    const config = argument(args, 0);
    if (config.kind === 'list') return applyLayer(makeLayer(kind, UNDEFINED, host), config, UNDEFINED, args, host);
    checkActivation(config, args, host);
    return makeLayer(kind, config, host);
  });
}
