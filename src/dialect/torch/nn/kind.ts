/** What a library module is made of: its constructor's signature, the weights that it makes, and what its forward does. */
import { asConstant, constant, type Dim, floorDivide, numberOfReal, type Real, realOf, UNKNOWN } from '../../../dim/index';
import type { Attribute, Attributes, DType } from '../../../ops/operator';
import { reasonOf } from '../../common/reading';
import {
  type Arguments,
  asSize,
  boolean,
  type Host,
  type InstanceValue,
  isMissing,
  number,
  size,
  step,
  steps,
  string,
  type TensorValue,
  UNDEFINED,
  unknown,
  type Value,
} from '../../common/values';
import { asGiven } from '../binder';
import { setBuffer, setField } from './state';
import { workedMember } from './worked';

/** One sort of module. */
export interface ModuleKind {
  /** The constructor's parameters, as its page writes them. */
  readonly signature: string;
  /** What forward takes, where that is not one tensor. */
  readonly takes?: string;
  /** Checks the settings and makes the weights. */
  build?(module: Module): void;
  forward?(module: Module): Value;
  /** Fields that are not settings, or hold another value than was given. */
  fields?(module: Module): Readonly<Record<string, Value>>;
}

const libraryModules = new Map<string, Value>();

/** Modules that are made of other modules find them here, once the table stands. */
export const registerLibrary = (classes: Readonly<Record<string, Value>>): void => {
  for (const [name, cls] of Object.entries(classes)) libraryModules.set(name, cls);
};

const libraryModule = (name: string): Value => libraryModules.get(name) ?? unknown(`there is no module \`${name}\``);

const settingValue = (setting: Dim | boolean | number | string | Value): Value => {
  if (typeof setting === 'boolean') return boolean(setting);
  if (typeof setting === 'number') return number(setting);
  if (typeof setting === 'string') return string(setting);
  return 'terms' in setting || 'text' in setting ? size(setting as Dim) : (setting as Value);
};

/** A setting or an operand that is not known, and on which the result depends: the result is unknown, because of `reason`. */
export class Undecided extends Error {
  constructor(readonly reason: string) {
    super(reason);
  }
}

/** How a weight starts. */
export type Initializer = Attributes;

export const ZEROS: Initializer = { name: 'zeros' };
export const ONES: Initializer = { name: 'ones' };
/** Kaiming's uniform draw with a = √5: what Linear and convolutions start with. */
export const KAIMING: Initializer = { name: 'torchKaimingUniform' };
/** Uniform within ±1/√fan. */
export const uniformWithin = (fan: Attribute): Initializer => ({ name: 'torchUniformByFan', fan });
export const NORMAL: Initializer = { name: 'randomNormal', mean: 0, stddev: 1 };
export const XAVIER: Initializer = { name: 'torchXavierUniform' };

/** A module that is being made or called: its settings, its weights, and the steps that it takes. */
export interface Module {
  readonly self: InstanceValue;
  readonly host: Host;
  readonly args: Arguments;
  readonly name: string;
  /** A setting, or an argument of forward, by name; undefined where there is none. */
  value(key: string): Value;
  size(key: string): Dim;
  real(key: string): Real;
  number(key: string): number;
  word(key: string): string;
  flag(key: string): boolean;
  /** Whether the setting is None or left out. */
  missing(key: string): boolean;
  /** One size for all axes, or one for each: `count` of them. */
  sizes(key: string, count: number): readonly Dim[];
  /** A tensor among the arguments of forward. */
  tensor(key?: string): TensorValue;
  maybeTensor(key: string): TensorValue | undefined;
  /** Makes a weight. */
  weight(name: string, shape: readonly Dim[], initializer: Initializer, dtype?: DType): TensorValue;
  /** A weight that is not there. */
  without(name: string): void;
  buffer(name: string, shape: readonly Dim[], initializer: Initializer, dtype?: DType): void;
  /** A weight or buffer as it is now, or the argument of that name; undefined where it is None. */
  held(name: string): TensorValue | undefined;
  step(name: string, inputs: readonly TensorValue[], attributes?: Attributes): TensorValue;
  steps(name: string, inputs: readonly TensorValue[], attributes: Attributes, count: number): readonly TensorValue[];
  /** A class of the library by its name. */
  class(name: string): Value;
  /** Makes another module of the library, with these settings. */
  library(name: string, settings: Readonly<Record<string, Dim | boolean | number | string | Value>>): Value;
  /** Tells the rank of an operand, or says that the call fails for it. Of several, the least is told; where a higher one stands first, that is it. */
  ranked(x: TensorValue, ...ranks: readonly number[]): TensorValue;
  /** Demands that one size divides another: a need, unless it cannot hold. */
  divides(divisor: Dim, size: Dim): void;
  /** The size divided by one that was demanded to divide it. */
  share(size: Dim, divisor: Dim): Dim;
  /** Says that the call fails whatever the sizes are. */
  fail(reason: string): never;
}

/** Attributes of sizes: plain numbers where they are known. */
export const sizeAttribute = (size: Dim): Attribute => asConstant(size) ?? { kind: 'size', size };
export const sizeAttributes = (sizes: readonly Dim[]): readonly Attribute[] => sizes.map(sizeAttribute);

/** An attribute of a real number. */
export const realAttribute = (real: Real): Attribute => numberOfReal(real) ?? real;

function undecided(value: Value, key: string): never {
  throw new Undecided(reasonOf(value, `\`${key}\``));
}

/** What surely is no tensor; objects may stand for one, and nothing where a member was looked for says little. */
const REFUSED: ReadonlySet<Value['kind']> = new Set(['null', 'number', 'string', 'boolean', 'list']);

/** Reads settings and arguments by name, and takes steps. */
export function moduleOf(self: InstanceValue, name: string, values: (key: string) => Value | undefined, args: Arguments, host: Host): Module {
  const value = (key: string): Value => values(key) ?? UNDEFINED;
  const tensor = (key: string): TensorValue => {
    const given = host.expect(value(key), 'tensor');
    if (given.kind === 'tensor') return given;
    const isOpen = given.kind === 'list' && given.parameter !== undefined;
    if (given.kind === 'unknown' || given.kind === 'shape' || isOpen || !REFUSED.has(given.kind)) return undecided(given, key);
    // A number that is none yet may be a parameter's that was taken for one.
    if (given.kind === 'number' && numberOfReal(given.real) === undefined) throw new Undecided(`\`${key}\` is taken for a number`);
    return fail(`\`${key}\` is no tensor`);
  };
  const fail = (reason: string): never => {
    asGiven(host, args);
    host.report({
      code: 'bad-argument',
      words: 'bad-argument.rule',
      severity: 'error',
      span: args.span,
      args: { api: args.api, shapes: '', target: '', reason },
    });
    throw new Undecided(reason);
  };
  const parameter = (label: string, shape: readonly Dim[], initializer: Initializer, dtype: DType, trainable: boolean): TensorValue =>
    host.parameter({ name: `${name}.${label}`, shape, dtype, trainable, initializer, span: args.span });
  return {
    self,
    host,
    args,
    name,
    value,
    size: (key) => readSize(value(key), key, host),
    real: (key) => readReal(host.expect(value(key), 'number'), key),
    number: (key) => numberOfReal(readReal(host.expect(value(key), 'constant'), key)) ?? undecided(value(key), key),
    word: (key) => {
      const found = value(key);
      return found.kind === 'string' ? found.value : undecided(found, key);
    },
    flag: (key) => host.truth(value(key)) ?? undecided(value(key), key),
    missing: (key) => isMissing(value(key)),
    sizes: (key, count) => readSizes(value(key), key, count, host),
    tensor: (key = 'input') => tensor(key),
    maybeTensor: (key) => (isMissing(value(key)) ? undefined : tensor(key)),
    weight: (label, shape, initializer, dtype = 'float32') => {
      const made: TensorValue = { ...parameter(label, shape, initializer, dtype, true), role: 'variable' };
      setField(self, label, made, host);
      return made;
    },
    without: (label) => setField(self, label, { kind: 'null' }, host),
    buffer: (label, shape, initializer, dtype = 'float32') => setBuffer(self, label, parameter(label, shape, initializer, dtype, false), true, host),
    held: (label) => {
      const given = values(label);
      if (given?.kind === 'tensor') return given;
      const worked = workedMember(self, label, host);
      if (worked) return worked;
      const found = self.members.has(label) ? host.member(self, label) : (given ?? UNDEFINED);
      if (found.kind === 'boolean') return undefined;
      return found.kind === 'tensor' ? found : isMissing(found) ? undefined : undecided(found, label);
    },
    step: (operator, inputs, attributes = {}) => step(host, operator, inputs, attributes, args),
    steps: (operator, inputs, attributes, count) => steps(host, operator, inputs, attributes, args, count),
    class: libraryModule,
    library: (other, settings) => {
      const cls = libraryModule(other);
      const named = Object.entries(settings).map(([key, setting]) => [key, settingValue(setting)] as const);
      return host.call(cls, { positional: [], named: new Map(named), span: args.span, spans: [], api: `nn.${other}` });
    },
    ranked: (x, ...ranks) => checkRank(x, ranks, name, args, host),
    divides: (divisor, size) => void host.require('divides', divisor, size, 'construct-divides', { api: args.api }, args.span),
    share: (size, divisor) => floorDivide(size, divisor, host.facts),
    fail,
  };
}

function checkRank(x: TensorValue, ranks: readonly number[], name: string, args: Arguments, host: Host): TensorValue {
  const [least = 0] = ranks;
  if (x.shape === null) host.tellRank(x, least, ranks.length === 1 || least > Math.min(...ranks) ? 'exactly' : 'at least');
  else if (!ranks.includes(x.shape.length)) {
    const wants = ranks.join(' or ');
    host.report({ code: 'layer-rank', severity: 'error', span: args.span, args: { api: args.api, layer: name, wants, rank: x.shape.length } });
    throw new Undecided(`${name} takes rank ${wants}, and is given rank ${x.shape.length}`);
  }
  return x;
}

function readSize(value: Value, key: string, host: Host): Dim {
  const given = host.expect(value, 'size');
  if (given.kind === 'boolean') return constant(given.value ? 1 : 0);
  return asSize(given) ?? (isMissing(given) || given.kind === 'string' ? undecided(given, key) : UNKNOWN);
}

function readReal(value: Value, key: string): Real {
  if (value.kind === 'number') return value.real;
  return value.kind === 'boolean' ? realOf(value.value ? 1 : 0) : undecided(value, key);
}

function readSizes(value: Value, key: string, count: number, host: Host): readonly Dim[] {
  const given = value.kind === 'list' || value.kind === 'shape' ? value : host.expect(value, 'size');
  if (given.kind === 'list') {
    const items = host.takeApart(given, count);
    if ('unknown' in items) throw new Undecided(items.unknown);
    const sizes = items.map((item) => readSize(item, key, host));
    const [only] = sizes;
    return sizes.length === 1 && only !== undefined ? Array.from({ length: count }, () => only) : sizes;
  }
  const size = readSize(given, key, host);
  return Array.from({ length: count }, () => size);
}
