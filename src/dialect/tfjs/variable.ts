/** `tf.LayerVariable`: what `addWeight` returns. It is no tensor before `read()`. */
import {
  boolean,
  entry,
  fn,
  type InstanceValue,
  type NativeObject,
  noEffect,
  number,
  shapeValue,
  string,
  type TensorValue,
  unknown,
  type Value,
} from '../common/values';

const STATE = 'LayerVariable';

interface VariableState {
  readonly tensor: TensorValue;
  readonly name: string;
  readonly trainable: boolean;
}

const stateOf = (value: Value | undefined): VariableState | undefined =>
  value?.kind === 'instance' ? (value.state.get(STATE) as VariableState | undefined) : undefined;

/** The tensor that a layer's variable holds; undefined for any other value. */
export const variableTensor = (value: Value): TensorValue | undefined => stateOf(value)?.tensor;

const MEMBERS: Readonly<Record<string, (state: VariableState, self: InstanceValue) => Value>> = {
  read: ({ tensor }) => fn('LayerVariable.read', () => tensor),
  val: ({ tensor }) => tensor,
  shape: ({ tensor }) => shapeValue(tensor),
  rank: ({ tensor }) => (tensor.shape === null ? unknown('the rank of the tensor is not known', 'number') : number(tensor.shape.length)),
  dtype: ({ tensor }) => string(tensor.dtype),
  name: ({ name }) => string(name),
  originalName: ({ name }) => string(name),
  trainable: ({ trainable }) => boolean(trainable),
  write: (_, self) => noEffect('LayerVariable.write', self),
  dispose: () => noEffect('LayerVariable.dispose'),
};

const NATIVE: NativeObject = {
  name: STATE,
  member: (self, name) => {
    const state = stateOf(self);
    return state === undefined ? undefined : entry(MEMBERS, name)?.(state, self);
  },
};

/** A layer's variable that holds the tensor. */
export const layerVariable = (tensor: TensorValue, name: string, trainable: boolean): InstanceValue => ({
  kind: 'instance',
  native: NATIVE,
  members: new Map(),
  state: new Map([[STATE, { tensor, name, trainable }]]),
});
