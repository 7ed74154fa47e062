/** Random expressions with a reference meaning of their own, independent of the normal form. */
import fc from 'fast-check';
import { add, constant, type Dim, floorDivide, maximum, minimum, modulo, multiply, negate, subtract, symbol } from '../../src/dim/index';

export type Tree = number | string | { readonly op: Operation; readonly left: Tree; readonly right: Tree };
type Operation = '+' | '-' | '*' | '//' | '%' | 'max' | 'min' | 'neg';
export type Sizes = { readonly [name: string]: number };

export const NAMES = ['a', 'b', 'c', 'h', 'w', 'n'] as const;
const OPERATIONS: readonly Operation[] = ['+', '-', '*', '//', '//', '%', '*', 'max', 'min', 'neg'];

/** Trees of the given depth over few symbols and small numbers. */
export function trees(depth: number, names: readonly string[] = NAMES): fc.Arbitrary<Tree> {
  const leaf = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...names) }, { weight: 2, arbitrary: fc.integer({ min: -4, max: 12 }) });
  if (depth === 0) return leaf;
  const below = trees(depth - 1, names);
  const node = fc.record({ op: fc.constantFrom(...OPERATIONS), left: below, right: below });
  return fc.oneof({ weight: 1, arbitrary: leaf }, { weight: 4, arbitrary: node });
}

/** Values for all names. */
export function bindings(min: number, max: number): fc.Arbitrary<Sizes> {
  return fc.record(Object.fromEntries(NAMES.map((name) => [name, fc.integer({ min, max })])));
}

const BUILD: { readonly [op in Operation]: (a: Dim, b: Dim) => Dim } = {
  '+': add,
  '-': subtract,
  '*': multiply,
  '//': floorDivide,
  '%': modulo,
  max: maximum,
  min: minimum,
  neg: negate,
};

/** The tree through the operations under test. */
export function build(tree: Tree): Dim {
  if (typeof tree === 'number') return constant(tree);
  return typeof tree === 'string' ? symbol(tree) : BUILD[tree.op](build(tree.left), build(tree.right));
}

const MEANING: { readonly [op in Operation]: (a: bigint, b: bigint) => bigint | undefined } = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '//': (a, b) => (b === 0n ? undefined : (a - floorMod(a, b)) / b),
  '%': (a, b) => (b === 0n ? undefined : floorMod(a, b)),
  max: (a, b) => sorted(a, b)[1],
  min: (a, b) => sorted(a, b)[0],
  neg: (a) => -a,
};

function sorted(a: bigint, b: bigint): [bigint, bigint] {
  return a < b ? [a, b] : [b, a];
}

function floorMod(a: bigint, b: bigint): bigint {
  return ((a % b) + b) % b;
}

/** What the tree means, in big integers; undefined where it divides by zero. */
export function meaning(tree: Tree, sizes: Sizes): bigint | undefined {
  if (typeof tree === 'number') return BigInt(tree);
  if (typeof tree === 'string') return BigInt(sizes[tree] ?? 0);
  const left = meaning(tree.left, sizes);
  const right = meaning(tree.right, sizes);
  return left === undefined || right === undefined ? undefined : MEANING[tree.op](left, right);
}
