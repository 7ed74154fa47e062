/** Fourier transforms, and the parts of complex numbers. */
import { add, constant, type Dim, floorDivide, multiply, ONE, subtract, UNKNOWN } from '../dim/index';
import { isGiven, listOf, numberOf, readNumbers, readText } from './attributes';
import { readAxes, UNKNOWN_AXIS, withProblem } from './axes';
import { axesLast, count, fromFront, operand, tidied, transpose, inverse as undone } from './kernels';
import type { Attributes, BoundAttributes, Operator, RuleContext, ShapeResult, Tensor, TensorType, Tfjs } from './operator';
import { broadcastTypes, failure, mustEqual, result, sizeAt, tensorType, withSize } from './rules';
import { wholeSize } from './sizes';

const missing = (operator: string): ShapeResult => failure([], 'argument', { operator, reason: 'an operand is missing' });

/** The axes in the order given, from the front; those that are not given are the last ones that have a size, else all. */
function axesOf(attributes: Attributes, rank: number): number[] {
  const given = readNumbers(attributes, 'axes');
  if (given) return given.map((axis) => fromFront(axis, rank));
  const sizes = isGiven(attributes, 'sizes') ? listOf(attributes.sizes).length : rank;
  return Array.from({ length: sizes }, (_, at) => rank - sizes + at);
}

const TWO = constant(2);

/** The size that the last of the axes has after a transform: of real numbers one half and one more are kept. */
function lastSize(mode: string, held: Dim, given: Dim | undefined, { facts }: RuleContext): Dim {
  const size = given ?? (mode === 'irfft' ? multiply(TWO, subtract(held, ONE)) : held);
  return mode === 'rfft' ? add(floorDivide(size, TWO, facts), ONE) : size;
}

function fourierShape(x: TensorType, attributes: Attributes, context: RuleContext): ShapeResult {
  const mode = readText(attributes, 'mode', 'fft');
  const dtype = mode === 'irfft' ? 'float32' : 'complex64';
  const read = readAxes(attributes, 'axes', x.shape.length);
  if (!read.axes)
    return withProblem(
      [
        tensorType(
          x.shape.map(() => UNKNOWN),
          dtype,
        ),
      ],
      read.problem,
      UNKNOWN_AXIS,
    );
  const axes = axesOf(attributes, x.shape.length);
  const sizes = listOf(attributes.sizes).map((size) => (size === null || numberOf(size) === -1 ? undefined : wholeSize(size, 'target', context).size));
  const shape = axes.reduce<readonly Dim[]>((made, axis, at) => {
    const held = sizeAt(x.shape, axis);
    return withSize(made, axis, at === axes.length - 1 ? lastSize(mode, held, sizes[at], context) : (sizes[at] ?? held));
  }, x.shape);
  return result(shape, dtype);
}

/** A complex tensor as two of its parts: transposes and slices know real numbers alone. */
type Parts = readonly [real: Tensor, imaginary: Tensor];

const partsOf = (tf: Tfjs, x: Tensor): Parts => {
  if (x.dtype === 'complex64') return [tf.real(x), tf.imag(x)];
  const real = tf.cast(x, 'float32');
  return [real, tf.zerosLike(real)];
};

const each = (parts: Parts, call: (x: Tensor) => Tensor): Parts => [call(parts[0]), call(parts[1])];

/** The rows cut or filled up with zeros to a length. */
function fitted(tf: Tfjs, rows: Tensor, length: number): Tensor {
  const [count = 1, held = 1] = rows.shape;
  if (held > length) return tf.slice(rows, [0, 0], [count, length]);
  return held === length
    ? rows
    : tf.pad(rows, [
        [0, 0],
        [0, length - held],
      ]);
}

/** What the library multiplies by, that tfjs does not. */
function scale(norm: string, length: number, inverse: boolean): number {
  if (norm === 'ortho') return inverse ? Math.sqrt(length) : 1 / Math.sqrt(length);
  if (norm === 'forward') return inverse ? length : 1 / length;
  return 1;
}

function transformed(tf: Tfjs, rows: Parts, length: number, inverse: boolean, norm: string): Parts {
  const [real, imaginary] = each(rows, (part) => fitted(tf, part, length));
  const made = inverse ? tf.ifft(tf.complex(real, imaginary)) : tf.fft(tf.complex(real, imaginary));
  return each([tf.real(made), tf.imag(made)], (part) => tf.mul(part, scale(norm, length, inverse)));
}

/** The half that a transform of real numbers keeps, made whole: the other half mirrors it. */
function whole(tf: Tfjs, rows: Parts, length: number): Parts {
  const half = Math.floor(length / 2) + 1;
  const [real, imaginary] = each(rows, (part) => fitted(tf, part, half));
  const mirrored = (part: Tensor): Tensor => tf.reverse(tf.slice(part, [0, 1], [part.shape[0] as number, length - half]), 1);
  return [tf.concat([real, mirrored(real)], 1), tf.concat([imaginary, tf.neg(mirrored(imaginary))], 1)];
}

/** Runs on rows along an axis, whose length may change. */
function onRows(tf: Tfjs, parts: Parts, axis: number, call: (rows: Parts) => Parts): Parts {
  const { rank } = parts[0];
  const perm = axesLast(rank, [axis]);
  const before = parts[0].shape.toSpliced(axis, 1);
  const rows = each(parts, (part) => tf.reshape(transpose(tf, part, perm), [count(before), part.shape[axis] as number]));
  return each(call(rows), (part) => transpose(tf, tf.reshape(part, [...before, part.shape[1] as number]), undone(perm)));
}

/** One axis after the other: of real numbers the last one first, and back to them the last one last. */
function fourierKernel(tf: Tfjs, x: Tensor, attributes: BoundAttributes): Tensor {
  const [mode, norm] = [readText(attributes, 'mode', 'fft'), readText(attributes, 'norm', 'backward')];
  const axes = axesOf(attributes, x.rank);
  const sizes = listOf(attributes.sizes).map(numberOf);
  const steps = axes.map((axis, at) => ({ axis, size: (sizes[at] ?? -1) < 0 ? undefined : sizes[at], last: at === axes.length - 1 }));
  const inverse = mode === 'ifft' || mode === 'irfft';
  const ordered = mode === 'rfft' ? [...steps].reverse() : steps;
  const [real, imaginary] = ordered.reduce<Parts>(
    (parts, { axis, size, last }) => {
      const held = parts[0].shape[axis] as number;
      return onRows(tf, parts, axis, (rows) => {
        if (!last || (mode !== 'irfft' && mode !== 'rfft')) return transformed(tf, rows, size ?? held, inverse, norm);
        const length = size ?? (mode === 'irfft' ? 2 * (held - 1) : held);
        if (mode === 'irfft') return transformed(tf, whole(tf, rows, length), length, true, norm);
        return each(transformed(tf, rows, length, false, norm), (part) => fitted(tf, part, Math.floor(length / 2) + 1));
      });
    },
    partsOf(tf, x),
  );
  return mode === 'irfft' ? real : tf.complex(real, imaginary);
}

const fourier: Operator = {
  name: 'fourier',
  doc: 'The Fourier transform over `axes`, brought to `sizes` first; `mode`: fft, ifft, rfft, irfft; `norm`: backward, ortho, forward: pytorch.org/docs/stable/fft.html.',
  reads: 'along',
  shape: ([x], attributes, context) => (x ? fourierShape(x, attributes, context) : missing('fourier')),
  kernel: tidied((tf, inputs, attributes) => fourierKernel(tf, operand(inputs, 0), attributes)),
};

const part = (name: 'real' | 'imaginary', doc: string): Operator => ({
  name,
  doc,
  shape: ([x]) => (x ? result(x.shape, x.dtype === 'complex64' ? 'float32' : x.dtype) : missing(name)),
  storage: { torch: 'view', tfjs: 'copy' },
  kernel: tidied((tf, inputs) => {
    const x = operand(inputs, 0);
    if (x.dtype !== 'complex64') return name === 'real' ? tf.clone(x) : tf.zerosLike(x);
    return name === 'real' ? tf.real(x) : tf.imag(x);
  }),
});

const complex: Operator = {
  name: 'complex',
  doc: 'Complex numbers of their parts, or with `polar` of their lengths and angles: pytorch.org/docs/stable/generated/torch.complex.html.',
  shape(inputs, _, context) {
    if (inputs.length < 2) return missing('complex');
    const merged = broadcastTypes(inputs, context);
    return result(merged.shape, 'complex64', merged.demands);
  },
  kernel: tidied((tf, inputs, attributes) => {
    const [a, b] = [tf.cast(operand(inputs, 0), 'float32'), tf.cast(operand(inputs, 1), 'float32')];
    const [x, y] = [tf.add(a, tf.zerosLike(b)), tf.add(b, tf.zerosLike(a))];
    return attributes.polar === true ? tf.complex(tf.mul(x, tf.cos(y)), tf.mul(x, tf.sin(y))) : tf.complex(x, y);
  }),
};

const complexParts: Operator = {
  name: 'complexParts',
  doc: 'Both parts of complex numbers along a new last axis: pytorch.org/docs/stable/generated/torch.view_as_real.html.',
  shape: ([x]) => (x ? result([...x.shape, TWO], 'float32') : missing('complexParts')),
  storage: { torch: 'view', tfjs: 'copy' },
  kernel: tidied((tf, inputs) => tf.stack([...partsOf(tf, operand(inputs, 0))], -1)),
};

const complexOf: Operator = {
  name: 'complexOf',
  doc: 'Complex numbers of the two parts along the last axis: pytorch.org/docs/stable/generated/torch.view_as_complex.html.',
  shape([x], _, context) {
    if (!x) return missing('complexOf');
    const last = x.shape.length - 1;
    const output = tensorType(x.shape.slice(0, -1), 'complex64');
    if (last < 0) return failure([output], 'rank', { operator: 'complexOf', reason: '1 axis at least is wanted, 0 given' }, [{ input: 0 }]);
    return result(output.shape, output.dtype, mustEqual(sizeAt(x.shape, last), TWO, 'target', [{ input: 0, axis: last }], context));
  },
  storage: { torch: 'view', tfjs: 'copy' },
  kernel: tidied((tf, inputs) => {
    const [real, imaginary] = tf.unstack(tf.cast(operand(inputs, 0), 'float32'), -1);
    return tf.complex(real as Tensor, imaginary as Tensor);
  }),
};

const angle: Operator = {
  name: 'angle',
  doc: 'The angles of complex numbers: pytorch.org/docs/stable/generated/torch.angle.html.',
  shape: ([x]) => (x ? result(x.shape, 'float32') : missing('angle')),
  kernel: tidied((tf, inputs) => {
    const [real, imaginary] = partsOf(tf, operand(inputs, 0));
    return tf.atan2(imaginary, real);
  }),
};

const conjugate: Operator = {
  name: 'conjugate',
  doc: 'Complex numbers with the other sign of their imaginary part: pytorch.org/docs/stable/generated/torch.conj.html.',
  shape: ([x]) => (x ? result(x.shape, x.dtype) : missing('conjugate')),
  storage: { torch: 'view', tfjs: 'copy' },
  kernel: tidied((tf, inputs) => {
    const x = operand(inputs, 0);
    return x.dtype === 'complex64' ? tf.complex(tf.real(x), tf.neg(tf.imag(x))) : tf.clone(x);
  }),
};

/** Fourier transforms and complex numbers. */
export const spectral = {
  fourier,
  real: part('real', 'The real part: pytorch.org/docs/stable/generated/torch.real.html.'),
  imaginary: part('imaginary', 'The imaginary part: pytorch.org/docs/stable/generated/torch.imag.html.'),
  complex,
  complexParts,
  complexOf,
  angle,
  conjugate,
} satisfies Record<string, Operator>;
