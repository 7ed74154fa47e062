/** Matrix products and linear algebra. */
import { multiply } from '../../../dim/index';
import { numberOf } from '../../../ops/attributes';
import type { Attributes } from '../../../ops/operator';
import { asSize, type TensorValue, type Value } from '../../common/values';
import type { Bound } from '../binder';
import { castAs, composed, type Line, type Lines, op, opaque, outputs, taking, unmodelled } from '../line';
import { asTensor } from '../operands';

/** Each term of the equation tells its operand's rank; operands stand one by one or in a list. */
function einsum(bound: Bound): Value {
  const { host, args } = bound;
  const equation = bound.value('equation');
  if (equation.kind !== 'string') return host.unknownTensor('the equation is not known', bound.operands);
  const terms = equation.value.split('->')[0]?.split(',') ?? [];
  terms.forEach((term, index) => {
    const operand = bound.operands[index];
    if (operand?.shape === null && !term.includes('.')) host.tellRank(operand, term.replace(/\s/g, '').length, 'exactly');
  });
  return taking({ host, args })('einsum', bound.operands, { equation: equation.value });
}

type Product = (bound: Bound, scaling: Attributes) => TensorValue;

/** `beta * input + alpha * product`: torch multiplies and adds where the product stands. */
function addedProduct(signature: string, product: Product): Line {
  return composed(`input: term, ${signature}, *, beta: any = None, alpha: any = None`, (bound) => {
    const take = taking(bound);
    const [beta, alpha] = [bound.value('beta'), bound.value('alpha')];
    const made = product(bound, alpha.kind === 'number' && !isNumber(alpha, 1) ? { factor: alpha.real } : {});
    const scaled = alpha.kind === 'number' || alpha.kind === 'undefined' ? made : take('mul', [made, asTensor(alpha, bound.host, [made])]);
    if (isNumber(beta, 0)) return scaled;
    const added = bound.tensor('input');
    const weighted = beta.kind === 'undefined' || isNumber(beta, 1) ? added : take('mul', [added, asTensor(beta, bound.host, [added])]);
    return bound.host.replace(made, take('add', [weighted, scaled]));
  });
}

const isNumber = (value: Value, number: number): boolean => value.kind === 'number' && numberOf(value.real) === number;

const productOf =
  (left: string, right: string): Product =>
  (bound, scaling) =>
    taking(bound)('matmul', [bound.tensor(left), bound.tensor(right)], scaling);

/** Every product of an element of one with one of the other: as a matrix product over one place. */
function outerOf(bound: Bound, scaling: Attributes): TensorValue {
  const take = taking(bound);
  return take('matmul', [take('expandDims', [bound.tensor('vec1')], { axis: 1 }), take('expandDims', [bound.tensor('vec2')], { axis: 0 })], scaling);
}

const matrices = (bound: Bound): Value => taking(bound)('matmul', bound.operands);

/** The cross product over an axis of size 3. */
const CROSS: Line = op('cross', 'input, other, dim: axis = None');

/** Every element of one with the whole other: axes in pairs, then merged. */
function kron(bound: Bound): Value {
  const [a, b] = bound.operands;
  if (!a?.shape || !b?.shape || a.shape.length !== b.shape.length) return bound.host.unknownTensor(`no rule for \`${bound.args.api}\` here`, bound.operands);
  const take = taking(bound);
  const spread = (x: TensorValue, offset: number): TensorValue =>
    (x.shape ?? []).reduce<TensorValue>((wide, _, axis) => take('expandDims', [wide], { axis: 2 * axis + offset }), x);
  const shape = a.shape.map((size, axis) => ({ kind: 'size' as const, size: multiply(size, b.shape?.[axis] ?? size) }));
  return take('reshape', [take('mul', [spread(a, 1), spread(b, 0)])], { shape });
}

const norms: Lines = {
  norm: op('norm', "A, ord: numberOrWord = 'euclidean', dim: axes = None, keepdim: keep = false, *, dtype: cast = None"),
  vector_norm: op('norm', 'x, ord: numberOrWord = 2, dim: axes = None, keepdim: keep = false, *, dtype: cast = None'),
};

/** Functions of `torch` that tensors have as methods too. */
export const products: Lines = {
  matmul: op('matmul', 'input, other'),
  mm: composed('input: rank 2, mat2: rank 2', matrices),
  bmm: composed('input: rank 3, mat2: rank 3', matrices),
  mv: composed('input: rank 2, vec: rank 1', matrices),
  dot: op('dot', 'input: rank 1, tensor: rank 1'),
  vdot: op('dot', 'input: rank 1, other: rank 1'),
  outer: op('outerProduct', 'input: rank 1, vec2: rank 1'),
  ger: op('outerProduct', 'input: rank 1, vec2: rank 1'),
  inner: composed('input, other', (bound) => contracted(bound, [-1], [-1])),
  addmm: castAs('lower', addedProduct('mat1: rank 2, mat2: rank 2', productOf('mat1', 'mat2'))),
  baddbmm: castAs('lower', addedProduct('batch1: rank 3, batch2: rank 3', productOf('batch1', 'batch2'))),
  addmv: castAs('lower', addedProduct('mat: rank 2, vec: rank 1', productOf('mat', 'vec'))),
  addbmm: castAs(
    'lower',
    addedProduct('batch1: rank 3, batch2: rank 3', (bound, scaling) => taking(bound)('sum', [productOf('batch1', 'batch2')(bound, scaling)], { axes: [0] })),
  ),
  addr: castAs('lower', addedProduct('vec1: rank 1, vec2: rank 1', outerOf)),
  cross: CROSS,
  kron: composed('input, other', kron),
  inverse: op('matrixInverse', 'input: rank 2+'),
  det: op('determinant', 'input: rank 2+'),
};

/** Functions of `torch` alone. */
export const productFunctions: Lines = {
  einsum: composed('equation: any, *operands: tensors', einsum),
  tensordot: castAs('widest', composed('a, b, dims: any = None', tensordot)),
  chain_matmul: composed('*matrices: tensors', (bound) =>
    bound.operands.slice(1).reduce<TensorValue>((left, right) => taking(bound)('matmul', [left, right]), bound.operands[0] ?? bound.tensor('matrices')),
  ),
};

/** Sums over the last axes of one and the first of the other, or over those that are named. */
function tensordot(bound: Bound): Value {
  const { host } = bound;
  const [a, b] = bound.operands;
  const dims = bound.value('dims');
  if (!a?.shape || !b?.shape) return host.unknownTensor('the rank of an operand is not known', bound.operands);
  const count = dims.kind === 'undefined' ? 2 : dims.kind === 'number' ? Number(asSize(dims)?.text) : Number.NaN;
  const lists = dims.kind === 'list' ? dims.items.map((item) => (item.kind === 'list' ? item.items.map((axis) => Number(asSize(axis)?.text)) : [])) : [];
  const left = lists[0] ?? Array.from({ length: count || 0 }, (_, at) => at - count);
  const right = lists[1] ?? Array.from({ length: count || 0 }, (_, at) => at);
  return contracted(bound, left, right);
}

/** The two operands, summed over these axes of either. */
function contracted(bound: Bound, left: readonly number[], right: readonly number[]): Value {
  const [a, b] = bound.operands;
  const equation = a?.shape && b?.shape ? contraction(a.shape.length, b.shape.length, left, right) : undefined;
  return equation === undefined ? bound.host.unknownTensor('the axes are not known', bound.operands) : taking(bound)('einsum', bound.operands, { equation });
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** The contraction as an equation. */
function contraction(a: number, b: number, left: readonly number[], right: readonly number[]): string | undefined {
  const [first, second] = [left.map((axis) => (axis < 0 ? axis + a : axis)), right.map((axis) => (axis < 0 ? axis + b : axis))];
  if (a + b > LETTERS.length || first.length !== second.length || [...first, ...second].some((axis) => !Number.isInteger(axis) || axis < 0)) return undefined;
  const one = [...LETTERS.slice(0, a)];
  const other = [...LETTERS.slice(a, a + b)].map((letter, axis) => (second.includes(axis) ? (one[first[second.indexOf(axis)] ?? 0] ?? letter) : letter));
  const kept = [...one.filter((_, axis) => !first.includes(axis)), ...other.filter((_, axis) => !second.includes(axis))];
  return `${one.join('')},${other.join('')}->${kept.join('')}`;
}

/** `torch.linalg`. */
export const linalg: Lines = {
  ...norms,
  matrix_norm: unmodelled('A, ord: any = None, dim: any = None, keepdim: any = None, *, dtype: any = None'),
  matmul: op('matmul', 'input, other'),
  vecdot: composed('x, y, *, dim: axis = -1', (bound) =>
    taking(bound)('sum', [taking(bound)('mul', bound.operands)], { axes: [bound.attributes['axis'] ?? -1] }),
  ),
  multi_dot: composed('tensors: tensors', (bound) =>
    bound.operands.slice(1).reduce<TensorValue>((left, right) => taking(bound)('matmul', [left, right]), bound.operands[0] ?? bound.tensor('tensors')),
  ),
  cross: op('cross', 'input, other, *, dim: axis = -1'),
  diagonal: op('diagonal', 'A, *, offset: int = 0, dim1: int as first = -2, dim2: int as second = -1'),
  inv: op('matrixInverse', 'A: rank 2+'),
  det: op('determinant', 'A: rank 2+'),
  svd: opaque('A, full_matrices: any = None, **'),
  qr: outputs('qr', ['Q', 'R'], 'A: rank 2+, mode: word = "reduced"'),
  eigh: opaque('A, UPLO: any = None'),
  eig: opaque('A'),
};
