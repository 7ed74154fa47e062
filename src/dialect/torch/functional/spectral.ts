/** `torch.fft`, and complex numbers. */
import { add, constant, floorDivide } from '../../../dim/index';
import { numberOf, sizeOf } from '../../../ops/attributes';
import type { Attribute } from '../../../ops/operator';
import { composed, type Line, type Lines, op, taking } from '../line';

type Mode = 'fft' | 'ifft' | 'rfft' | 'irfft';

const NORM = "norm: word = 'backward'";

/** Over one axis: `n` is what it is brought to. */
const one = (mode: Mode): Line =>
  composed(`input, n: size as - = None, dim: axis as - = -1, ${NORM}`, (bound) => {
    const n = bound.attribute('n');
    return taking(bound)('fourier', [bound.tensor('input')], { ...bound.attributes, mode, axes: [bound.attribute('dim')], sizes: n === null ? null : [n] });
  });

/** Over several: those that are not given are `axes`, or as many of the last ones as there are sizes. */
const several = (mode: Mode, axes: Attribute): Line =>
  composed(`input, s: sizes as - = None, dim: axes as - = None, ${NORM}`, (bound) => {
    const [sizes, dim] = [bound.attribute('s'), bound.attribute('dim')];
    return taking(bound)('fourier', [bound.tensor('input')], { ...bound.attributes, mode, axes: dim ?? axes, sizes });
  });

/** Half of the places of each axis moved to its front. */
const shifted = (by: (size: number) => number): Line =>
  composed('input, dim: axes as - = None', (bound) => {
    const x = bound.tensor('input');
    const given = bound.attribute('dim');
    const axes = Array.isArray(given) ? given.map(Number) : [...(x.shape ?? []).keys()];
    const sizes = axes.map((axis) => numberOf(Number(x.shape?.at(axis)?.text)) ?? Number.NaN);
    if (x.shape === null) return bound.host.unknownTensor(x.reason ?? 'the rank of the tensor is not known', [x], x.dtype);
    return taking(bound)('roll', [x], { axes, shifts: sizes.map((size) => (Number.isNaN(size) ? null : by(size))) });
  });

/** The frequencies of a transform: their number is known. */
const frequencies = (half: boolean): Line =>
  composed('n: size, d: any = None, *, dtype: dtype = None', (bound) => {
    const n = sizeOf(bound.attribute('n'));
    return bound.host.constant([half ? add(floorDivide(n, constant(2)), constant(1)) : n], 'float32', null);
  });

/** `torch.fft`. */
export const fft: Lines = {
  fft: one('fft'),
  ifft: one('ifft'),
  rfft: one('rfft'),
  irfft: one('irfft'),
  fft2: several('fft', [-2, -1]),
  ifft2: several('ifft', [-2, -1]),
  rfft2: several('rfft', [-2, -1]),
  irfft2: several('irfft', [-2, -1]),
  fftn: several('fft', null),
  ifftn: several('ifft', null),
  rfftn: several('rfft', null),
  irfftn: several('irfft', null),
  fftfreq: frequencies(false),
  rfftfreq: frequencies(true),
  fftshift: shifted((size) => Math.floor(size / 2)),
  ifftshift: shifted((size) => Math.ceil(size / 2)),
};

/** Functions of `torch` that tensors have as methods too. */
export const complexNumbers: Lines = {
  real: op('real', 'input'),
  imag: op('imaginary', 'input'),
  angle: op('angle', 'input'),
  conj: op('conjugate', 'input'),
};

/** Functions of `torch` alone. */
export const complexFunctions: Lines = {
  complex: op('complex', 'real, imag'),
  polar: op('complex', 'abs, angle', { polar: true }),
  view_as_real: op('complexParts', 'input'),
  view_as_complex: op('complexOf', 'input'),
};
