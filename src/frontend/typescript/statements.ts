/** Statements. */
import { ts } from 'ts-morph';
import type { Expression, Span, Statement, StatementShape } from '../../program/types';
import { namesOf } from '../../program/walk';
import { present, unread } from '../common/nodes';
import { declarationOf } from './declarations';
import { named } from './expressions';
import { moduleStatement } from './modules';
import type { Reader } from './reader';

type Shape<K extends StatementShape['kind']> = Extract<StatementShape, { kind: K }>;

/** Lowers one statement: most become one, an exported declaration or a list of variables several. */
export function statementsOf(reader: Reader, node: ts.Statement): Statement[] {
  const span = reader.span(node);
  const comment = reader.remarks.of(node.getStart(reader.file), node.end);
  const finish = (shape: StatementShape): Statement => (comment ? { ...shape, span, comment } : { ...shape, span });
  return reader.nested(
    () =>
      ts.isVariableStatement(node)
        ? variables(reader, node)
        : (moduleStatement(reader, node) ?? declarationOf(reader, node) ?? shapes(reader, node)).map(finish),
    () => [{ kind: 'expression', expression: reader.tooDeep(span), span }],
  );
}

function shapes(reader: Reader, node: ts.Statement): StatementShape[] {
  if (ts.isExpressionStatement(node)) return [expressionStatement(reader, node)];
  if (ts.isReturnStatement(node)) return [present<Shape<'return'>>({ kind: 'return', value: node.expression && reader.expression(node.expression) })];
  if (ts.isIfStatement(node)) {
    const then = reader.body(node.thenStatement);
    const otherwise = node.elseStatement ? reader.body(node.elseStatement) : [];
    return [{ kind: 'if', test: reader.expression(node.expression), then, otherwise }];
  }
  if (ts.isForStatement(node)) return [threePartLoop(reader, node)];
  if (ts.isForOfStatement(node) || ts.isForInStatement(node)) return [loopOver(reader, node)];
  if (ts.isWhileStatement(node) || ts.isDoStatement(node)) {
    return [{ kind: 'while', test: reader.expression(node.expression), doFirst: ts.isDoStatement(node), body: reader.body(node.statement), otherwise: [] }];
  }
  if (ts.isBlock(node)) return [{ kind: 'block', body: reader.statements(node.statements) }];
  if (ts.isThrowStatement(node)) return [{ kind: 'throw', value: reader.expression(node.expression) }];
  if (ts.isTryStatement(node)) return [tryStatement(reader, node)];
  if (ts.isSwitchStatement(node)) return [switchStatement(reader, node)];
  if (ts.isBreakStatement(node)) return [present<Shape<'break'>>({ kind: 'break', label: node.label?.text })];
  if (ts.isContinueStatement(node)) return [present<Shape<'continue'>>({ kind: 'continue', label: node.label?.text })];
  if (ts.isLabeledStatement(node)) return [labelled(reader, node)];
  if (ts.isWithStatement(node)) {
    return [
      { kind: 'expression', expression: unread('`with` is not read', reader.span(node.expression)) },
      { kind: 'block', body: reader.body(node.statement) },
    ];
  }
  return [];
}

const declares = (list: ts.VariableDeclarationList): 'const' | 'let' | 'var' => {
  if (list.flags & ts.NodeFlags.Let) return 'let';
  // `using` and `await using` declare a constant too.
  return list.flags & (ts.NodeFlags.Const | ts.NodeFlags.Using) ? 'const' : 'var';
};

/** One assignment for each declared variable; all carry the whole statement's span. */
function variables(reader: Reader, node: ts.VariableStatement): Statement[] {
  if (node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword)) return [];
  const assigned = assignments(reader, node.declarationList, reader.span(node), node);
  const exported = node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  if (!exported) return assigned;
  const names = assigned.flatMap((statement) => (statement.kind === 'assign' ? statement.targets.flatMap(namesOf) : []));
  return [...assigned, { kind: 'export', names: names.map(({ name, span }) => ({ local: name, exported: name, span })), span: reader.span(node) }];
}

function assignments(reader: Reader, list: ts.VariableDeclarationList, span: Span, statement?: ts.Statement): Statement[] {
  return list.declarations
    .filter(({ name, initializer }) => !reader.missing(name) || initializer)
    .map((node) => {
      const only = list.declarations.length === 1 && statement;
      const comment =
        reader.remarks.of((only || node).getStart(reader.file), (only || node).end) ??
        (statement && reader.remarks.of(statement.getStart(reader.file), node.end));
      return present<Statement & Shape<'assign'>>({
        kind: 'assign',
        targets: [reader.target(node.name)],
        operator: '=',
        value: node.initializer && named(reader, node.initializer, node.name),
        declares: declares(list),
        type: reader.type(node.type ?? castOf(node.initializer)),
        span,
        comment,
      });
    });
}

/** The type that a whole value is cast to. */
function castOf(node: ts.Expression | undefined): ts.TypeNode | undefined {
  if (!node) return undefined;
  if (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node)) return castOf(node.expression);
  return ts.isAsExpression(node) || ts.isTypeAssertionExpression(node) || ts.isSatisfiesExpression(node) ? node.type : undefined;
}

function expressionStatement(reader: Reader, node: ts.ExpressionStatement): StatementShape {
  let expression = node.expression;
  while (ts.isParenthesizedExpression(expression)) expression = expression.expression;
  if (ts.isDeleteExpression(expression)) return { kind: 'delete', targets: [reader.target(expression.expression)] };
  if (!ts.isBinaryExpression(expression) && !ts.isPrefixUnaryExpression(expression) && !ts.isPostfixUnaryExpression(expression)) {
    return { kind: 'expression', expression: reader.expression(expression) };
  }
  if (ts.isBinaryExpression(expression) && expression.operatorToken.kind === ts.SyntaxKind.EqualsToken) return chainOfTargets(reader, expression);
  const lowered = reader.expression(expression);
  if (lowered.kind !== 'assignment') return { kind: 'expression', expression: lowered };
  return { kind: 'assign', targets: [lowered.target], operator: lowered.operator, value: lowered.value };
}

/** `a = b = value` as one statement with two targets. */
function chainOfTargets(reader: Reader, node: ts.BinaryExpression): StatementShape {
  const targets = [reader.target(node.left)];
  let [name, value]: ts.Expression[] = [node.left, node.right];
  while (value && ts.isBinaryExpression(value) && value.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
    targets.push(reader.target(value.left));
    [name, value] = [value.left, value.right];
  }
  return { kind: 'assign', targets, operator: '=', value: named(reader, value as ts.Expression, name as ts.Expression) };
}

/** `for (init; test; update)`: a scope with `init` and a `while`. */
function threePartLoop(reader: Reader, node: ts.ForStatement, label?: (loop: Statement) => Statement): StatementShape {
  const span = reader.span(node);
  const initial = node.initializer;
  const before: Statement[] = [];
  if (initial && ts.isVariableDeclarationList(initial)) before.push(...assignments(reader, initial, reader.span(initial)));
  else if (initial) before.push({ kind: 'expression', expression: reader.expression(initial), span: reader.span(initial) });
  const test: Expression = node.condition && !reader.missing(node.condition) ? reader.expression(node.condition) : { kind: 'literal', value: true, span };
  const update = node.incrementor && reader.expression(node.incrementor);
  const loop = present<Statement & Shape<'while'>>({ kind: 'while', test, update, doFirst: false, body: reader.body(node.statement), otherwise: [], span });
  return { kind: 'block', body: [...before, label ? label(loop) : loop] };
}

function loopOver(reader: Reader, node: ts.ForInOrOfStatement): StatementShape {
  const list = ts.isVariableDeclarationList(node.initializer) ? node.initializer : undefined;
  const target = list ? list.declarations[0]?.name : (node.initializer as ts.Expression);
  return present<Shape<'for'>>({
    kind: 'for',
    target: target ? reader.target(target) : { kind: 'name', name: '', span: reader.span(node.initializer) },
    over: ts.isForOfStatement(node) ? 'of' : 'in',
    declares: list && declares(list),
    iterable: reader.expression(node.expression),
    body: reader.body(node.statement),
    otherwise: [],
  });
}

function labelled(reader: Reader, node: ts.LabeledStatement): StatementShape {
  const label = node.label.text;
  const wrap = (body: Statement): Shape<'labelled'> => ({ kind: 'labelled', label, body });
  // `continue label` goes on with the loop, so the label stands on it and not on the scope around.
  if (ts.isForStatement(node.statement)) return threePartLoop(reader, node.statement, (loop) => ({ ...wrap(loop), span: loop.span }));
  const body = reader.statements([node.statement]);
  return wrap(body.length === 1 && body[0] ? body[0] : { kind: 'block', body, span: reader.span(node.statement) });
}

function tryStatement(reader: Reader, node: ts.TryStatement): StatementShape {
  const { tryBlock, catchClause, finallyBlock } = node;
  const name = catchClause?.variableDeclaration?.name;
  const handler =
    catchClause &&
    present<Shape<'try'>['handlers'][number]>({ target: name && reader.target(name), types: [], body: reader.statements(catchClause.block.statements) });
  return {
    kind: 'try',
    body: reader.statements(tryBlock.statements),
    handlers: handler ? [handler] : [],
    otherwise: [],
    finally: finallyBlock ? reader.statements(finallyBlock.statements) : [],
  };
}

function switchStatement(reader: Reader, node: ts.SwitchStatement): StatementShape {
  const cases = node.caseBlock.clauses.map((clause) =>
    present<Shape<'switch'>['cases'][number]>({
      test: ts.isCaseClause(clause) ? reader.expression(clause.expression) : undefined,
      body: reader.statements(clause.statements),
    }),
  );
  return { kind: 'switch', subject: reader.expression(node.expression), cases };
}
