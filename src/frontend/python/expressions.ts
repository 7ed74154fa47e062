/** Expressions. */
import type { Argument, BinaryOperator, CompareOperator, Entry, Expression, Index, Item, UnaryOperator } from '../../program/types';
import { present, unread } from '../common/nodes';
import { comprehensionOf } from './comprehensions';
import { numberOf, plainText, stringOf } from './literals';
import { HOLE, MISSING, MISSING_NAME, type Reader } from './reader';
import { child, childrenIn, hasMark, markOf, type Node, named, textOf } from './tree';

/** What grows to the left: members, calls, subscripts, operators. Each kind with the field of what it stands on. */
const LINKS: { readonly [type: string]: string } = {
  attribute: 'object',
  call: 'function',
  subscript: 'value',
  binary_operator: 'left',
  boolean_operator: 'left',
};

/** How much deeper than the next one a link of a chain is: little is done at each, but every later walk goes down it. */
const LINK_DEPTH = 0.2;

/** Lowers an expression: a chain of members, calls and operators link by link, however long, anything else by what it consists of. */
export function expressionOf(reader: Reader, node: Node): Expression {
  const links: Node[] = [];
  let head = node;
  for (;;) {
    const field = LINKS[head.type];
    const next = field === undefined ? undefined : child(head, field);
    if (!next) break;
    links.push(head);
    head = next;
  }
  return reader.nested(
    () => links.reduceRight((base, link) => linkOf(reader, base, link), plainOf(reader, head)),
    () => reader.tooDeep(node),
    1 + links.length * LINK_DEPTH,
  );
}

function linkOf(reader: Reader, base: Expression, node: Node): Expression {
  const span = reader.span(node);
  if (node.type === 'attribute') return memberOf(reader, base, node);
  if (node.type === 'call') return callOf(reader, base, node);
  if (node.type === 'subscript') return { kind: 'subscript', object: base, index: indexOf(reader, node), optional: false, span };
  const right = operandOf(reader, child(node, 'right'), node);
  const operator = markOf(node) ?? '';
  if (node.type === 'boolean_operator') return { kind: 'logical', operator: operator === 'or' ? 'or' : 'and', left: base, right, span };
  return { kind: 'binary', operator: operator as BinaryOperator, left: base, right, span };
}

const operandOf = (reader: Reader, node: Node | undefined, around: Node): Expression => (node ? reader.expression(node) : unread(MISSING, reader.span(around)));

function memberOf(reader: Reader, object: Expression, node: Node): Expression {
  const span = reader.span(node);
  const member = child(node, 'attribute');
  const name = member ? textOf(member) : HOLE;
  if (!member || name === HOLE) return unread(MISSING_NAME, span);
  return { kind: 'attribute', object, name, optional: false, nameSpan: reader.span(member), span };
}

function callOf(reader: Reader, callee: Expression, node: Node): Expression {
  const span = reader.span(node);
  if (callee.kind === 'name' && callee.name === 'super') return { kind: 'super', span };
  const constructs = callee.kind === 'attribute' && callee.object.kind === 'super' && callee.name === '__init__';
  const args = argumentsOf(reader, child(node, 'arguments'));
  return { kind: 'call', callee: constructs ? { kind: 'super', span: callee.span } : callee, args, construct: false, optional: false, span };
}

/** The arguments of a call or of a class's head. */
export function argumentsOf(reader: Reader, node: Node | undefined): Argument[] {
  if (!node) return [];
  if (node.type === 'generator_expression') return [{ value: reader.expression(node) }];
  return named(node).map((argument): Argument => {
    if (argument.type === 'keyword_argument') {
      const name = child(argument, 'name');
      return present<Argument>({ value: operandOf(reader, child(argument, 'value'), argument), name: name && textOf(name) });
    }
    if (argument.type === 'dictionary_splat') return { value: operandOf(reader, named(argument)[0], argument), spread: 'dict' };
    return isSpread(argument) ? { value: reader.expression(argument), spread: 'list' } : { value: reader.expression(argument) };
  });
}

/** Where the leftmost part of an expression stands, by its kind. */
const LEFTMOST: { readonly [type: string]: true } = { conditional_expression: true, comparison_operator: true };

/** `*a`, also where the grammar has the star bind to the first name alone: `*a.shape`. */
export function isSpread(node: Node): boolean {
  let at: Node | undefined = node;
  while (at) {
    if (at.type === 'list_splat' || at.type === 'parenthesized_list_splat') return true;
    const field: string | undefined = LINKS[at.type];
    at = field !== undefined ? child(at, field) : LEFTMOST[at.type] ? named(at)[0] : undefined;
  }
  return false;
}

/** The items of a list, tuple or set. */
export const itemsOf = (reader: Reader, nodes: readonly Node[]): Item[] =>
  nodes.map((node) => (isSpread(node) ? { value: reader.expression(node), spread: true } : { value: reader.expression(node) }));

/** What stands in the brackets of a subscript. */
export function indexOf(reader: Reader, node: Node): Index[] {
  const parts = childrenIn(node, 'subscript');
  const span = reader.span(node);
  if (parts.some(isSpread)) {
    if (parts.some(({ type }) => type === 'slice')) return [unread('a starred index beside slices is not read', span)];
    return [{ kind: 'tuple', items: itemsOf(reader, parts), span }];
  }
  const [only] = parts;
  if (parts.length === 1 && only && only.type !== 'slice' && hasMark(node, ','))
    return [{ kind: 'tuple', items: itemsOf(reader, parts), span: reader.span(only) }];
  return parts.map((part): Index => {
    if (part.type === 'ellipsis') return { kind: 'ellipsis', span: reader.span(part) };
    return part.type === 'slice' ? sliceOf(reader, part) : reader.expression(part);
  });
}

function sliceOf(reader: Reader, node: Node): Index {
  const parts: (Expression | undefined)[] = [undefined, undefined, undefined];
  let at = 0;
  for (const part of node.children) {
    if (part.named) parts[at] = reader.expression(part);
    else if (part.type === ':') at++;
  }
  return present<Extract<Index, { kind: 'slice' }>>({ kind: 'slice', start: parts[0], stop: parts[1], step: parts[2], span: reader.span(node) });
}

type Read = (reader: Reader, node: Node) => Expression;

const inner: Read = (reader, node) => {
  const [first] = named(node);
  return first ? reader.expression(first) : unread(MISSING, reader.span(node));
};

const tuple: Read = (reader, node) => ({ kind: 'tuple', items: itemsOf(reader, named(node)), span: reader.span(node) });

const literal =
  (value: boolean | null): Read =>
  (reader, node) => ({ kind: 'literal', value, span: reader.span(node) });

const awaited: Read = (reader, node) => {
  const [operand] = named(node);
  const span = reader.span(node);
  const value: Expression = operand ? reader.expression(operand) : { kind: 'literal', value: null, span };
  return { kind: 'await', operand: value, span };
};

const yielded: Read = (reader, node) => {
  const [operand] = named(node);
  const span = reader.span(node);
  const value: Expression = operand ? reader.expression(operand) : { kind: 'literal', value: null, span };
  return { kind: 'await', operand: value, yields: /^yield\s+from\b/.test(textOf(node)) ? 'all' : 'one', span };
};

const READ: { readonly [type: string]: Read } = {
  identifier: (reader, node) => {
    const name = textOf(node);
    return name === HOLE ? unread(MISSING, reader.span(node)) : { kind: 'name', name, span: reader.span(node) };
  },
  integer: numberOf,
  float: numberOf,
  string: stringOf,
  concatenated_string: stringOf,
  true: literal(true),
  false: literal(false),
  none: literal(null),
  ellipsis: (reader, node) => ({ kind: 'name', name: 'Ellipsis', span: reader.span(node) }),
  parenthesized_expression: inner,
  list_splat: inner,
  parenthesized_list_splat: inner,
  tuple,
  expression_list: tuple,
  pattern_list: tuple,
  tuple_pattern: tuple,
  list: (reader, node) => ({ kind: 'list', items: itemsOf(reader, named(node)), span: reader.span(node) }),
  list_pattern: (reader, node) => ({ kind: 'list', items: itemsOf(reader, named(node)), span: reader.span(node) }),
  set: (reader, node) => {
    const span = reader.span(node);
    const items: Expression = { kind: 'list', items: itemsOf(reader, named(node)), span };
    return { kind: 'call', callee: { kind: 'name', name: 'set', span }, args: [{ value: items }], construct: false, optional: false, span };
  },
  dictionary: (reader, node) => ({ kind: 'dict', entries: named(node).map((entry) => entryOf(reader, entry)), keyed: true, span: reader.span(node) }),
  list_comprehension: comprehensionOf,
  set_comprehension: comprehensionOf,
  dictionary_comprehension: comprehensionOf,
  generator_expression: comprehensionOf,
  unary_operator: (reader, node) => ({
    kind: 'unary',
    operator: (markOf(node) ?? '-') as UnaryOperator,
    operand: operandOf(reader, child(node, 'argument'), node),
    span: reader.span(node),
  }),
  not_operator: (reader, node) => ({ kind: 'unary', operator: 'not', operand: operandOf(reader, child(node, 'argument'), node), span: reader.span(node) }),
  comparison_operator: comparison,
  conditional_expression: (reader, node) => {
    const [first, second, third] = named(node);
    const then = operandOf(reader, first, node);
    return { kind: 'conditional', test: operandOf(reader, second, node), then, otherwise: operandOf(reader, third, node), span: reader.span(node) };
  },
  named_expression: (reader, node) => {
    const target = child(node, 'name');
    if (!target) return unread(MISSING_NAME, reader.span(node));
    const value = operandOf(reader, child(node, 'value'), node);
    return { kind: 'assignment', target: reader.target(target), operator: '=', value, postfix: false, span: reader.span(node) };
  },
  lambda: (reader, node) => ({ kind: 'function', definition: reader.function(node), span: reader.span(node) }),
  await: awaited,
  yield: yielded,
  as_pattern: inner,
};

function plainOf(reader: Reader, node: Node): Expression {
  const read = READ[node.type];
  return read ? read(reader, node) : unread('this expression is not read', reader.span(node));
}

function entryOf(reader: Reader, node: Node): Entry {
  if (node.type === 'dictionary_splat') return { value: inner(reader, node), spread: true };
  const key = child(node, 'key');
  const value = operandOf(reader, child(node, 'value'), node);
  if (!key) return { value, spread: true };
  const text = key.type === 'string' || key.type === 'concatenated_string' ? plainText(key) : undefined;
  return { key: text ?? reader.expression(key), value };
}

/** `a < b < c` holds where `a < b` and `b < c` hold. */
function comparison(reader: Reader, node: Node): Expression {
  const operands = named(node);
  const operators = node.children.filter(({ named: isNamed }) => !isNamed).map(({ type }) => (type === '<>' ? '!=' : type) as CompareOperator);
  let result: Expression | undefined;
  operators.forEach((operator, at) => {
    const [first, second] = [operands[at], operands[at + 1]];
    if (!first || !second) return;
    const span = reader.spanOver(first, second);
    const one: Expression = { kind: 'compare', operator, left: reader.expression(first), right: reader.expression(second), span };
    result = result ? { kind: 'logical', operator: 'and', left: result, right: one, span: reader.spanOver(operands[0] ?? first, second) } : one;
  });
  return result ?? inner(reader, node);
}
