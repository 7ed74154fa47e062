/** `layer.apply(x)`: build where that has not happened, call, and keep what came of it. */
import type { Dim } from '../../../dim/index';
import {
  type Arguments,
  fn,
  type Host,
  type InstanceValue,
  isMissing,
  list,
  object,
  shapeValue,
  type TensorValue,
  unknown,
  type Value,
} from '../../common/values';
import { repeats } from '../binder';
import { changeLayer, layerState } from './state';
import { plainValue, symbolicIn, symbolicResult } from './symbolic';

/** The tensors that a layer is given, or why they are not known. */
export function inputTensors(value: Value, host: Host): readonly TensorValue[] | string {
  const given = value.kind === 'unknown' ? host.expect(value, 'tensor') : value;
  if (given.kind === 'tensor') return [given];
  const items = given.kind === 'list' ? host.iterate(given) : { unknown: given.kind === 'unknown' ? given.reason : 'the layer is given no tensor' };
  if ('unknown' in items) return items.unknown;
  const tensors = items.map((item) => host.expect(item, 'tensor'));
  const other = tensors.find((item) => item.kind !== 'tensor');
  return other === undefined ? (tensors as TensorValue[]) : other.kind === 'unknown' ? other.reason : 'an input of the layer is no tensor';
}

/** The one tensor that stands for a symbolic number of inputs alike. */
export function inputsAlike(value: Value): { readonly input: TensorValue; readonly times: Dim } | undefined {
  const times = repeats(value);
  const [input] = value.kind === 'list' && value.open === undefined ? value.items : [];
  return times !== undefined && input?.kind === 'tensor' ? { input, times } : undefined;
}

/** One shape, or the list of them, as tfjs hands it to `build` and `computeOutputShape`. */
export const shapesValue = (tensors: readonly TensorValue[]): Value =>
  tensors.length === 1 && tensors[0] ? shapeValue(tensors[0]) : list(tensors.map(shapeValue));

/** Sizes that a layer is built for, from the argument of `build`. */
export function shapesIn(value: Value): readonly Value[] {
  return value.kind === 'list' && value.items.some((item) => item.kind === 'list' || item.kind === 'shape') ? value.items : [value];
}

/** Whether it is built: by us, or as the code has it (`this.built = true`). */
function isBuilt(self: InstanceValue, host: Host): boolean {
  const own = self.members.get('built');
  return layerState(self)?.built === true || (own !== undefined && host.truth(own) === true);
}

/** Builds the layer once. */
export function ensureBuilt(self: InstanceValue, shapes: readonly Value[], args: Arguments, host: Host): void {
  const state = layerState(self);
  if (state === undefined || isBuilt(self, host)) return;
  state.behaviour.build(self, shapes, args, host);
  changeLayer(self, { built: true }, host);
}

/** The states that a recurrent layer is to begin with are inputs as well, wherever they are given. */
function withStates(inputs: Value, kwargs: Value, host: Host): Value {
  const states = isMissing(kwargs) || kwargs.kind !== 'dict' ? undefined : kwargs.entries.get('initialState');
  if (states === undefined || isMissing(states)) return inputs;
  const items = states.kind === 'list' ? host.iterate(states) : [states];
  return 'unknown' in items ? unknown(items.unknown, 'tensor') : list([...(inputs.kind === 'list' ? inputs.items : [inputs]), ...items]);
}

/** The settings of a call without those states. */
const withoutStates = (kwargs: Value & { kind: 'dict' }): Value => ({
  ...kwargs,
  entries: new Map([...kwargs.entries].filter(([key]) => key !== 'initialState')),
});

/**
 * Applies the layer. On symbolic tensors its work is done too, as it will be on real ones, and the result is symbolic;
 * inside a model tfjs hands a user's `call` an array, whatever `apply` was given.
 */
export function applyLayer(self: InstanceValue, given: Value, kwargs: Value, args: Arguments, host: Host): Value {
  const state = layerState(self);
  const inputs = self.cls ? given : withStates(given, kwargs, host);
  if (inputs.kind === 'unknown' && inputs.parameter !== undefined) state?.behaviour.probe?.(self, inputs, isMissing(kwargs) ? object() : kwargs, args, host);
  const alike = self.cls ? undefined : inputsAlike(inputs);
  const tensors = alike ? [alike.input] : inputTensors(inputs, host);
  if (state === undefined) return unknown('it is no layer');
  if (typeof tensors === 'string') return host.unknownTensor(tensors, symbolicIn(inputs));
  const symbolic = tensors.some((tensor) => tensor.role === 'symbolic');
  const plain = plainValue(inputs.kind === 'unknown' ? (tensors[0] as Value) : inputs);
  const settings = isMissing(kwargs) ? object() : inputs !== given && kwargs.kind === 'dict' ? withoutStates(kwargs) : kwargs;
  const result = host.scoped('layer', state.name, () => {
    ensureBuilt(self, tensors.map(shapeValue), args, host);
    return state.behaviour.call(self, symbolic && plain.kind === 'tensor' ? list([plain]) : plain, settings, args, host);
  });
  const output = symbolic ? symbolicResult(result, { layer: self, inputs, kwargs: settings }) : result;
  changeLayer(self, { input: inputs, output }, host);
  return output;
}

/** `apply` as a member. */
export const applyMember = (self: InstanceValue): Value =>
  fn('apply', (args, host) => applyLayer(self, args.positional[0] ?? unknown('the layer is given no tensor'), args.positional[1] ?? object(), args, host));

/** Applies a layer where the source does not: inside a model. */
export const applyInside =
  (args: Arguments) =>
  (layer: InstanceValue, inputs: Value, kwargs: Value, host: Host): Value =>
    applyLayer(layer, inputs.kind === 'tensor' ? list([inputs]) : inputs, kwargs, args, host);
