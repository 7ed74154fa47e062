/** Layouts as torch recorded them over chains of steps: ours are the same or not followed, and no view is wrongly refused. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { asConstant, assumeEqual, constant, type Dim, evaluate, NO_FACTS, product, symbol } from '../../../src/dim/index';
import type { Attribute, Attributes, DType } from '../../../src/ops/operator';
import { type Laid, laidOut, rowByRow, stridesOf, viewed } from '../../../src/ops/strides';
import { findOperator } from '../../../src/ops/table';

interface Step {
  readonly op: string;
  readonly shape?: number[];
  readonly dtype?: DType;
  readonly attributes?: Attributes;
  readonly inputs?: number[];
  /** Shape and strides of each output. */
  readonly gives?: [number[], number[]][];
}
interface Chain {
  readonly steps: Step[];
  readonly of: number;
  /** Shapes under which the last value was looked at, and whether torch could. */
  readonly views: [number[], boolean][];
}

const chains = JSON.parse(readFileSync(new URL('./chains.json', import.meta.url), 'utf8')) as Chain[];

type Sizes = { readonly of: (size: number) => Dim; readonly at: (dim: Dim) => number };
const NUMBERS: Sizes = { of: constant, at: (dim) => asConstant(dim) ?? Number.NaN };
/** One symbol for each size above 1. */
const SYMBOLS: Sizes = {
  of: (size) => (size > 1 && size < 7 ? symbol(`s${size}`) : constant(size)),
  at: (dim) => evaluate(dim, { s2: 2, s3: 3, s4: 4, s5: 5, s6: 6 }) ?? Number.NaN,
};

/** Sizes in settings that are shapes turn symbolic with the tensors'. */
const attributesOf = (step: Step, shape: readonly Dim[]): Attributes =>
  (step.op === 'reshape' || step.op === 'broadcastTo') && step.attributes
    ? { ...step.attributes, shape: shape.map((size): Attribute => asConstant(size) ?? { kind: 'size', size }) }
    : (step.attributes ?? {});

const contexts = { facts: NO_FACTS, runtime: 'torch' as const };

interface Value extends Laid {
  readonly real: readonly number[];
}

/** The chain's values by our rules; a value whose symbolic shape is not torch's is left out with all that follows. */
function follow(chain: Chain, sizes: Sizes): (Value | undefined)[] {
  const values: (Value | undefined)[] = [];
  for (const step of chain.steps) {
    if (step.op === 'input') {
      const shape = (step.shape ?? []).map(sizes.of);
      values.push({
        shape,
        dtype: step.dtype ?? 'float32',
        strides: 'contiguous',
        real: rowByRow((step.shape ?? []).map(constant)).map((one) => asConstant(one) ?? 0),
      });
      continue;
    }
    const operator = findOperator(step.op);
    const inputs = (step.inputs ?? []).map((at) => values[at]);
    const gives = step.gives ?? [];
    if (!operator || inputs.some((input) => input === undefined)) {
      values.push(...gives.map(() => undefined));
      continue;
    }
    const types = inputs as Value[];
    const attributes = attributesOf(step, (gives[0]?.[0] ?? []).map(sizes.of));
    const outputs = operator.shape(types, attributes, contexts).outputs;
    const strides = laidOut(operator, types, attributes, outputs, NO_FACTS);
    gives.forEach(([shape, real], at) => {
      const output = outputs[at];
      // What is reckoned for sizes above 1 says nothing of a size that happens to be 1.
      const isSame =
        output?.shape.length === shape.length &&
        output.shape.every((size, axis) => sizes.at(size) === shape[axis] && (shape[axis] !== 1 || asConstant(size) === 1));
      values.push(isSame && output ? { ...output, strides: strides[at] ?? 'unknown', real } : undefined);
    });
  }
  return values;
}

/** An axis of size 1 may have any stride. */
function sameLayout(value: Value, sizes: Sizes): boolean {
  const own = stridesOf(value);
  return own === undefined || own.every((stride, axis) => sizes.at(value.shape[axis] as Dim) === 1 || sizes.at(stride) === value.real[axis]);
}

const described = (value: Value, sizes: Sizes) => ({ shape: value.shape.map(sizes.at), ours: stridesOf(value)?.map(sizes.at), theirs: value.real });

const all = chains.map((chain, at) => [at, chain] as const);

it.each(all)('chain %i lies as torch laid it', (_, chain) => {
  for (const sizes of [NUMBERS, SYMBOLS])
    follow(chain, sizes).forEach((value, at) => {
      if (value) expect(JSON.stringify({ at, op: chain.steps[at]?.op, ...described(value, sizes) })).toSatisfy(() => sameLayout(value, sizes));
    });
});

/** Under another shape of as many elements. */
const seen = (value: Value, target: readonly Dim[]) => viewed(value, target, assumeEqual(NO_FACTS, product(target), product(value.shape), ''));

it.each(all)('chain %i is viewed where torch could', (_, chain) => {
  for (const sizes of [NUMBERS, SYMBOLS]) {
    const value = follow(chain, sizes)[chain.of];
    if (!value) continue;
    for (const [target, could] of chain.views) {
      const view = seen(value, target.map(sizes.of));
      const about = { ...described(value, sizes), target, could, view: view.kind };
      if (view.kind === 'view' && sizes === NUMBERS) expect(JSON.stringify(about)).toSatisfy(() => could);
      if (view.kind === 'none' && view.sure) expect(JSON.stringify(about)).toSatisfy(() => !could);
    }
  }
});

it('follows most of them', () => {
  const values = chains.flatMap((chain) => follow(chain, NUMBERS)).filter((value) => value !== undefined);
  expect(values.filter(({ strides }) => strides !== 'unknown').length / values.length).toBeGreaterThan(0.9);
  const refused = chains.flatMap((chain) => {
    const value = follow(chain, SYMBOLS)[chain.of];
    const failing = chain.views.filter(([, could]) => !could);
    return value && value.strides !== 'unknown' ? failing.map(([target]) => seen(value, target.map(SYMBOLS.of)).kind) : [];
  });
  expect(refused.filter((kind) => kind === 'none').length / refused.length).toBeGreaterThan(0.75);
});
