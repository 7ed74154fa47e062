/** `tf.initializers`: how a weight is filled, as plain data that the graph keeps. */
import type { Attribute, Attributes } from '../../ops/operator';
import { realNumber, word } from '../common/reading';
import {
  argument,
  asNumber,
  fn,
  type Host,
  type InstanceValue,
  type NativeObject,
  type NativeValue,
  number,
  object,
  step,
  string,
  type Value,
} from '../common/values';

const STATE = 'Initializer';

/** The settings of each, with tfjs's defaults. */
const DEFAULTS: Readonly<Record<string, Attributes>> = {
  zeros: {},
  ones: {},
  constant: { value: 0 },
  identity: { gain: 1 },
  orthogonal: { gain: 1 },
  randomUniform: { minval: -0.05, maxval: 0.05 },
  randomNormal: { mean: 0, stddev: 0.05 },
  truncatedNormal: { mean: 0, stddev: 0.05 },
  varianceScaling: { scale: 1, mode: 'fanIn', distribution: 'normal' },
  glorotUniform: {},
  glorotNormal: {},
  heUniform: {},
  heNormal: {},
  leCunUniform: {},
  leCunNormal: {},
};

/** What a weight is filled with: by the configuration's word or object, else by the name of the layer's default. */
export function initializerOf(value: Value | undefined, fallback: string): Attributes {
  if (value?.kind === 'instance') return (value.state.get(STATE) as Attributes | undefined) ?? { name: 'custom' };
  if (value?.kind === 'string') return { name: value.value };
  return value === undefined || value.kind === 'undefined' || value.kind === 'null' ? { name: fallback } : { name: 'custom' };
}

function settingsOf(name: string, config: Value, host: Host): Attributes {
  const settings: Record<string, Attribute> = { name, ...DEFAULTS[name] };
  if (config.kind !== 'dict') return settings;
  for (const [key, value] of config.entries) {
    const reading = value.kind === 'string' ? word(value, host) : value.kind === 'number' ? realNumber(value, host) : undefined;
    if (reading !== undefined && 'value' in reading) settings[key] = asNumber(value) ?? reading.value;
  }
  return settings;
}

/** `initializer.apply(shape, dtype)` makes a tensor. */
const apply = (settings: Attributes): NativeValue =>
  fn('Initializer.apply', (args, host) => {
    const shape = argument(args, 0);
    const sizes = shape.kind === 'list' && shape.open === undefined ? shape.items.map((item) => (item.kind === 'number' ? item.real : null)) : [null];
    if (sizes.includes(null)) return host.unknownTensor('the shape is not known');
    const value = settings['name'] === 'ones' ? 1 : settings['name'] === 'zeros' ? 0 : settings['name'] === 'constant' ? settings['value'] : undefined;
    if (value !== undefined) return step(host, 'fill', [], { shape: sizes, value: value ?? 0, dtype: 'float32' }, args);
    return step(host, 'random', [], { shape: sizes, distribution: 'uniform', min: -0.05, max: 0.05, dtype: 'float32' }, args);
  });

const NATIVE: NativeObject = {
  name: STATE,
  member: (self, name) => {
    const settings = (self.state.get(STATE) as Attributes | undefined) ?? {};
    if (name === 'apply') return apply(settings);
    if (name === 'getConfig')
      return fn('getConfig', () =>
        object(Object.entries(settings).flatMap(([key, value]) => (typeof value === 'number' ? [[key, number(value)] as const] : []))),
      );
    return name === 'getClassName' ? fn('getClassName', () => string(String(settings['name'] ?? ''))) : undefined;
  },
};

const initializer = (settings: Attributes): InstanceValue => ({ kind: 'instance', native: NATIVE, members: new Map(), state: new Map([[STATE, settings]]) });

/** `tf.initializers`, by name. */
export const INITIALIZERS: Readonly<Record<string, Value>> = Object.fromEntries(
  Object.keys(DEFAULTS).map((name) => [name, fn(`initializers.${name}`, (args, host) => initializer(settingsOf(name, argument(args, 0), host)))]),
);

/** The initializer of a name. */
export const initializerNamed = (name: string, config: Value, host: Host): InstanceValue | undefined =>
  Object.hasOwn(DEFAULTS, name) ? initializer(settingsOf(name, config, host)) : undefined;
