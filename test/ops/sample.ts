/** The form of an operator's samples: what the generated tests run it on. */
import * as fc from 'fast-check';
import { constant, realOf } from '../../src/dim/index';
import type { Attribute, Attributes, BoundAttributes, DType, Runtime, Tensor, Tfjs } from '../../src/ops/operator';

/** One operand at plain sizes; its values are drawn from `range` (whole for integers), or given. */
export interface Operand {
  readonly shape: readonly number[];
  readonly dtype?: DType;
  readonly range?: readonly [number, number];
  readonly values?: readonly number[];
}

/** One call of an operator. Sizes in attributes that follow the operands' are written `size(n)`: they turn symbolic with them. */
export interface Case {
  readonly inputs: readonly Operand[];
  readonly attributes: Attributes;
  readonly runtime?: Runtime;
  readonly training?: boolean;
}

type Run = (tf: Tfjs, inputs: readonly Tensor[], attributes: BoundAttributes) => Tensor | Tensor[];
/** The same, with the whole case; undefined where this case has no such reference. */
type Reference = (tf: Tfjs, inputs: readonly Tensor[], attributes: BoundAttributes, given: Case) => Tensor | Tensor[] | undefined;

/** What an operator is tested on. */
export interface Sample {
  /** Calls that run. */
  readonly cases: fc.Arbitrary<Case>;
  /** The tfjs call that the operator stands for, of cases for tfjs: gives the same values, and throws exactly where the rule objects (tried at broken sizes and ranks too). */
  readonly api?: Run;
  /** In place of `api` where its values are not the reference: throws exactly where the rule objects. */
  readonly rejects?: Run;
  /** Another way to compute the same values, which need not object to anything. */
  readonly reference?: Reference;
  /** Its multiply-accumulates, counted from plain shapes. Needed where the operator has any. */
  readonly macs?: (inputs: readonly (readonly number[])[], outputs: readonly (readonly number[])[], attributes: BoundAttributes) => number;
  /** Calls that the rule must object to, beyond those that the tests derive by breaking sizes. */
  readonly wrong?: readonly Case[];
  /** Why an output's size may be unknown to the rule: its values decide it. */
  readonly open?: string;
}

/** A size in attributes that follows the operands'. */
export const size = (value: number): Attribute => realOf(constant(value));

/** A small size. */
export const small = fc.integer({ min: 1, max: 5 });

/** A shape of so many axes. */
export const shapeOf = (least: number, most: number): fc.Arbitrary<number[]> => fc.array(small, { minLength: least, maxLength: most });

/** One of the values. */
export const oneOf = <const T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

/** Asks for a value of an arbitrary. */
export type Draw = <T>(from: fc.Arbitrary<T>) => T;

/** Cases drawn step by step, with as many values as they ask for. */
export function casesBy(build: (draw: Draw) => Case): fc.Arbitrary<Case> {
  return fc.noShrink(fc.gen()).map((gen) => build((from) => gen(() => from)));
}

/** Shapes that broadcast together: one full shape, and some of its sizes turned to 1 or left out at the front. */
export function broadcastable(count: number, draw: Draw, least = 0, most = 4): number[][] {
  const full = draw(shapeOf(least, most));
  return Array.from({ length: count }, () => {
    const cut = draw(fc.integer({ min: 0, max: Math.max(0, full.length - least) }));
    return full.slice(cut).map((length) => (draw(fc.integer({ min: 0, max: 3 })) === 0 ? 1 : length));
  });
}
