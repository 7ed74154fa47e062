/** Comprehensions and generator expressions. */
import type { ComprehensionClause, Expression } from '../../program/types';
import { present, unread } from '../common/nodes';
import { MISSING, type Reader } from './reader';
import { child, childrenIn, type Node, named } from './tree';

type Comprehension = Extract<Expression, { kind: 'comprehension' }>;

const RESULTS: { readonly [type: string]: Comprehension['result'] } = {
  list_comprehension: 'list',
  set_comprehension: 'set',
  dictionary_comprehension: 'dict',
  generator_expression: 'generator',
};

/** A comprehension: its clauses in order, each with the conditions behind it. */
export function comprehensionOf(reader: Reader, node: Node): Expression {
  const span = reader.span(node);
  const body = child(node, 'body');
  const element = body?.type === 'pair' ? child(body, 'value') : body;
  const key = body?.type === 'pair' ? child(body, 'key') : undefined;
  if (!element) return unread(MISSING, span);
  const clauses: { readonly clause: Omit<ComprehensionClause, 'conditions'>; readonly conditions: Expression[] }[] = [];
  for (const part of named(node)) {
    if (part.type === 'for_in_clause') clauses.push({ clause: clauseOf(reader, part), conditions: [] });
    else if (part.type === 'if_clause') clauses.at(-1)?.conditions.push(...named(part).map(reader.expression));
  }
  return present<Comprehension>({
    kind: 'comprehension',
    result: RESULTS[node.type] ?? 'list',
    key: key && reader.expression(key),
    element: reader.expression(element),
    clauses: clauses.map(({ clause, conditions }) => ({ ...clause, conditions })),
    span,
  });
}

function clauseOf(reader: Reader, node: Node): Omit<ComprehensionClause, 'conditions'> {
  const left = child(node, 'left');
  const right = childrenIn(node, 'right');
  const [first, second] = right;
  const span = reader.span(node);
  const iterable: Expression = !first
    ? unread(MISSING, span)
    : second
      ? { kind: 'tuple', items: right.map((item) => ({ value: reader.expression(item) })), span: reader.spanOver(first, right.at(-1) ?? second) }
      : reader.expression(first);
  return { target: left ? reader.target(left) : { kind: 'name', name: '', span }, iterable };
}
