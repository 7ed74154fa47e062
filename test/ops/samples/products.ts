/** Samples of the products. */
import * as fc from 'fast-check';
import { readEquation } from '../../../src/ops/equation';
import type { Tensor, Tfjs } from '../../../src/ops/operator';
import type { products } from '../../../src/ops/products';
import { broadcastable, casesBy, type Draw, oneOf, type Sample, small } from '../sample';

const volume = (shape: readonly number[]): number => shape.reduce((all, length) => all * length, 1);

/** A matrix as the transpose flag wants it. */
const matrix = (batch: readonly number[], rows: number, columns: number, transposed: boolean): number[] =>
  transposed ? [...batch, columns, rows] : [...batch, rows, columns];

const matmulCases = casesBy((draw) => {
  const [left = [], right = []] = broadcastable(2, draw, 0, 3);
  const [rows, inner, columns] = [draw(small), draw(small), draw(small)];
  const [transposeA, transposeB] = [draw(fc.boolean()), draw(fc.boolean())];
  const dtype = draw(oneOf('float32', 'float32', 'int32'));
  return {
    inputs: [{ shape: matrix(left, rows, inner, transposeA), dtype }, { shape: matrix(right, inner, columns, transposeB) }],
    attributes: { transposeA, transposeB, ...(draw(fc.boolean()) ? { factor: draw(fc.constantFrom(0.25, -2)) } : {}) },
  };
});

/** The contraction written as products and sums over the whole grid: slow, and right for any batches. */
function matmulByGrid(
  tf: Tfjs,
  inputs: readonly Tensor[],
  { transposeA, transposeB, factor }: { transposeA?: unknown; transposeB?: unknown; factor?: unknown },
): Tensor {
  const swap = (x: Tensor, yes: boolean): Tensor => (yes ? tf.transpose(x, [...Array.from({ length: x.rank - 2 }, (_, at) => at), x.rank - 1, x.rank - 2]) : x);
  const [a, b] = [swap(inputs[0] as Tensor, transposeA === true), swap(inputs[1] as Tensor, transposeB === true)];
  const made = tf.sum(tf.mul(tf.expandDims(a, -1), tf.expandDims(b, -3)), -2);
  return factor === undefined ? made : tf.mul(made, Number(factor));
}

const dotShapes = (draw: Draw): number[][] => {
  const inner = draw(small);
  const rest = (): number[] => (draw(fc.boolean()) ? [draw(small)] : []);
  return [
    [...rest(), inner],
    [inner, ...rest()],
  ];
};

/** tf.einsum's own equations. */
const EQUATIONS = [
  'ij,jk->ik',
  'bij,bjk->bik',
  'bnqd,bnkd->bnqk',
  'bhqk,bkhd->bqhd',
  'ij->ji',
  'ijk->ik',
  'i,i->',
  'i,j->ij',
  'bij,bij->b',
  'bij,jd->bid',
  'bchw,bcij->bhwij',
  'ab,cd->abcd',
  'ijk,jl->il',
];
/** What torch takes beyond them. */
const GENERAL = ['ij,jk', '...ij,...jk->...ik', 'ii->i', 'ii', 'ij,jk,kl->il', 'b...c,cd->b...d', 'iji->j', 'a,b,c->cab', '...ij->...ji', 'ij,ij,ij->'];

const einsumCase = (equations: readonly string[], runtime: 'tfjs' | 'torch') =>
  casesBy((draw) => {
    const equation = draw(fc.constantFrom(...equations));
    const lengths = new Map<string, number>();
    const under = draw(fc.array(small, { minLength: 0, maxLength: 2 }));
    const lengthOf = (label: string): number => {
      const length = lengths.get(label) ?? draw(small);
      lengths.set(label, length);
      return length;
    };
    const terms = (equation.split('->')[0] ?? '').split(',');
    const inputs = terms.map((term) => ({
      shape: term.split(/(\.\.\.|[a-z])/).flatMap((part) => (part === '...' ? under : part === '' ? [] : [lengthOf(part)])),
    }));
    return { inputs, attributes: { equation }, runtime };
  });

/** Every operand spread over all labels, multiplied and summed: the definition of einsum. */
function einsumByGrid(tf: Tfjs, inputs: readonly Tensor[], { equation }: { equation?: unknown }): Tensor {
  const read = readEquation(
    String(equation),
    inputs.map(({ rank }) => rank),
  );
  if ('reason' in read) throw new Error(read.reason);
  const all = [...new Set(read.operands.flat())];
  const lengths = all.map((label) =>
    Math.max(...read.operands.flatMap((labels, at) => labels.flatMap((own, axis) => (own === label ? [inputs[at]?.shape[axis] ?? 1] : [])))),
  );
  const values = inputs.map((input) => input.dataSync());
  const out = read.output.map((label) => lengths[all.indexOf(label)] ?? 1);
  const made = new Float32Array(volume(out));
  for (let cell = 0; cell < volume(lengths); cell++) {
    const place = new Map(all.map((label, at) => [label, Math.floor(cell / volume(lengths.slice(at + 1))) % (lengths[at] ?? 1)]));
    const offset = (labels: readonly string[], shape: readonly number[]) =>
      labels.reduce((sum, label, axis) => sum * (shape[axis] ?? 1) + ((shape[axis] ?? 1) === 1 ? 0 : (place.get(label) ?? 0)), 0);
    const product = values.reduce((sum, list, at) => sum * Number(list[offset(read.operands[at] ?? [], inputs[at]?.shape ?? [])]), 1);
    made[offset(read.output, out)] = (made[offset(read.output, out)] ?? 0) + product;
  }
  return tf.tensor(made, out);
}

/** From left to right; what stands in one operand alone is summed first. */
function einsumMacs(inputs: readonly (readonly number[])[], _outputs: unknown, { equation }: { equation?: unknown }): number {
  const read = readEquation(
    String(equation),
    inputs.map(({ length }) => length),
  );
  if ('reason' in read) return Number.NaN;
  const lengths = new Map(read.operands.flatMap((labels, at) => labels.map((label, axis) => [label, inputs[at]?.[axis] ?? 1] as const)));
  let count = 0;
  for (let at = 1; at < read.operands.length; at++) {
    const past = new Set(read.operands.slice(0, at).flat());
    const here = new Set(read.operands[at]);
    const later = new Set([...read.operands.slice(at + 1).flat(), ...read.output]);
    const met = [...new Set([...past, ...here])].filter((label) => (past.has(label) && here.has(label)) || later.has(label));
    const live = met.filter((label) => here.has(label) || later.has(label));
    // Where nothing is summed over, it is elementwise.
    if (live.some((label) => !later.has(label))) count += volume(live.map((label) => lengths.get(label) ?? 1));
  }
  return count;
}

export const productSamples: Record<keyof typeof products, Sample> = {
  matmul: {
    cases: matmulCases,
    rejects: (tf, [a, b], { transposeA, transposeB }) => tf.matMul(a as Tensor, b as Tensor, transposeA === true, transposeB === true),
    reference: matmulByGrid,
    macs: ([left = []], [out = []], { transposeA }) => volume(out) * (left.at(transposeA === true ? -2 : -1) ?? 1),
    wrong: [{ inputs: [{ shape: [3] }, { shape: [3, 2] }], attributes: {} }],
  },
  dot: {
    cases: casesBy((draw) => ({ inputs: dotShapes(draw).map((shape) => ({ shape })), attributes: {} })),
    api: (tf, [a, b]) => tf.dot(a as Tensor, b as Tensor),
    macs: ([left = []], [out = []]) => volume(out) * (left.at(-1) ?? 1),
    wrong: [{ inputs: [{ shape: [2, 3] }, { shape: [3, 2] }], attributes: {}, runtime: 'torch' }],
  },
  outerProduct: {
    cases: casesBy((draw) => ({ inputs: [{ shape: [draw(small)] }, { shape: [draw(small)] }], attributes: {} })),
    api: (tf, [a, b]) => tf.outerProduct(a as never, b as never),
  },
  linear: {
    cases: casesBy((draw) => {
      const [inner, outer, transposeWeight] = [draw(small), draw(small), draw(fc.boolean())];
      const batch = draw(fc.array(small, { minLength: 1, maxLength: 4 }));
      const bias = draw(fc.boolean()) ? [{ shape: [outer] }] : [];
      return { inputs: [{ shape: [...batch, inner] }, { shape: matrix([], inner, outer, transposeWeight) }, ...bias], attributes: { transposeWeight } };
    }),
    reference: (tf, [x, weight, bias], { transposeWeight }) => {
      const made = matmulByGrid(tf, [x as Tensor, weight as Tensor], { transposeB: transposeWeight });
      return bias === undefined ? made : tf.add(made, bias);
    },
    macs: ([x = []], [out = []]) => volume(out) * (x.at(-1) ?? 1),
    wrong: [
      { inputs: [{ shape: [2, 3] }, { shape: [4, 5] }], attributes: {} },
      { inputs: [{ shape: [2, 3] }, { shape: [3, 5] }, { shape: [4] }], attributes: {} },
      { inputs: [{ shape: [3] }, { shape: [3, 5] }], attributes: {} },
    ],
  },
  einsum: {
    cases: fc.oneof(einsumCase(EQUATIONS, 'tfjs'), einsumCase([...EQUATIONS, ...GENERAL], 'torch')),
    rejects: (tf, inputs, { equation }) => {
      // tfjs reads past the axes that the equation does not name, and gives nonsense.
      if ((String(equation).split('->')[0] ?? '').split(',').some((term, at) => term.length !== inputs[at]?.rank)) throw new Error('ranks');
      return tf.einsum(String(equation), ...inputs);
    },
    macs: einsumMacs,
    reference: einsumByGrid,
    wrong: GENERAL.map((equation) => ({
      inputs: (equation.split('->')[0] ?? '').split(',').map((term) => ({ shape: [...term.replace('...', '')].map(() => 2) })),
      attributes: { equation },
    })),
  },
};
