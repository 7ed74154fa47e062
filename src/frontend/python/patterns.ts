/** `match`: a chain of tests, as far as patterns are tests of the subject; where they are not, the test is unknown. */
import type { Expression, Span, Statement, StatementShape } from '../../program/types';
import { unread } from '../common/nodes';
import { MISSING, type Reader } from './reader';
import { child, childrenIn, hasMark, type Node, named, textOf } from './tree';

/** What a pattern asks of the subject, and what it binds where it fits. */
interface Fit {
  /** Undefined where it always fits. */
  readonly test: Expression | undefined;
  readonly bound: readonly { readonly name: string; readonly value: Expression; readonly span: Span }[];
}

/** How many cases one statement may have: each nests in the one before. What stands behind them is unknown. */
const MOST_CASES = 150;

/** A `match` as nested conditions. */
export function matchOf(reader: Reader, node: Node): readonly StatementShape[] {
  const subjects = childrenIn(node, 'subject');
  const body = child(node, 'body');
  const cases = body ? named(body).filter(({ type }) => type === 'case_clause') : [];
  const over = cases[MOST_CASES];
  let otherwise: readonly Statement[] = over ? [{ kind: 'expression', expression: reader.tooDeep(over), span: reader.span(over) }] : [];
  for (const clause of cases.slice(0, MOST_CASES).reverse()) {
    otherwise = [{ ...caseOf(reader, clause, () => subjectOf(reader, subjects, node), otherwise), span: reader.span(clause) }];
  }
  const [first] = otherwise;
  return first ? [first] : [];
}

function subjectOf(reader: Reader, subjects: readonly Node[], node: Node): Expression {
  const [only, second] = subjects;
  if (!only) return unread(MISSING, reader.span(node));
  if (!second) return reader.expression(only);
  return { kind: 'tuple', items: subjects.map((subject) => ({ value: reader.expression(subject) })), span: reader.spanOver(only, second) };
}

function caseOf(reader: Reader, clause: Node, subject: () => Expression, otherwise: readonly Statement[]): StatementShape {
  const patterns = named(clause).filter(({ type }) => type === 'case_pattern');
  const [pattern] = patterns;
  const span = reader.span(clause);
  const fit: Fit = pattern && patterns.length === 1 ? fitOf(reader, pattern, subject) : unfit(reader, clause, patterns);
  const guardNode = child(clause, 'guard');
  const [guarded] = guardNode ? named(guardNode) : [];
  const bindings = fit.bound.map(
    ({ name, value, span: at }): Statement => ({
      kind: 'assign',
      targets: [{ kind: 'name', name, span: at }],
      operator: '=',
      value,
      ...(reader.isOuter(name) ? {} : { declares: 'var' as const }),
      span: at,
    }),
  );
  const then = [...bindings, ...reader.block(child(clause, 'consequence'))];
  const guard = guarded && withBindings(fit, reader.expression(guarded), reader.span(guarded));
  const test = fit.test && guard ? both(fit.test, guard, span) : (fit.test ?? guard ?? always(span));
  return { kind: 'if', test, then, otherwise };
}

const always = (span: Span): Expression => ({ kind: 'literal', value: true, span });
const both = (left: Expression, right: Expression, span: Span): Expression => ({ kind: 'logical', operator: 'and', left, right, span });

/** A guard may use what the pattern binds. */
function withBindings({ bound }: Fit, guard: Expression, span: Span): Expression {
  if (bound.length === 0) return guard;
  const assignments = bound.map(
    ({ name, value, span: at }): Expression => ({
      kind: 'assignment',
      target: { kind: 'name', name, span: at },
      operator: '=',
      value,
      postfix: false,
      span: at,
    }),
  );
  return { kind: 'sequence', expressions: [...assignments, guard], span };
}

const NOT_READ = 'what this pattern asks is not read';

/** A pattern that is no plain test: what it binds is unknown. */
function unfit(reader: Reader, node: Node, patterns: readonly Node[]): Fit {
  const names: { name: string; span: Span }[] = [];
  const rest = [...patterns];
  for (let at = rest.pop(); at; at = rest.pop()) {
    const last = named(at).at(-1);
    if (at.type === 'dotted_name' && named(at).length === 1) names.push({ name: textOf(at), span: reader.span(at) });
    else if ((at.type === 'splat_pattern' || at.type === 'as_pattern') && last?.type === 'identifier')
      names.push({ name: textOf(last), span: reader.span(last) });
    rest.push(...named(at).slice(at.type === 'class_pattern' ? 1 : 0));
  }
  const bound = names.filter(({ name }) => name !== '_').map(({ name, span }) => ({ name, value: unread(NOT_READ, span), span }));
  return { test: unread(NOT_READ, reader.span(node)), bound };
}

const LITERALS = /^(?:integer|float|string|concatenated_string)$/;

function fitOf(reader: Reader, node: Node, subject: () => Expression): Fit {
  const span = reader.span(node);
  const inner = named(node);
  const [first] = inner;
  const compare = (operator: '==' | 'is', right: Expression): Fit => ({ test: { kind: 'compare', operator, left: subject(), right, span }, bound: [] });
  if (node.type === 'case_pattern') {
    if (!first) return textOf(node) === '_' ? { test: undefined, bound: [] } : unfit(reader, node, []);
    if (node.children[0]?.type === '-') return negated(reader, first, subject);
    return inner.length === 1 ? fitOf(reader, first, subject) : unfit(reader, node, inner);
  }
  if (LITERALS.test(node.type)) return compare('==', reader.expression(node));
  if (node.type === 'true' || node.type === 'false' || node.type === 'none') return compare('is', reader.expression(node));
  if (node.type === 'dotted_name') {
    if (inner.length > 1) return compare('==', dotted(reader, inner));
    return { test: undefined, bound: [{ name: textOf(node), value: subject(), span }] };
  }
  if (node.type === 'union_pattern') return unionOf(reader, node, subject);
  if (node.type === 'as_pattern') {
    const alias = inner.at(-1);
    if (!first || !alias || alias.type !== 'identifier') return unfit(reader, node, inner);
    const fit = fitOf(reader, first, subject);
    return { test: fit.test, bound: [...fit.bound, { name: textOf(alias), value: subject(), span: reader.span(alias) }] };
  }
  if (node.type === 'class_pattern' && first && inner.length === 1) {
    const callee: Expression = { kind: 'name', name: 'isinstance', span };
    const args = [{ value: subject() }, { value: dotted(reader, named(first)) }];
    return { test: { kind: 'call', callee, args, construct: false, optional: false, span }, bound: [] };
  }
  return unfit(reader, node, [node]);
}

function dotted(reader: Reader, names: readonly Node[]): Expression {
  const [head, ...rest] = names;
  if (!head) throw new Error('a dotted name has a first part');
  return rest.reduce<Expression>(
    (object, part) => ({ kind: 'attribute', object, name: textOf(part), optional: false, nameSpan: reader.span(part), span: reader.spanOver(head, part) }),
    reader.expression(head),
  );
}

/** `-1` as a pattern. */
function negated(reader: Reader, number: Node, subject: () => Expression): Fit {
  const span = reader.span(number);
  const right: Expression = { kind: 'unary', operator: '-', operand: reader.expression(number), span };
  return { test: { kind: 'compare', operator: '==', left: subject(), right, span }, bound: [] };
}

function unionOf(reader: Reader, node: Node, subject: () => Expression): Fit {
  const fits = node.children.flatMap((part, at): Fit[] => {
    if (!part.named) return [];
    return [node.children[at - 1]?.type === '-' ? negated(reader, part, subject) : fitOf(reader, part, subject)];
  });
  if (fits.some(({ bound }) => bound.length > 0)) return unfit(reader, node, [node]);
  if (hasMark(node, '_') || fits.some(({ test }) => !test)) return { test: undefined, bound: [] };
  const tests = fits.flatMap(({ test }) => (test ? [test] : []));
  const span = reader.span(node);
  const test = tests.reduce<Expression | undefined>((left, right) => (left ? { kind: 'logical', operator: 'or', left, right, span } : right), undefined);
  return { test, bound: [] };
}
