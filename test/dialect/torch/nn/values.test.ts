/** Operators that modules lean on against torch itself: the same operands give the same values on tfjs's CPU back end. */
import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { heldAs } from '../../../../src/ops/dtypes';
import type { BoundAttributes, DType, Tensor } from '../../../../src/ops/operator';
import { findOperator } from '../../../../src/ops/table';

interface Recorded {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly values: readonly number[];
}

interface Call {
  readonly operator: string;
  readonly inputs: readonly Recorded[];
  readonly attributes: BoundAttributes;
  readonly outputs: readonly Recorded[];
}

const TOLERANCE = 1e-4;

const calls = JSON.parse(readFileSync(new URL('values.json', import.meta.url), 'utf8')) as readonly Call[];

const tensorOf = ({ shape, dtype, values }: Recorded): Tensor => tf.cast(tf.tensor([...values], [...shape], 'float32'), heldAs(dtype) as 'float32');

beforeAll(() => tf.setBackend('cpu'));

it.each(calls.map((call, at) => [`${at}: ${call.operator} ${JSON.stringify(call.attributes)}`, call] as const))(
  '%s',
  async (_, { operator, inputs, attributes, outputs }) => {
    const made = await findOperator(operator)?.kernel(tf, inputs.map(tensorOf), attributes, { runtime: 'torch', training: false, seed: () => 1 });
    const all = made === undefined ? [] : Array.isArray(made) ? made : [made];
    expect(all.map(({ shape }) => shape)).toEqual(outputs.map(({ shape }) => shape));
    all.forEach((tensor, at) => {
      const wanted = outputs[at]?.values ?? [];
      const apart = Array.from(tensor.dataSync(), (value, place) => Math.abs(Number(value) - (wanted[place] ?? Number.NaN)));
      expect(Math.max(0, ...apart)).toBeLessThan(TOLERANCE);
    });
  },
);
