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

/** `operands` joined by an operator; undefined where tensors have none such. */
export function tensorOperation(operator: OverloadedOperator, operands: readonly Value[], host: Host): Value | undefined {
  const name = (operands.length === 1 ? UNARY : BINARY)[operator];
  const line = name === undefined ? undefined : FUNCTIONS[name];
  if (line === undefined || !operands.every(isOperand)) return undefined;
  return callLine(line, plainArguments(host.span, operator, operands), host);
}
