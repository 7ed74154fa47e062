/** tfjs on paper: every operator's kernel gives on it what it gives on tfjs, in shape and type. */
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { heldAs } from '../../src/ops/dtypes';
import type { Operator, Tensor } from '../../src/ops/operator';
import { OPERATORS } from '../../src/ops/table';
import { createDevice } from '../../src/run/webgl/device';
import { NotOnPaper, paperLibrary } from '../../src/run/webgl/library';
import { staysPacked, textureBytes, uploadBytes } from '../../src/run/webgl/texture';
import { bind, runKernel, tensorsOf, tf } from '../ops/harness';
import type { Case, Sample } from '../ops/sample';
import { samples } from '../ops/samples/index';

const LIMITS = { maxTextureSize: 8192, valueBytes: 4 } as const;
/** What reads its values, and what holds complex numbers: its temporaries are said to be unknown. */
const UNKNOWN = new Set(
  ['booleanMask', 'scatterElements', 'nonzero', 'unique', 'cumMax', 'cumMin', 'mode', 'quantile', 'matrixInverse', 'determinant', 'qr'].concat([
    'fourier',
    'complex',
    'complexOf',
  ]),
);

beforeAll(() => tf.setBackend('cpu'));

function onPaper(operator: Operator, { inputs, attributes, runtime = 'tfjs', training = false }: Case) {
  const device = createDevice(LIMITS, () => {});
  const given = inputs.map(({ shape, dtype }) => device.values(shape, heldAs(dtype ?? 'float32')));
  const made = operator.kernel(paperLibrary(device), given as unknown as Tensor[], bind(attributes), { runtime, training, seed: () => 1 });
  if ('then' in made) {
    made.catch(() => undefined);
    throw new NotOnPaper('its data');
  }
  return { device, given, made: Array.isArray(made) ? made : [made] };
}

const all = Object.entries(OPERATORS as Record<string, Operator>);
const entries = all.filter(([name]) => !UNKNOWN.has(name));

describe.each(entries)('%s on paper', (name, operator) => {
  const sample = (samples as Record<string, Sample>)[name];
  it('gives the shapes and types that it gives on tfjs, and leaves no texture behind', () =>
    fc.assert(
      fc.asyncProperty(sample?.cases ?? fc.constant({ inputs: [], attributes: {} }), async (drawn) => {
        const inputs = tensorsOf(drawn.inputs);
        const outputs = await runKernel(operator, inputs, drawn);
        const { device, given, made } = onPaper(operator, drawn);
        expect(made.map(({ shape, dtype }) => ({ shape, dtype }))).toEqual(outputs.map(({ shape, dtype }) => ({ shape, dtype })));
        for (const each of [...given, ...made]) each.dispose();
        expect(device.live()).toBe(0);
        tf.dispose([...inputs, ...outputs]);
      }),
      { numRuns: 15 },
    ));
});

describe.each(all.filter(([name]) => UNKNOWN.has(name)))('%s on paper', (name, operator) => {
  it('is said to be unknown', () => {
    const [drawn] = fc.sample((samples as Record<string, Sample>)[name]?.cases ?? fc.constant({ inputs: [], attributes: {} }), { numRuns: 1, seed: 4 });
    expect(() => drawn && onPaper(operator, drawn)).toThrow(NotOnPaper);
  });
});

describe('the texture of a tensor', () => {
  it('has even sides where it is packed', () => {
    expect(textureBytes([3, 5], true, LIMITS)).toBe(2 * 3 * 16);
    expect(textureBytes([7], true, LIMITS)).toBe(4 * 16);
    expect(textureBytes([2, 3, 5], true, LIMITS)).toBe(2 * 2 * 3 * 16);
    expect(textureBytes([], true, LIMITS)).toBe(16);
  });

  it('has one value in a texel where it is not', () => {
    expect(textureBytes([3, 5], false, LIMITS)).toBe(60);
    expect(textureBytes([2, 3, 5], false, { ...LIMITS, valueBytes: 2 })).toBe(60);
  });

  it('is nearly square where a side would be too long', () => {
    expect(textureBytes([10_000], false, LIMITS)).toBe(100 * 100 * 4);
    expect(textureBytes([2, 20_000], true, LIMITS)).toBe(100 * 100 * 16);
    expect(uploadBytes([10_000], false, LIMITS)).toBe(50 * 50 * 16);
  });

  it('stays as it is under another shape where rows are even and columns the same', () => {
    expect(staysPacked([4, 6, 8], [24, 8])).toBe(true);
    expect(staysPacked([3, 8], [1, 3, 8])).toBe(true);
    expect(staysPacked([3, 8], [24])).toBe(false);
    expect(staysPacked([1, 8], [8])).toBe(true);
    expect(staysPacked([2, 3, 8], [6, 8])).toBe(false);
  });
});
