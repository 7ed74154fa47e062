/** What a layer is made of: its configuration, its weights, and what it does with its inputs. */
import { asConstant, type Dim, type Real, realOf, UNKNOWN } from '../../../dim/index';
import type { Attribute, Attributes } from '../../../ops/operator';
import { reasonOf } from '../../common/reading';
import {
  type Arguments,
  asNumber,
  asSize,
  type Host,
  type InstanceValue,
  isMissing,
  step,
  steps,
  type TensorValue,
  UNDEFINED,
  type Value,
} from '../../common/values';
import { initializerOf } from '../initializers';
import { addWeight, weightsOf } from './state';

/** One sort of layer, by the name of its factory. */
export interface LayerKind {
  readonly className: string;
  /** The rank of the inputs, or the least. */
  readonly rank?: number;
  readonly least?: number;
  /** The rank of all inputs but the first, where it is another. */
  readonly furtherRank?: number;
  build?(layer: LayerCall, shapes: readonly (readonly Dim[])[]): void;
  call(layer: LayerCall, inputs: readonly TensorValue[]): Value;
  /** What it makes of a symbolic number of inputs alike. */
  callAlike?(layer: LayerCall, input: TensorValue, times: Dim): Value;
}

/** A setting that is not known, and on which the result depends: the layer's result is unknown, because of `reason`. */
export class Undecided extends Error {
  constructor(readonly reason: string) {
    super(reason);
  }
}

/** A layer that is being built or called. */
export interface LayerCall {
  readonly self: InstanceValue;
  readonly host: Host;
  readonly args: Arguments;
  readonly kwargs: Value;
  /** A setting as it was given; undefined where it was not. */
  value(key: string): Value;
  size(key: string): Dim;
  real(key: string, fallback: number): Real;
  number(key: string, fallback: number): number;
  word(key: string, fallback: string): string;
  flag(key: string, fallback: boolean): boolean;
  /** One number for all axes, or one for each. */
  sizes(key: string, count: number, fallback: readonly number[]): readonly Dim[];
  initializer(key: string, fallback: string): Attributes;
  weight(name: string): TensorValue | undefined;
  addWeight(name: string, shape: readonly Dim[], initializer: Attributes, trainable?: boolean): void;
  step(name: string, inputs: readonly TensorValue[], attributes?: Attributes): TensorValue;
  steps(name: string, inputs: readonly TensorValue[], attributes: Attributes, count: number): readonly TensorValue[];
}

function undecided(value: Value, key: string): never {
  throw new Undecided(reasonOf(value, `\`${key}\``));
}

/** Reads the settings of a layer, and takes its steps. */
export function layerCall(self: InstanceValue, config: Value, kwargs: Value, args: Arguments, host: Host): LayerCall {
  const value = (key: string): Value => (isMissing(config) ? UNDEFINED : host.member(config, key));
  const settled = (key: string): Value => host.expect(value(key), 'constant');
  return {
    self,
    host,
    args,
    kwargs,
    value,
    size: (key) => asSize(host.expect(value(key), 'size')) ?? UNKNOWN,
    real: (key, fallback) => {
      const found = host.expect(value(key), 'number');
      return isMissing(found) ? realOf(fallback) : found.kind === 'number' ? found.real : undecided(found, key);
    },
    number: (key, fallback) => {
      const found = settled(key);
      return isMissing(found) ? fallback : (asNumber(found) ?? undecided(found, key));
    },
    word: (key, fallback) => {
      const found = value(key);
      return isMissing(found) ? fallback : found.kind === 'string' ? found.value : undecided(found, key);
    },
    flag: (key, fallback) => {
      const found = value(key);
      return isMissing(found) ? fallback : (host.truth(found) ?? undecided(found, key));
    },
    sizes: (key, count, fallback) => readSizes(value(key), count, fallback, host),
    initializer: (key, fallback) => initializerOf(value(key), fallback),
    weight: (name) => weightsOf(self).find((weight) => weight.name === name)?.tensor,
    addWeight: (name, shape, initializer, trainable = true) => {
      addWeight(self, { name, shape, dtype: 'float32', initializer, trainable }, args.span, host);
    },
    step: (name, inputs, attributes = {}) => step(host, name, inputs, attributes, args),
    steps: (name, inputs, attributes, count) => steps(host, name, inputs, attributes, args, count),
  };
}

function readSizes(value: Value, count: number, fallback: readonly number[], host: Host): readonly Dim[] {
  if (isMissing(value)) return fallback.map((item) => asSize({ kind: 'number', real: realOf(item) }) ?? UNKNOWN);
  const given = value.kind === 'list' ? value : host.expect(value, 'size');
  if (given.kind === 'list' && given.open === undefined) {
    const items = given.items.map((item) => asSize(host.expect(item, 'size')) ?? UNKNOWN);
    return items.length === 1 && items[0] !== undefined ? Array.from({ length: count }, () => items[0] as Dim) : items;
  }
  return Array.from({ length: count }, () => asSize(given) ?? UNKNOWN);
}

/** Sizes as attributes: plain numbers where they are known. */
export const asAttributes = (sizes: readonly Dim[]): readonly Attribute[] => sizes.map((size) => asConstant(size) ?? { kind: 'size', size });

/** A size as an attribute. */
export const asAttribute = (size: Dim): Attribute => asConstant(size) ?? { kind: 'size', size };
