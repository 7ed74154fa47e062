/** Every operator in the table, run on the back end at random sizes and compared with what its definition says. */
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { constant, evaluate } from '../../src/dim/index';
import { heldAs } from '../../src/ops/dtypes';
import type { Operator, Tensor } from '../../src/ops/operator';
import { OPERATORS } from '../../src/ops/table';
import { bind, broken, difference, objections, ruleAt, runKernel, shapesAt, symbolic, tensorsOf, tf, threw } from './harness';
import type { Case, Sample } from './sample';
import { samples } from './samples/index';

const RUNS = Number(process.env['OPERATOR_RUNS'] ?? 40);
const TOLERANCE = 1e-4;

beforeAll(() => tf.setBackend('cpu'));

it('has samples for every operator, and every operator under its own name', () => {
  expect(Object.keys(samples).sort()).toEqual(Object.keys(OPERATORS).sort());
  expect(Object.entries(OPERATORS as Record<string, Operator>).filter(([name, operator]) => operator.name !== name)).toEqual([]);
});

const entries = Object.entries(OPERATORS as Record<string, Operator>).map(([name, operator]) => ({
  name,
  operator,
  sample: (samples as Record<string, Sample>)[name],
}));

describe.each(entries)('$name', ({ operator, sample }) => {
  if (sample === undefined) throw new Error(`no samples for ${operator.name}`);
  const { cases, api, rejects = api, reference, macs, wrong, open } = sample;
  const check = (property: (given: Case) => void | Promise<void>) =>
    fc.assert(
      fc.asyncProperty(cases, async (given) => property(given)),
      { numRuns: RUNS },
    );

  it('gives the shapes, types, storages and values that its definition says, and leaves nothing behind', () =>
    check(async (given) => {
      const rule = ruleAt(operator, given);
      expect(objections(rule, {})).toEqual([]);
      const inputs = tensorsOf(given.inputs);
      const before = tf.memory();
      const outputs = await runKernel(operator, inputs, given);
      const after = tf.memory();
      expectTypes(rule, outputs, open !== undefined);
      expect(after.numTensors - before.numTensors).toBe(outputs.length);
      expect(outputs.some((output) => inputs.includes(output))).toBe(false);
      if ((given.runtime ?? 'tfjs') === 'tfjs') expect(after.numDataBuffers - before.numDataBuffers).toBe(isView(operator, given) ? 0 : outputs.length);
      expectValues(given, inputs, outputs);
      tf.dispose([...inputs, ...outputs]);
    }));

  it('says the same over symbols', () =>
    check((given) => {
      const plain = shapesAt(ruleAt(operator, given), {});
      for (const naming of ['shared', 'own'] as const) {
        const { types, attributes, context, sizes } = symbolic(given, naming);
        const rule = operator.shape(types, attributes, context);
        expect(objections(rule, sizes)).toEqual([]);
        // A size may decide how many outputs or axes there are: over symbols the rule knows less, and says so.
        if (open !== undefined && rule.unknown !== undefined) continue;
        expect(shapesAt(rule, sizes)).toEqual(plain);
        expectCosts(given, { types, attributes, sizes }, rule.outputs, plain);
      }
    }));

  it('objects where the call fails, and only there', () =>
    fc.assert(
      fc.property(cases, fc.nat(1000), fc.nat(5), (drawn, pick, change) => {
        const given = broken(drawn, pick, change);
        if (given === undefined) return;
        const objects = objections(ruleAt(operator, given), {});
        const inputs = tensorsOf(given.inputs);
        if (rejects !== undefined && (given.runtime ?? 'tfjs') === 'tfjs') {
          const failed = threw(() => rejects(tf, inputs, bind(given.attributes)));
          expect({ failed: failed !== undefined, because: failed, objects }).toMatchObject({ failed: objects.length > 0 });
        }
        tf.dispose(inputs);
        const { types, attributes, context, sizes } = symbolic(given, 'own');
        if (objects.length === 0) expect(objections(operator.shape(types, attributes, context), sizes)).toEqual([]);
      }),
      { numRuns: RUNS },
    ));

  it('runs wherever its rule is content', () =>
    fc.assert(
      fc.asyncProperty(cases, fc.nat(1000), fc.nat(5), async (drawn, pick, change) => {
        const given = broken(drawn, pick, change);
        if (given === undefined) return;
        const rule = ruleAt(operator, given);
        if (objections(rule, {}).length > 0) return;
        const inputs = tensorsOf(given.inputs);
        const outputs = await runKernel(operator, inputs, given);
        expectTypes(rule, outputs, open !== undefined);
        tf.dispose([...inputs, ...outputs]);
      }),
      { numRuns: RUNS },
    ));

  if (wrong !== undefined) {
    it.each(wrong)('objects to %o', (given) => {
      expect(objections(ruleAt(operator, given), {})).not.toEqual([]);
    });
  }

  function expectValues(given: Case, inputs: ReturnType<typeof tensorsOf>, outputs: ReturnType<typeof tensorsOf>) {
    for (const other of [(given.runtime ?? 'tfjs') === 'tfjs' ? api : undefined, reference]) {
      if (other === undefined) continue;
      const expected = tf.tidy(() => other(tf, inputs, bind(given.attributes), given) as Tensor);
      if (expected === undefined) continue;
      const list = Array.isArray(expected) ? expected : [expected];
      expect(list.map((one) => one.shape)).toEqual(outputs.map((one) => one.shape));
      expect(Math.max(0, ...list.map((one, at) => difference(one, outputs[at] ?? one)))).toBeLessThan(TOLERANCE);
      tf.dispose(list);
    }
  }

  function expectCosts(
    given: Case,
    over: Pick<ReturnType<typeof symbolic>, 'types' | 'attributes' | 'sizes'>,
    outputs: ReturnType<Operator['shape']>['outputs'],
    plain: (number | null)[][],
  ) {
    if (macs !== undefined || operator.macs !== undefined) {
      const counted = macs?.(
        given.inputs.map(({ shape }) => shape),
        plain.map((shape) => shape.map((length) => length ?? Number.NaN)),
        bind(given.attributes),
      );
      expect(operator.macs && evaluate(operator.macs(over.types, outputs, over.attributes), over.sizes)).toBe(counted);
    }
    const saved = operator.saved?.(over.types, outputs, over.attributes);
    expect(saved?.inputs?.every((at) => at >= 0 && at < over.types.length) ?? true).toBe(true);
    expect(saved?.outputs?.every((at) => at >= 0 && at < outputs.length) ?? true).toBe(true);
    if (open === undefined) expect(saved?.extra?.every(({ bytes }) => (evaluate(bytes, over.sizes) ?? -1) >= 0) ?? true).toBe(true);
  }
});

function isView(operator: Operator, { inputs, attributes }: Case): boolean {
  const storage = operator.storage?.tfjs ?? 'copy';
  const types = inputs.map(({ shape, dtype = 'float32' }) => ({ shape: shape.map(constant), dtype }));
  return (typeof storage === 'function' ? storage(types, attributes) : storage) === 'view';
}

function expectTypes(rule: ReturnType<Operator['shape']>, outputs: ReturnType<typeof tensorsOf>, open: boolean) {
  const shapes = shapesAt(rule, {});
  expect(open ? shapes.map((shape, at) => shape.map((length, axis) => length ?? outputs[at]?.shape[axis])) : shapes).toEqual(outputs.map(({ shape }) => shape));
  expect(rule.outputs.map(({ dtype }) => heldAs(dtype))).toEqual(outputs.map(({ dtype }) => dtype));
}
