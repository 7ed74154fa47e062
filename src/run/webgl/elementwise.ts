/** tfjs's elementwise functions on paper: whether their programs are packed, as kernels/*.ts of tfjs-backend-webgl give them a packed snippet or none. */
import { broadcastShape } from '../../ops/kernels';
import type { Device, Sheet, SheetType } from './device';

/** What a function takes in place of a tensor. */
export type Operand = Sheet | number | boolean;

const UNARY = [
  ...(['abs', 'acos', 'acosh', 'asin', 'asinh', 'atan', 'atanh', 'ceil', 'cos', 'cosh', 'elu', 'erf', 'exp', 'expm1', 'floor', 'log', 'log1p'] as const),
  ...(['neg', 'reciprocal', 'relu', 'relu6', 'round', 'rsqrt', 'selu', 'sigmoid', 'sign', 'sin', 'sinh', 'softplus', 'sqrt', 'square', 'step'] as const),
  ...(['tan', 'tanh', 'isNaN', 'isInf', 'isFinite', 'logicalNot'] as const),
];
const BINARY = [
  ...(['add', 'sub', 'mul', 'div', 'maximum', 'minimum', 'mod', 'pow', 'squaredDifference', 'atan2', 'floorDiv', 'prelu', 'bitwiseAnd'] as const),
  ...(['equal', 'notEqual', 'greater', 'greaterEqual', 'less', 'lessEqual', 'logicalAnd', 'logicalOr'] as const),
];
type Name = (typeof UNARY)[number] | (typeof BINARY)[number] | 'clip' | 'int' | 'leakyRelu' | 'addN';

/** Kernels with a packed program. */
const PACKED: ReadonlySet<Name> = new Set<Name>([
  ...(['abs', 'ceil', 'cos', 'elu', 'exp', 'expm1', 'floor', 'log', 'neg', 'relu', 'relu6', 'sigmoid', 'sin', 'sqrt', 'clip', 'leakyRelu', 'addN'] as const),
  ...BINARY.filter((name) => name !== 'notEqual'),
]);
/** Kernels that tfjs hands to the processor where their operands are few values there. */
const HANDED: ReadonlySet<Name> = new Set<Name>([
  ...(['abs', 'ceil', 'exp', 'expm1', 'floor', 'log', 'neg', 'rsqrt', 'sigmoid', 'sqrt', 'int'] as const),
  ...(['add', 'sub', 'mul', 'maximum', 'minimum', 'bitwiseAnd', 'equal', 'notEqual', 'greater', 'greaterEqual', 'less', 'lessEqual'] as const),
]);
const TRUTHS: ReadonlySet<Name> = new Set<Name>([
  ...(['isNaN', 'isInf', 'isFinite', 'logicalNot', 'equal', 'notEqual', 'greater', 'greaterEqual', 'less', 'lessEqual', 'logicalAnd', 'logicalOr'] as const),
]);

const ORDER: readonly SheetType[] = ['bool', 'int32', 'float32', 'complex64'];

/** The type in which two meet. */
export const wider = (left: SheetType, right: SheetType): SheetType => (ORDER.indexOf(left) >= ORDER.indexOf(right) ? left : right);

/** A number or truth value given for a tensor is one without axes. */
export const sheetOf = (device: Device, x: Operand): Sheet => (typeof x === 'object' ? x : device.values([], typeof x === 'boolean' ? 'bool' : 'float32'));

/** Gives one record for all names of a list. */
const each = <Name extends string, Call>(names: readonly Name[], call: (name: Name) => Call): { readonly [name in Name]: Call } =>
  Object.fromEntries(names.map((name) => [name, call(name)])) as { readonly [name in Name]: Call };

/** A kernel over operands that broadcast; `dtype` where it is not what they meet in. */
export function spread(device: Device, name: Name, given: readonly Operand[], dtype?: SheetType): Sheet {
  return device.scope(() => {
    const operands = given.map((x) => sheetOf(device, x));
    const shape = broadcastShape(operands.map((x) => x.shape));
    const type = dtype ?? (TRUTHS.has(name) ? 'bool' : operands.map((x) => x.dtype).reduce(wider));
    return (HANDED.has(name) ? device.handed : device.program)(operands, shape, type, PACKED.has(name));
  });
}

/** `tf.cast`: whole numbers and truth values are made by a kernel, wider types are another name. */
function cast(device: Device, x: Sheet, dtype: SheetType): Sheet {
  if (ORDER.indexOf(dtype) >= ORDER.indexOf(x.dtype)) return device.handle(x.dataId, x.shape, dtype);
  return dtype === 'bool' ? spread(device, 'notEqual', [x, 0]) : spread(device, 'int', [x], dtype);
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
  const both = (a: Operand, b: Operand) => spread(device, 'logicalAnd', [a, b]);
  return {
    ...each(UNARY, (name) => (x: Operand) => spread(device, name, [x])),
    ...each(BINARY, (name) => (a: Operand, b: Operand) => spread(device, name, [a, b])),
    logicalXor: (a: Operand, b: Operand) => device.scope(() => both(spread(device, 'logicalOr', [a, b]), spread(device, 'logicalNot', [both(a, b)]))),
    clipByValue: (x: Operand) => spread(device, 'clip', [x]),
    leakyRelu: (x: Operand) => spread(device, 'leakyRelu', [x, 0], 'float32'),
    logSigmoid: (x: Operand) => device.scope(() => spread(device, 'neg', [spread(device, 'softplus', [spread(device, 'neg', [x])])])),
    addN: (all: readonly Sheet[]) => (all.length === 1 && all[0] ? device.handle(all[0].dataId, all[0].shape, all[0].dtype) : spread(device, 'addN', all)),
    cast: (x: Sheet, dtype: SheetType) => cast(device, x, dtype),
    where: (truth: Sheet, a: Operand, b: Operand) => where(device, [truth, a, b], repeat),
    zerosLike: (x: Sheet) => device.program([], x.shape, x.dtype, false),
    onesLike: (x: Sheet) => device.program([], x.shape, x.dtype, false),
  };
}
