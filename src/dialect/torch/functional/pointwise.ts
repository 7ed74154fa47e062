/** Elementwise functions. */
import type { OperatorName } from '../../../ops/table';
import { type Line, type Lines, op } from '../line';

/** Functions of one tensor, with the operators that they are. */
const UNARY: Readonly<Record<string, OperatorName>> = {
  abs: 'abs',
  absolute: 'abs',
  acos: 'acos',
  arccos: 'acos',
  acosh: 'acosh',
  arccosh: 'acosh',
  asin: 'asin',
  arcsin: 'asin',
  asinh: 'asinh',
  arcsinh: 'asinh',
  atan: 'atan',
  arctan: 'atan',
  atanh: 'atanh',
  arctanh: 'atanh',
  ceil: 'ceil',
  cos: 'cos',
  cosh: 'cosh',
  erf: 'erf',
  exp: 'exp',
  expm1: 'expm1',
  floor: 'floor',
  isfinite: 'isFinite',
  isinf: 'isInf',
  isnan: 'isNaN',
  log: 'log',
  log1p: 'log1p',
  logical_not: 'logicalNot',
  neg: 'neg',
  negative: 'neg',
  reciprocal: 'reciprocal',
  relu: 'relu',
  rsqrt: 'rsqrt',
  sigmoid: 'sigmoid',
  sign: 'sign',
  sin: 'sin',
  sinh: 'sinh',
  sqrt: 'sqrt',
  square: 'square',
  tan: 'tan',
  tanh: 'tanh',
};

const unary = (names: Readonly<Record<string, OperatorName>>): Lines => Object.fromEntries(Object.entries(names).map(([name, to]) => [name, op(to, 'input')]));

/** Functions of two terms, with the operators that they are. */
const BINARY: Readonly<Record<string, OperatorName>> = {
  mul: 'mul',
  multiply: 'mul',
  floor_divide: 'floorDiv',
  remainder: 'mod',
  pow: 'pow',
  maximum: 'maximum',
  minimum: 'minimum',
  atan2: 'atan2',
  eq: 'equal',
  ne: 'notEqual',
  not_equal: 'notEqual',
  lt: 'less',
  less: 'less',
  le: 'lessEqual',
  less_equal: 'lessEqual',
  gt: 'greater',
  greater: 'greater',
  ge: 'greaterEqual',
  greater_equal: 'greaterEqual',
  logical_and: 'logicalAnd',
  logical_or: 'logicalOr',
  logical_xor: 'logicalXor',
};

const TERMS = 'input: term, other: term';
const binary = (name: OperatorName): Line => op(name, TERMS);

/** Functions of `torch` that tensors have as methods too. */
export const pointwise: Lines = {
  ...unary(UNARY),
  ...Object.fromEntries(Object.entries(BINARY).map(([name, to]) => [name, binary(to)])),
};

/** Functions of `torch` alone. */
export const pointwiseFunctions: Lines = {};

/** Methods alone. */
export const pointwiseMethods: Lines = {};

/** Functions of `torch.nn.functional`. */
export const pointwiseFunctional: Lines = {};
