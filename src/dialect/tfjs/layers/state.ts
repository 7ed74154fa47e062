/** What a layer object keeps: its name, its settings, whether it is built, and its weights. */
import type { Dim } from '../../../dim/index';
import type { Attributes, DType } from '../../../ops/operator';
import type { Span } from '../../../program/types';
import type { Arguments, Host, InstanceValue, TensorValue, Value } from '../../common/values';
import { layerVariable } from '../variable';

const STATE = 'Layer';

/** How a layer does its work: one of tfjs's own, a user's, or a model. */
export interface Behaviour {
  build(self: InstanceValue, shapes: readonly Value[], args: Arguments, host: Host): void;
  call(self: InstanceValue, inputs: Value, kwargs: Value, args: Arguments, host: Host): Value;
  /** Lets the code tell whether it takes a tensor or an array, where an entry's input is neither yet. */
  probe?(self: InstanceValue, inputs: Value, kwargs: Value, args: Arguments, host: Host): void;
}

/** A weight of a layer. */
export interface Weight {
  readonly name: string;
  readonly tensor: TensorValue;
  readonly variable: InstanceValue;
  readonly trainable: boolean;
}

/** The state of a layer object. */
export interface LayerState {
  readonly className: string;
  readonly name: string;
  readonly config: Value;
  readonly behaviour: Behaviour;
  readonly built: boolean;
  readonly weights: readonly Weight[];
  /** What it was last applied to, and what it gave. */
  readonly input?: Value;
  readonly output?: Value;
}

/** The state; undefined for what is no layer. */
export const layerState = (value: Value | undefined): LayerState | undefined =>
  value?.kind === 'instance' ? (value.state.get(STATE) as LayerState | undefined) : undefined;

/** Changes some of the state. */
export function changeLayer(self: InstanceValue, change: Partial<LayerState>, host: Host): void {
  const state = layerState(self);
  if (state !== undefined) host.setState(self, STATE, { ...state, ...change });
}

/** Gives an object the state of a new layer. */
export function startLayer(self: InstanceValue, state: Pick<LayerState, 'className' | 'name' | 'config' | 'behaviour'>, host: Host): void {
  host.setState(self, STATE, { ...state, built: false, weights: [] } satisfies LayerState);
}

/** The same for an object that is just being made. */
export const newState = (state: Pick<LayerState, 'className' | 'name' | 'config' | 'behaviour'>): InstanceValue['state'] =>
  new Map([[STATE, { ...state, built: false, weights: [] } satisfies LayerState]]);

/** The weights, in the order in which they were added. */
export const weightsOf = (self: Value): readonly Weight[] => layerState(self)?.weights ?? [];

/** What a weight is made of. */
export interface WeightInput {
  readonly name: string;
  readonly shape: readonly Dim[];
  readonly dtype: DType;
  readonly initializer: Attributes;
  readonly trainable: boolean;
}

/** Adds a weight to the layer. */
export function addWeight(self: InstanceValue, input: WeightInput, span: Span, host: Host): InstanceValue {
  const owner = layerState(self)?.name;
  const tensor = host.parameter({ ...input, name: owner === undefined ? input.name : `${owner}.${input.name}`, span });
  const variable = layerVariable(tensor, input.name, input.trainable);
  changeLayer(self, { weights: [...weightsOf(self), { name: input.name, tensor, variable, trainable: input.trainable }] }, host);
  return variable;
}
