/** Values of parameters, as the library's initialisers draw them (js.tensorflow.org/api/latest/#Initializers), seeded. */
import type { BoundAttribute, BoundAttributes } from '../ops/operator';
import { filled, normal, type Random, truncatedNormal } from './random';

type Initialiser = (shape: readonly number[], settings: BoundAttributes, random: Random) => Float32Array<ArrayBuffer>;

const volume = (shape: readonly number[]): number => shape.reduce((all, size) => all * size, 1);

function setting(settings: BoundAttributes, name: string, fallback: number): number {
  const value = settings[name];
  return typeof value === 'number' ? value : fallback;
}

const constantly =
  (value: number): Initialiser =>
  (shape) =>
    filled(volume(shape), () => value);

const uniform = (shape: readonly number[], random: Random, low: number, high: number) => filled(volume(shape), () => low + (high - low) * random());

/** Inputs and outputs of one unit, as tfjs counts them: a filter's receptive field times its channels. */
function fans(shape: readonly number[]): { readonly fanIn: number; readonly fanOut: number } {
  if (shape.length < 2) return { fanIn: Math.sqrt(volume(shape)), fanOut: Math.sqrt(volume(shape)) };
  const field = volume(shape.slice(0, -2));
  return { fanIn: field * (shape.at(-2) ?? 1), fanOut: field * (shape.at(-1) ?? 1) };
}

/** tfjs scales a normal draw by the plain deviation, truncated. */
const scaling =
  (fixed: { readonly scale?: number; readonly mode?: string; readonly distribution?: string }): Initialiser =>
  (shape, settings, random) => {
    const { fanIn, fanOut } = fans(shape);
    const mode = fixed.mode ?? settings.mode;
    const fan = mode === 'fanOut' ? fanOut : mode === 'fanAvg' ? (fanIn + fanOut) / 2 : fanIn;
    const variance = (fixed.scale ?? setting(settings, 'scale', 1)) / Math.max(1, fan);
    const limit = Math.sqrt(3 * variance);
    if ((fixed.distribution ?? settings.distribution) === 'uniform') return uniform(shape, random, -limit, limit);
    return filled(volume(shape), () => truncatedNormal(random) * Math.sqrt(variance));
  };

const identity: Initialiser = (shape, settings) => {
  const columns = shape.at(-1) ?? 1;
  let at = 0;
  return filled(volume(shape), () => {
    const [row, column] = [Math.floor(at / columns), at % columns];
    at += 1;
    return row === column ? setting(settings, 'gain', 1) : 0;
  });
};

/** Rows made orthonormal by Gram and Schmidt: of the longer side's vectors each has the shorter side's. */
const orthogonal: Initialiser = (shape, settings, random) => {
  const columns = shape.at(-1) ?? 1;
  const rows = volume(shape) / Math.max(1, columns);
  const [count, length] = [Math.min(rows, columns), Math.max(rows, columns)];
  const basis: Float32Array[] = [];
  for (let index = 0; index < count; index += 1)
    basis.push(
      orthonormal(
        filled(length, () => normal(random)),
        basis,
      ),
    );
  const gain = setting(settings, 'gain', 1);
  const values = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1)
      values[row * columns + column] = gain * ((rows < columns ? basis[row]?.[column] : basis[column]?.[row]) ?? 0);
  }
  return values;
};

function orthonormal(vector: Float32Array, basis: readonly Float32Array[]): Float32Array {
  for (const other of basis) {
    const along = dot(vector, other);
    vector.forEach((value, at) => {
      vector[at] = value - along * (other[at] ?? 0);
    });
  }
  const length = Math.sqrt(dot(vector, vector)) || 1;
  return vector.map((value) => value / length);
}

const dot = (left: Float32Array, right: Float32Array): number => left.reduce((sum, value, at) => sum + value * (right[at] ?? 0), 0);

/** The step that filled the tensor that a weight starts as (`tf.variable(tf.randomNormal(…))`). */
const drawn: Initialiser = (shape, settings, random) => {
  const [mean, std] = [setting(settings, 'mean', 0), setting(settings, 'std', 1)];
  switch (settings.distribution) {
    case 'uniform':
      return uniform(shape, random, setting(settings, 'min', 0), setting(settings, 'max', 1));
    case 'truncatedNormal':
      return filled(volume(shape), () => mean + std * truncatedNormal(random));
    case 'bernoulli':
      return filled(volume(shape), () => Number(random() < setting(settings, 'mean', 0.5)));
    default:
      return filled(volume(shape), () => mean + std * normal(random));
  }
};

/** Inputs and outputs of one unit as torch counts them: the weight is [out, in, places…]. */
function torchFans(shape: readonly number[]): { readonly fanIn: number; readonly fanOut: number } {
  const field = volume(shape.slice(2));
  return { fanIn: (shape[1] ?? shape[0] ?? 1) * field, fanOut: (shape[0] ?? 1) * field };
}

const fanName = (settings: BoundAttributes): 'fanIn' | 'fanOut' => (settings.mode === 'fanOut' ? 'fanOut' : 'fanIn');

/** Uniform within ±√(variance · 3). */
const spread = (shape: readonly number[], random: Random, variance: number) => uniform(shape, random, -Math.sqrt(3 * variance), Math.sqrt(3 * variance));

const INITIALISERS: { readonly [name: string]: Initialiser } = {
  zeros: constantly(0),
  ones: constantly(1),
  constant: (shape, settings) => constantFrom(shape, settings.values ?? settings.value),
  identity,
  eye: identity,
  random: drawn,
  fill: (shape, settings) => constantFrom(shape, settings.value),
  orthogonal,
  randomUniform: (shape, settings, random) => uniform(shape, random, setting(settings, 'minval', -0.05), setting(settings, 'maxval', 0.05)),
  randomNormal: (shape, settings, random) => filled(volume(shape), () => setting(settings, 'mean', 0) + setting(settings, 'stddev', 0.05) * normal(random)),
  truncatedNormal: (shape, settings, random) =>
    filled(volume(shape), () => setting(settings, 'mean', 0) + setting(settings, 'stddev', 0.05) * truncatedNormal(random)),
  varianceScaling: scaling({}),
  glorotUniform: scaling({ scale: 1, mode: 'fanAvg', distribution: 'uniform' }),
  glorotNormal: scaling({ scale: 1, mode: 'fanAvg', distribution: 'normal' }),
  heUniform: scaling({ scale: 2, mode: 'fanIn', distribution: 'uniform' }),
  heNormal: scaling({ scale: 2, mode: 'fanIn', distribution: 'normal' }),
  leCunUniform: scaling({ scale: 1, mode: 'fanIn', distribution: 'uniform' }),
  // torch.nn.init, with torch's own counts of inputs and outputs.
  torchKaimingUniform: (shape, settings, random) =>
    spread(shape, random, setting(settings, 'variance', 1 / 3) / Math.max(1, torchFans(shape)[fanName(settings)])),
  torchKaimingNormal: (shape, settings, random) => {
    const deviation = Math.sqrt(setting(settings, 'variance', 2) / Math.max(1, torchFans(shape)[fanName(settings)]));
    return filled(volume(shape), () => deviation * normal(random));
  },
  torchUniformByFan: (shape, settings, random) => spread(shape, random, 1 / (3 * Math.max(1, setting(settings, 'fan', 1)))),
  torchXavierUniform: (shape, settings, random) => {
    const { fanIn, fanOut } = torchFans(shape);
    return spread(shape, random, (2 * setting(settings, 'gain', 1) ** 2) / (fanIn + fanOut));
  },
  torchXavierNormal: (shape, settings, random) => {
    const { fanIn, fanOut } = torchFans(shape);
    const deviation = setting(settings, 'gain', 1) * Math.sqrt(2 / (fanIn + fanOut));
    return filled(volume(shape), () => deviation * normal(random));
  },
  torchTruncatedNormal: (shape, settings, random) => {
    const [mean, deviation] = [setting(settings, 'mean', 0), setting(settings, 'stddev', 1)];
    const [low, high] = [setting(settings, 'low', -2), setting(settings, 'high', 2)];
    return filled(volume(shape), () => Math.min(high, Math.max(low, mean + deviation * normal(random))));
  },
  leCunNormal: scaling({ scale: 1, mode: 'fanIn', distribution: 'normal' }),
};

/** A constant may be one number, or all values in the source. */
function constantFrom(shape: readonly number[], value: BoundAttribute | undefined): Float32Array<ArrayBuffer> {
  if (!Array.isArray(value)) return filled(volume(shape), () => Number(value ?? 0));
  let at = 0;
  return filled(volume(shape), () => {
    at += 1;
    return Number(value[at - 1] ?? 0);
  });
}

/** A parameter's values; an initialiser that has no name here draws as Glorot's uniform one, the library's default. */
export function initialValues(shape: readonly number[], initialiser: BoundAttribute | undefined, random: Random): Float32Array<ArrayBuffer> {
  const settings: BoundAttributes =
    initialiser !== null && typeof initialiser === 'object' && !Array.isArray(initialiser) ? (initialiser as BoundAttributes) : {};
  const name = typeof settings.name === 'string' ? settings.name : '';
  const draw = Object.hasOwn(INITIALISERS, name) ? INITIALISERS[name] : INITIALISERS.glorotUniform;
  const values = (draw ?? constantly(0))(shape, settings, random);
  const factor = setting(settings, 'factor', 1);
  return factor === 1 ? values : values.map((value) => value * factor);
}
