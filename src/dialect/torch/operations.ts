/** Python's operators on tensors. */
import type { Host, OverloadedOperator, Value } from '../common/values';
import { plainArguments } from '../common/values';
import { FUNCTIONS } from './functional/index';
import { callLine } from './line';

/** Operators with the functions that they are. */
const FUNCTION: { readonly [operator in OverloadedOperator]?: string } = {
  '*': 'mul',
  '//': 'floor_divide',
  '%': 'remainder',
  '**': 'pow',
  '==': 'eq',
  '!=': 'ne',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
};

/** `operands` joined by an operator; undefined where tensors have none such. */
export function tensorOperation(operator: OverloadedOperator, operands: readonly Value[], host: Host): Value | undefined {
  const line = FUNCTIONS[FUNCTION[operator] ?? ''];
  return line && callLine(line, plainArguments(host.span, operator, operands), host);
}
