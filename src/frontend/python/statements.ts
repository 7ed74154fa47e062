/** Statements. */
import type { AssignOperator, Expression, Statement, StatementShape, Target } from '../../program/types';
import { present, unread } from '../common/nodes';
import { classOf } from './classes';
import { importFrom, importsOf } from './imports';
import { matchOf } from './patterns';
import { MISSING, type Reader } from './reader';
import { namesIn } from './targets';
import { child, childrenIn, markOf, type Node, named, ofType, textOf } from './tree';

type Shape<K extends StatementShape['kind']> = Extract<StatementShape, { kind: K }>;
type Read = (reader: Reader, node: Node) => readonly StatementShape[];

/** The statements that one makes: none for `pass`, two for `import a.b`. */
export function statementsOf(reader: Reader, node: Node): Statement[] {
  return reader.nested(
    () => read(reader, node),
    () => [{ kind: 'expression', expression: reader.tooDeep(node), span: reader.span(node) }],
  );
}

function read(reader: Reader, node: Node): Statement[] {
  const shapes = READ[node.type]?.(reader, node) ?? [];
  if (shapes.length === 0) return [];
  const span = reader.span(node.type === 'decorated_definition' ? (child(node, 'definition') ?? node) : node);
  const comment = reader.comment(node, headOf(node));
  return shapes.map((shape) => (comment ? { ...shape, span, comment } : { ...shape, span }));
}

/** What a comment may stand behind: the whole of a simple statement, the head of one with a body. */
function headOf(node: Node): Node {
  const definition = node.type === 'decorated_definition' ? (child(node, 'definition') ?? node) : node;
  const at = definition.children.findIndex(({ type, named: isNamed }) => isNamed && type === 'block');
  return at > 0 ? (definition.children[at - 1] ?? definition) : definition;
}

const operandOf = (reader: Reader, node: Node | undefined, around: Node): Expression => (node ? reader.expression(node) : unread(MISSING, reader.span(around)));

const READ: { readonly [type: string]: Read } = {
  expression_statement: expressionStatement,
  assignment: (reader, node) => assignment(reader, node),
  augmented_assignment: (reader, node) => augmented(reader, node),
  return_statement: (reader, node) => {
    const [value] = named(node);
    return [present<Shape<'return'>>({ kind: 'return', value: value && reader.expression(value) })];
  },
  if_statement: (reader, node) => [ifStatement(reader, node, childrenIn(node, 'alternative'))],
  for_statement: (reader, node) => {
    const left = child(node, 'left');
    const target: Target = left ? reader.target(left) : { kind: 'name', name: '', span: reader.span(node) };
    return [
      present<Shape<'for'>>({
        kind: 'for',
        target,
        over: 'of',
        declares: declares(reader, [target]),
        iterable: operandOf(reader, child(node, 'right'), node),
        body: reader.block(child(node, 'body')),
        otherwise: elseOf(reader, node),
      }),
    ];
  },
  while_statement: (reader, node) => [
    {
      kind: 'while',
      test: operandOf(reader, child(node, 'condition'), node),
      doFirst: false,
      body: reader.block(child(node, 'body')),
      otherwise: elseOf(reader, node),
    },
  ],
  try_statement: tryStatement,
  with_statement: withStatement,
  match_statement: (reader, node) => matchOf(reader, node),
  break_statement: () => [{ kind: 'break' }],
  continue_statement: () => [{ kind: 'continue' }],
  raise_statement: (reader, node) => {
    const [value] = named(node);
    return [present<Shape<'throw'>>({ kind: 'throw', value: value && reader.expression(value) })];
  },
  assert_statement: (reader, node) => {
    const [test, message] = named(node);
    return [present<Shape<'assert'>>({ kind: 'assert', test: operandOf(reader, test, node), message: message && reader.expression(message) })];
  },
  delete_statement: (reader, node) => {
    const [first] = named(node);
    return [{ kind: 'delete', targets: first?.type === 'expression_list' ? named(first).map(reader.target) : first ? [reader.target(first)] : [] }];
  },
  global_statement: (_, node) => [{ kind: 'scope', declares: 'global', names: named(node).map(textOf) }],
  nonlocal_statement: (_, node) => [{ kind: 'scope', declares: 'nonlocal', names: named(node).map(textOf) }],
  import_statement: importsOf,
  import_from_statement: importFrom,
  function_definition: (reader, node) => [{ kind: 'functionDefinition', definition: reader.function(node) }],
  class_definition: (reader, node) => [{ kind: 'classDefinition', definition: classOf(reader, node) }],
  decorated_definition: (reader, node) => {
    const definition = child(node, 'definition');
    const decorators = named(node).filter(({ type }) => type === 'decorator');
    if (definition?.type === 'class_definition') return [{ kind: 'classDefinition', definition: classOf(reader, definition, decorators) }];
    return definition ? [{ kind: 'functionDefinition', definition: reader.function(definition, { decorators }) }] : [];
  },
  type_alias_statement: (reader, node) => {
    const [name, type] = [child(node, 'left'), reader.type(child(node, 'right'))];
    return name && type ? [{ kind: 'typeDefinition', name: textOf(name), type }] : [];
  },
  print_statement: (reader, node) => {
    reader.problem(node, '`print` without parentheses is Python 2');
    const span = reader.span(node);
    const args = childrenIn(node, 'argument').map((argument) => ({ value: reader.expression(argument) }));
    return [{ kind: 'expression', expression: { kind: 'call', callee: { kind: 'name', name: 'print', span }, args, construct: false, optional: false, span } }];
  },
  exec_statement: (reader, node) => {
    reader.problem(node, '`exec` without parentheses is Python 2');
    return [{ kind: 'expression', expression: unread('what `exec` runs is not read', reader.span(node)) }];
  },
};

function expressionStatement(reader: Reader, node: Node): readonly StatementShape[] {
  const inner = named(node);
  const [first] = inner;
  if (!first || (inner.length === 1 && first.type === 'ellipsis')) return [];
  if (inner.length === 1 && first.type === 'assignment') return assignment(reader, first);
  if (inner.length === 1 && first.type === 'augmented_assignment') return augmented(reader, first);
  // `a, b` as a statement stands without an expression list around it.
  const items = inner.map((item) => ({ value: reader.expression(item) }));
  const [only] = items;
  const expression: Expression = only && items.length === 1 ? only.value : { kind: 'tuple', items, span: reader.span(node) };
  return [{ kind: 'expression', expression }];
}

/** Names that an assignment gives to the function: those that it has not declared to be another scope's. */
function declares(reader: Reader, targets: readonly Target[]): 'var' | undefined {
  const names = targets.flatMap(namesIn);
  return names.length > 0 && !names.some(reader.isOuter) ? 'var' : undefined;
}

/** `a = b = value` as one statement with two targets. */
function assignment(reader: Reader, node: Node): readonly StatementShape[] {
  const targets: Target[] = [];
  let at: Node = node;
  let value: Node | undefined;
  for (;;) {
    const left = child(at, 'left');
    if (left) targets.push(reader.target(left));
    value = child(at, 'right');
    if (value?.type !== 'assignment') break;
    at = value;
  }
  const type = reader.type(child(node, 'type') ?? ofType(node, 'type'));
  // A bare note binds nothing.
  if (!value) return [];
  if (value.type === 'augmented_assignment')
    return [{ kind: 'expression', expression: unread('an augmented assignment as a value is not read', reader.span(value)) }];
  return [present<Shape<'assign'>>({ kind: 'assign', targets, operator: '=', value: reader.expression(value), declares: declares(reader, targets), type })];
}

function augmented(reader: Reader, node: Node): readonly StatementShape[] {
  const left = child(node, 'left');
  if (!left) return [];
  const operator = (markOf(node) ?? '+=').slice(0, -1) as AssignOperator;
  return [{ kind: 'assign', targets: [reader.target(left)], operator, value: operandOf(reader, child(node, 'right'), node) }];
}

/** How many clauses one statement may have: each nests in the one before. What stands behind them is unknown. */
const MOST_CLAUSES = 150;

function ifStatement(reader: Reader, node: Node, alternatives: readonly Node[]): Shape<'if'> {
  // A long chain of `elif` nests from its end: nothing recurses.
  let otherwise: readonly Statement[] = [];
  const tests: { readonly clause: Node; readonly condition: Expression; readonly then: Statement[] }[] = [];
  const test = operandOf(reader, child(node, 'condition'), node);
  for (const clause of alternatives.slice(0, MOST_CLAUSES)) {
    if (clause.type === 'else_clause') otherwise = reader.block(child(clause, 'body'));
    else {
      const then = reader.block(child(clause, 'consequence'));
      tests.push({ clause, condition: operandOf(reader, child(clause, 'condition'), clause), then });
    }
  }
  const last = alternatives.at(-1);
  const over = alternatives[MOST_CLAUSES];
  if (over) otherwise = [{ kind: 'expression', expression: reader.tooDeep(over), span: reader.span(over) }];
  for (const { clause, condition, then } of tests.reverse()) {
    otherwise = [{ kind: 'if', test: condition, then, otherwise, span: reader.spanOver(clause, last ?? clause) }];
  }
  const then = reader.block(child(node, 'consequence'));
  return { kind: 'if', test, then, otherwise };
}

function elseOf(reader: Reader, node: Node): Statement[] {
  const clause = ofType(node, 'else_clause');
  return clause ? reader.block(child(clause, 'body')) : [];
}

function tryStatement(reader: Reader, node: Node): readonly StatementShape[] {
  const handlers = named(node).filter(({ type }) => type === 'except_clause' || type === 'except_group_clause');
  const last = ofType(node, 'finally_clause');
  return [
    {
      kind: 'try',
      body: reader.block(child(node, 'body')),
      handlers: handlers.map((handler) => handlerOf(reader, handler)),
      otherwise: elseOf(reader, node),
      finally: last ? reader.block(ofType(last, 'block')) : [],
    },
  ];
}

type Handler = Shape<'try'>['handlers'][number];

/** `except (A, B) as e`, and Python 2's `except A, e`. */
function handlerOf(reader: Reader, node: Node): Handler {
  const [first, second] = named(node).filter(({ type }) => type !== 'block');
  const caught = first?.type === 'as_pattern' ? named(first)[0] : first;
  const alias = first?.type === 'as_pattern' ? child(first, 'alias') : second;
  const types = caught?.type === 'tuple' ? named(caught) : caught ? [caught] : [];
  return present<Handler>({ target: alias && reader.target(alias), types: types.map(reader.expression), body: reader.block(ofType(node, 'block')) });
}

function withStatement(reader: Reader, node: Node): readonly StatementShape[] {
  const clause = ofType(node, 'with_clause');
  const items = (clause ? named(clause) : []).flatMap((item) => withItems(reader, child(item, 'value') ?? item));
  return [{ kind: 'with', items, body: reader.block(child(node, 'body')) }];
}

type WithItem = Shape<'with'>['items'][number];

function withItems(reader: Reader, node: Node): WithItem[] {
  if (node.type === 'tuple' && named(node).some(({ type }) => type === 'as_pattern')) return named(node).flatMap((item) => withItems(reader, item));
  if (node.type !== 'as_pattern') return [{ value: reader.expression(node) }];
  const [value] = named(node);
  const alias = child(node, 'alias');
  return [present<WithItem>({ value: operandOf(reader, value, node), target: alias && reader.target(alias) })];
}
