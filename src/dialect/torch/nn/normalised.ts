/** Weights that a module works out of others on each call: `torch.nn.utils.spectral_norm`, `weight_norm`, and parametrizations. */
import { type Dim, product } from '../../../dim/index';
import { argument, asNumber, fn, type Host, type InstanceValue, type NativeValue, step, type TensorValue, type Value } from '../../common/values';
import { type Initializer, NORMAL, sizeAttributes } from './kind';
import { bindNames, signatureOf } from './signature';
import { isModule, isParameter, moduleState, setBuffer, setField } from './state';
import { setWorked, workedOf } from './worked';

/** A helper's arguments. */
export type Bound = (name: string) => Value | undefined;

/** What a helper does to a module's weight. */
export type Change = (module: InstanceValue, name: string, weight: TensorValue, bound: Bound, host: Host) => void;

/** A helper that changes a module and gives it back; what is no module of known weights stays as it is, and its weight is not known to be one. */
export function helper(name: string, signature: string, change: Change): NativeValue {
  return fn(name, (args, host) => {
    const bound = bindNames(signatureOf(signature), args, host);
    const module = args.named.get('module') ?? argument(args, 0);
    if ('failed' in bound || !isModule(module)) return module;
    const given = bound.values.get('name') ?? bound.values.get('tensor_name');
    const of = given?.kind === 'string' ? given.value : 'weight';
    const weight = module.members.get(of);
    if (isParameter(weight)) change(module, of, weight, (key) => bound.values.get(key), host);
    return module;
  });
}

/** The sizes of the matrix that a weight is taken for. */
export const matrixOf = (shape: readonly Dim[], axis: number): readonly [Dim, Dim] => [
  shape[axis] ?? product([]),
  product(shape.filter((_, at) => at !== axis)),
];

/** A vector that a module keeps and does not train. */
export const buffer = (host: Host, name: string, shape: readonly Dim[], initializer: Initializer): TensorValue =>
  host.parameter({ name, shape, dtype: 'float32', trainable: false, initializer, span: host.span });

/** The axis that stands for a weight's outputs: of transposed convolutions the second. */
function outputAxis(module: InstanceValue, given: Value | undefined, fallback: number): number {
  const axis = given && asNumber(given);
  if (axis !== undefined) return axis;
  return /\bConvTranspose\dd$/.test(moduleState(module)?.name ?? '') ? 1 : fallback;
}

const numberAt = (value: Value | undefined, fallback: number): number => (value && asNumber(value)) ?? fallback;

/** How a weight is worked out under autocast or where a size is not known is not followed: it is said. */
export function notFollowed(weight: TensorValue, why: string, host: Host): TensorValue {
  return host.around({ unknown: why }, () => step(host, 'identity', [weight]));
}

interface Spectral {
  readonly axis: number;
  readonly iterations: number;
  readonly epsilon: number;
  /** Which of the two vectors a round begins with, and whether they are copied in any mode. */
  readonly first: 'left' | 'right';
  readonly copies: boolean;
}

/** The weight over its largest singular value. */
export function bySpectrum(weight: TensorValue, u: TensorValue, v: TensorValue, { axis, copies, ...how }: Spectral, host: Host): TensorValue {
  const { shape } = weight;
  if (shape === null) return notFollowed(weight, weight.reason ?? 'the rank of a weight is not known', host);
  if (host.autocastsTo !== undefined) return notFollowed(weight, 'spectral normalisation under autocast is not followed', host);
  const [rows, columns] = matrixOf(shape, axis);
  const perm = [axis, ...shape.map((_, at) => at).filter((at) => at !== axis)];
  const turned = axis === 0 ? weight : step(host, 'transpose', [weight], { perm });
  const matrix = step(host, 'reshape', [turned], { shape: sizeAttributes([rows, columns]) });
  const iterated = (side: 'left' | 'right', own: TensorValue, other: TensorValue): TensorValue =>
    host.around({ untracked: true }, () => step(host, 'powerIterated', [own, other, matrix], { side, copies, ...how }));
  const [left, right] = [iterated('left', u, v), iterated('right', v, u)];
  const sigma = step(host, 'singularValue', [matrix, left, right]);
  const made = step(host, 'div', [weight, sigma]);
  for (const held of [turned, matrix, left, right, sigma]) host.letGo(held);
  return made;
}

/** How a helper's arguments say that a weight is divided. */
export const spectralOf = (module: InstanceValue, bound: Bound, parametrizes: boolean): Spectral => ({
  axis: outputAxis(module, bound('dim'), 0),
  iterations: numberAt(bound('n_power_iterations'), 1),
  epsilon: numberAt(bound('eps'), 1e-12),
  first: parametrizes ? 'left' : 'right',
  copies: parametrizes,
});

/** Names of the module that hold a tensor: a part of it is meant by a path. */
export function tensorAt(module: InstanceValue, path: readonly string[]): TensorValue | undefined {
  const [first = '', ...rest] = path;
  const found = module.members.get(first);
  if (rest.length > 0) return found?.kind === 'instance' ? tensorAt(found, rest) : undefined;
  return found?.kind === 'tensor' ? found : undefined;
}

/** The first form: the weight is an attribute that is worked out before each call, and stays there after it. */
const spectralNorm: Change = (module, name, weight, bound, host) => {
  const how = spectralOf(module, bound, false);
  const [rows, columns] = matrixOf(weight.shape ?? [], how.axis);
  setField(module, `${name}_orig`, weight, host);
  setBuffer(module, `${name}_u`, buffer(host, `${name}_u`, [rows], NORMAL), true, host);
  setBuffer(module, `${name}_v`, buffer(host, `${name}_v`, [columns], NORMAL), true, host);
  setField(module, name, asPlain(weight), host);
  setWorked(
    module,
    name,
    {
      isAttribute: true,
      parts: [`${name}_orig`],
      from: (self, inner) => {
        const [own, u, v] = ['orig', 'u', 'v'].map((part) => tensorAt(self, [`${name}_${part}`]));
        return own && u && v ? bySpectrum(own, u, v, how, inner) : undefined;
      },
    },
    host,
  );
};

/** A weight that is none of the module's own any more. */
function asPlain({ role: _, ...weight }: TensorValue): TensorValue {
  return weight;
}

/** The weight of a direction and a length at each place of an axis. */
export function byLength(v: TensorValue, g: TensorValue, axis: number | undefined, host: Host): TensorValue {
  const rank = v.shape?.length ?? 0;
  if (host.precision !== 'float32' || host.autocastsTo !== undefined)
    return notFollowed(v, 'weight normalisation in another type than float32 is not followed', host);
  // Along an axis between the others torch takes other steps.
  if (axis === undefined || (axis !== 0 && axis !== rank - 1))
    return notFollowed(v, 'weight normalisation but along the first axis or the last is not followed', host);
  return step(host, 'weightNorm', [v, g], { axis });
}

/** The axis of lengths; undefined where all of the weight has one. */
export function lengthAxis(given: Value | undefined, rank: number): number | undefined {
  if (given === undefined || given.kind === 'undefined') return 0;
  const axis = asNumber(given);
  if (axis === undefined || axis < -rank || axis === -1) return undefined;
  return axis < 0 ? axis + rank : axis;
}

/** Lengths as they are kept: 1 along all axes but their own. */
export function lengthsOf(weight: TensorValue, axis: number | undefined, name: string, host: Host): TensorValue {
  const one = product([]);
  const shape = axis === undefined ? [] : (weight.shape ?? []).map((size, at) => (at === axis ? size : one));
  const made = host.parameter({ name, shape, dtype: weight.dtype, trainable: true, initializer: { name: 'custom' }, span: host.span });
  return { ...made, role: 'variable' };
}

const weightNorm: Change = (module, name, weight, bound, host) => {
  const axis = lengthAxis(bound('dim'), weight.shape?.length ?? 0);
  setField(module, `${name}_g`, lengthsOf(weight, axis, `${name}_g`, host), host);
  setField(module, `${name}_v`, weight, host);
  setField(module, name, asPlain(weight), host);
  setWorked(
    module,
    name,
    {
      isAttribute: true,
      parts: [`${name}_g`, `${name}_v`],
      from: (self, inner) => {
        const [g, v] = ['g', 'v'].map((part) => tensorAt(self, [`${name}_${part}`]));
        return g && v ? byLength(v, g, axis, inner) : undefined;
      },
    },
    host,
  );
};

/** `remove_spectral_norm(module)`, `remove_weight_norm(module)`: the weight is the module's own again. */
function remove(name: string): NativeValue {
  return fn(name, (args, host) => {
    const module = args.named.get('module') ?? argument(args, 0);
    const given = args.named.get('name') ?? args.positional[1];
    const of = given?.kind === 'string' ? given.value : 'weight';
    const worked = isModule(module) ? workedOf(module)?.get(of) : undefined;
    if (!isModule(module) || !worked?.isAttribute) return module;
    const weight = tensorAt(module, [worked.parts.at(-1) ?? '']);
    for (const part of worked.parts) host.dropMember(module, part);
    setWorked(module, of, undefined, host);
    if (weight) setField(module, of, weight, host);
    return module;
  });
}

/** The parameters of a helper of the spectral kind. */
export const SPECTRAL = "module, name='weight', n_power_iterations=1, eps=1e-12, dim=None";
/** The parameters of one that gives weights lengths of their own. */
export const LENGTHS = "module, name='weight', dim=0";

/** Helpers of `torch.nn.utils`. */
export const ON_WEIGHTS: Readonly<Record<string, NativeValue>> = {
  spectral_norm: helper('torch.nn.utils.spectral_norm', SPECTRAL, spectralNorm),
  weight_norm: helper('torch.nn.utils.weight_norm', LENGTHS, weightNorm),
  remove_spectral_norm: remove('torch.nn.utils.remove_spectral_norm'),
  remove_weight_norm: remove('torch.nn.utils.remove_weight_norm'),
};
