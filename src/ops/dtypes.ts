/** Element types: how they mix, and what tfjs holds for them. */
import { readText } from './attributes';
import type { Attributes, DType, Runtime, TensorType } from './operator';

type Category = 'bool' | 'integer' | 'floating' | 'complex';

const CATEGORIES: readonly Category[] = ['bool', 'integer', 'floating', 'complex'];
const INTEGERS: readonly DType[] = ['int8', 'uint8', 'int16', 'int32', 'int64'];
const FLOATS: readonly DType[] = ['bfloat16', 'float16', 'float32', 'float64'];

/** Bytes of one element. */
export const BYTES: { readonly [dtype in DType]: number } = {
  float32: 4,
  float16: 2,
  bfloat16: 2,
  float64: 8,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
  complex64: 8,
  string: 8,
};

/** Whether the type is one of floating numbers. */
export const isFloating = (dtype: DType): boolean => FLOATS.includes(dtype);

/** Whether the type is one of whole numbers. */
export const isInteger = (dtype: DType): boolean => INTEGERS.includes(dtype);

/** The type that a step computes and gives where its attribute `dtype` says so. */
export const computedIn = (attributes: Attributes, dtype: DType): DType => readText(attributes, 'dtype', dtype) as DType;

/** What arithmetic with fractions makes of such elements. */
export const floated = (dtype: DType): DType => (isFloating(dtype) || dtype === 'complex64' ? dtype : 'float32');

function categoryOf(dtype: DType): Category {
  if (dtype === 'bool') return 'bool';
  if (isInteger(dtype)) return 'integer';
  return dtype === 'complex64' ? 'complex' : 'floating';
}

/** The type that tfjs holds such elements in. */
export function heldAs(dtype: DType): 'float32' | 'int32' | 'bool' | 'complex64' | 'string' {
  if (dtype === 'string') return 'string';
  const category = categoryOf(dtype);
  return category === 'integer' ? 'int32' : category === 'floating' ? 'float32' : category === 'complex' ? 'complex64' : 'bool';
}

/** The type that operands of these types are brought to before they meet. In torch a tensor without axes yields to one with axes of the same category. */
export function promote(inputs: readonly TensorType[], runtime: Runtime): DType {
  const [first] = inputs;
  if (first === undefined) return 'float32';
  if (inputs.some(({ dtype }) => dtype === 'string')) return 'string';
  if (runtime === 'tfjs') return widest(inputs.map(({ dtype }) => heldAs(dtype)));
  const top = CATEGORIES[Math.max(...inputs.map(({ dtype }) => CATEGORIES.indexOf(categoryOf(dtype))))];
  const strong = inputs.filter(({ shape, dtype }) => shape.length > 0 && categoryOf(dtype) === top);
  const meeting = strong.length > 0 ? strong : inputs.filter(({ dtype }) => categoryOf(dtype) === top);
  return widest(meeting.map(({ dtype }) => dtype));
}

/** The narrowest type that holds the values of both: signed and unsigned bytes meet in int16, the two halves in float32. */
function widest(dtypes: readonly DType[]): DType {
  return dtypes.reduce((left, right) => {
    if (left === right) return left;
    const [a, b] = [CATEGORIES.indexOf(categoryOf(left)), CATEGORIES.indexOf(categoryOf(right))];
    if (a !== b) return a > b ? left : right;
    const pair = [left, right].sort().join();
    if (pair === 'int8,uint8') return 'int16';
    if (pair === 'bfloat16,float16') return 'float32';
    const order = isInteger(left) ? INTEGERS : FLOATS;
    return order.indexOf(left) > order.indexOf(right) ? left : right;
  });
}
