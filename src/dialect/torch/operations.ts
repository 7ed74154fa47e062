/** Python's operators on tensors. */
import { type Host, type OverloadedOperator, plainArguments, type Value } from '../common/values';
import { FUNCTIONS } from './functional/index';
import { callLine } from './line';

/** Operators with the functions that they are. */
const BINARY: { readonly [operator in OverloadedOperator]?: string } = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
  '//': 'floor_divide',
  '%': 'remainder',
  '**': 'pow',
  '@': 'matmul',
  '&': 'bitwise_and',
  '|': 'bitwise_or',
  '^': 'bitwise_xor',
  '<<': 'bitwise_left_shift',
  '>>': 'bitwise_right_shift',
  '==': 'eq',
  '!=': 'ne',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
};

const UNARY: { readonly [operator in OverloadedOperator]?: string } = { '-': 'neg', '+': 'positive', '~': 'bitwise_not' };

/** What stands beside a tensor where a tensor or number is wanted: anything else is no operand of torch's. */
const isOperand = ({ kind }: Value): boolean => kind === 'tensor' || kind === 'number' || kind === 'boolean' || kind === 'unknown';

/** A number over a tensor is the tensor's reciprocal times the number. */
function overTensor(number: Value, tensor: Value, host: Host): Value | undefined {
  const inverse = FUNCTIONS.reciprocal && callLine(FUNCTIONS.reciprocal, plainArguments(host.span, '/', [tensor]), host);
  return inverse && FUNCTIONS.mul && callLine(FUNCTIONS.mul, plainArguments(host.span, '/', [inverse, number]), host);
}

/** `operands` joined by an operator; undefined where tensors have none such. */
export function tensorOperation(operator: OverloadedOperator, operands: readonly Value[], host: Host): Value | undefined {
  const name = (operands.length === 1 ? UNARY : BINARY)[operator];
  const line = name === undefined ? undefined : FUNCTIONS[name];
  if (line === undefined || !operands.every(isOperand)) return undefined;
  const [left, right] = operands;
  if (operator === '/' && left?.kind === 'number' && right?.kind === 'tensor') return overTensor(left, right, host);
  return callLine(line, plainArguments(host.span, operator, operands), host);
}
