/** What torch's backward keeps, for rules that several operators share: derivatives.yaml of pytorch/pytorch. */
import type { Mode, Saved, TensorType } from './operator';

const allOf = (inputs: readonly TensorType[]): readonly boolean[] => inputs.map(() => true);

/** A product keeps each of its two factors where the other's gradient needs it; what is added to it is not kept. */
export function crosswise(inputs: readonly TensorType[], mode: Mode | undefined): Saved {
  const [left = true, right = true] = mode?.wants ?? allOf(inputs);
  return { inputs: [...(right ? [0] : []), ...(left && inputs.length > 1 ? [1] : [])] };
}

/** A convolution keeps what it is given and its weight, whichever gradient is wanted: one rule makes them all. */
export const bothFactors = (inputs: readonly TensorType[]): Saved => ({ inputs: inputs.length > 1 ? [0, 1] : [0] });

/** A product of any number of factors. */
export function eachForOthers(inputs: readonly TensorType[], mode: Mode | undefined): Saved {
  const wants = mode?.wants ?? allOf(inputs);
  return { inputs: inputs.flatMap((_, at) => (wants.some((wanted, other) => wanted && other !== at) ? [at] : [])) };
}

/** A quotient keeps the divisor, and what is divided where the divisor has a gradient. */
export function ofQuotient(inputs: readonly TensorType[], mode: Mode | undefined): Saved {
  const [left = true, right = true] = mode?.wants ?? allOf(inputs);
  return { inputs: [...(right ? [0] : []), ...(left || right ? [1] : [])] };
}
