/** tfjs's elementwise functions on paper: whether their programs are packed, as kernels/*.ts of tfjs-backend-webgl give them a packed snippet or none. */
import { broadcastShape } from '../../ops/kernels';
import type { Device, Sheet, SheetType } from './device';

/** What a function takes in place of a tensor. */
export type Operand = Sheet | number | boolean;

const PACKED_UNARY = ['abs', 'ceil', 'cos', 'elu', 'expm1', 'floor', 'log', 'neg', 'relu', 'relu6', 'sigmoid', 'sin', 'sqrt', 'exp'] as const;
const UNPACKED_UNARY = [
  ...(['acos', 'acosh', 'asin', 'asinh', 'atan', 'atanh', 'cosh', 'erf', 'log1p', 'reciprocal', 'round', 'rsqrt', 'selu', 'sign', 'sinh'] as const),
  ...(['softplus', 'square', 'step', 'tan', 'tanh'] as const),
];
const UNARY_TRUTHS = ['isNaN', 'isInf', 'isFinite', 'logicalNot'] as const;
const BINARY = ['add', 'sub', 'mul', 'div', 'maximum', 'minimum', 'mod', 'pow', 'squaredDifference', 'atan2', 'floorDiv', 'prelu'] as const;
const BINARY_TRUTHS = ['equal', 'greater', 'greaterEqual', 'less', 'lessEqual', 'logicalAnd', 'logicalOr'] as const;

const ORDER: readonly SheetType[] = ['bool', 'int32', 'float32', 'complex64'];

/** The type in which two meet. */
export const wider = (left: SheetType, right: SheetType): SheetType => (ORDER.indexOf(left) >= ORDER.indexOf(right) ? left : right);

/** A number or truth value given for a tensor is one without axes. */
export const sheetOf = (device: Device, x: Operand): Sheet => (typeof x === 'object' ? x : device.values([], typeof x === 'boolean' ? 'bool' : 'float32'));

/** Gives one record for all names of a list. */
const each = <Name extends string, Call>(names: readonly Name[], call: (name: Name) => Call): { readonly [name in Name]: Call } =>
  Object.fromEntries(names.map((name) => [name, call(name)])) as { readonly [name in Name]: Call };

/** A program over operands that broadcast. */
export function spread(device: Device, given: readonly Operand[], dtype: SheetType | undefined, packed: boolean): Sheet {
  return device.scope(() => {
    const operands = given.map((x) => sheetOf(device, x));
    const shape = broadcastShape(operands.map((x) => x.shape));
    const type = dtype ?? operands.map((x) => x.dtype).reduce(wider);
    return device.program(operands, shape, type, packed);
  });
}

/** `tf.cast`: whole numbers and truth values are made by a program, wider types are another name. */
function cast(device: Device, x: Sheet, dtype: SheetType): Sheet {
  const narrower = ORDER.indexOf(dtype) < ORDER.indexOf(x.dtype);
  return narrower ? spread(device, dtype === 'bool' ? [x, 0] : [x], dtype, false) : device.handle(x.dataId, x.shape, dtype);
}

/** `tf.where`: its operands are repeated to the result's shape first. */
function where(device: Device, given: readonly [Sheet, Operand, Operand], repeat: (x: Sheet, shape: readonly number[]) => Sheet): Sheet {
  return device.scope(() => {
    const operands = given.map((x) => sheetOf(device, x));
    const shape = broadcastShape(operands.map((x) => x.shape));
    const [, left = 'float32', right = 'float32'] = operands.map((x) => x.dtype);
    return device.program(
      operands.map((x) => repeat(x, shape)),
      shape,
      wider(left, right),
      false,
    );
  });
}

/** The functions, by tfjs's names. */
export function elementwiseOn(device: Device, repeat: (x: Sheet, shape: readonly number[]) => Sheet) {
  const unary = (packed: boolean, dtype?: SheetType) => () => (x: Operand) => spread(device, [x], dtype, packed);
  const binary = (packed: boolean, dtype?: SheetType) => () => (a: Operand, b: Operand) => spread(device, [a, b], dtype, packed);
  const both = (a: Operand, b: Operand) => spread(device, [a, b], 'bool', true);
  return {
    ...each(PACKED_UNARY, unary(true)),
    ...each(UNPACKED_UNARY, unary(false)),
    ...each(UNARY_TRUTHS, unary(false, 'bool')),
    ...each(BINARY, binary(true)),
    ...each(BINARY_TRUTHS, binary(true, 'bool')),
    notEqual: (a: Operand, b: Operand) => spread(device, [a, b], 'bool', false),
    logicalXor: (a: Operand, b: Operand) => device.scope(() => both(both(a, b), spread(device, [both(a, b)], 'bool', false))),
    clipByValue: (x: Operand) => spread(device, [x], undefined, true),
    leakyRelu: (x: Operand) => spread(device, [x, 0], 'float32', true),
    logSigmoid: (x: Operand) => device.scope(() => spread(device, [spread(device, [spread(device, [x], undefined, true)], undefined, false)], undefined, true)),
    addN: (all: readonly Sheet[]) =>
      all.length === 1 && all[0] ? device.handle(all[0].dataId, all[0].shape, all[0].dtype) : spread(device, all, undefined, true),
    cast: (x: Sheet, dtype: SheetType) => cast(device, x, dtype),
    where: (truth: Sheet, a: Operand, b: Operand) => where(device, [truth, a, b], repeat),
    zerosLike: (x: Sheet) => device.program([], x.shape, x.dtype, false),
    onesLike: (x: Sheet) => device.program([], x.shape, x.dtype, false),
  };
}
