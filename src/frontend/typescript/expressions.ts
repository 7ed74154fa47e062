/** Expressions. */
import { ts } from 'ts-morph';
import type { Argument, Entry, Expression, Item } from '../../program/types';
import { unread } from '../common/nodes';
import { ASSIGN, BINARY, COMPARE, LOGICAL, UNARY } from './operators';
import type { Reader } from './reader';
import { propertyKey } from './targets';

const K = ts.SyntaxKind;

/** Lowers an expression: a chain of members and calls link by link, however long, anything else by what it consists of. */
export function expressionOf(reader: Reader, node: ts.Expression): Expression {
  const span = reader.span(node);
  if (reader.missing(node) && !ts.isOmittedExpression(node)) return unread('an expression is missing here', span);
  if (!isLink(node)) {
    return reader.nested(
      () => read(reader, node),
      () => reader.tooDeep(span),
    );
  }
  const expression = chainOf(reader, node);
  return ts.isOptionalChain(node) ? { kind: 'chain', expression, span } : expression;
}

/** What stands on an object: a member, an item, a call. */
type Link = ts.PropertyAccessExpression | ts.ElementAccessExpression | ts.CallExpression | ts.NonNullExpression;

const isLink = (node: ts.Expression): node is Link =>
  ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node) || ts.isCallExpression(node) || ts.isNonNullExpression(node);

/** How much deeper than the next one a link of a chain is: little is done at each, but every later walk goes down it. */
const LINK_DEPTH = 0.2;

function chainOf(reader: Reader, node: Link): Expression {
  const links: Link[] = [];
  let at: ts.Expression = node;
  for (; isLink(at); at = at.expression) links.push(at);
  const head = at;
  const start = reader.nested(
    () => expressionOf(reader, head),
    () => reader.tooDeep(reader.span(head)),
    links.length * LINK_DEPTH,
  );
  return links.reduceRight<Expression>(
    (object, link, index) =>
      reader.nested(
        () => linked(reader, link, object),
        () => object,
        index * LINK_DEPTH,
      ),
    start,
  );
}

function linked(reader: Reader, node: Link, object: Expression): Expression {
  if (ts.isNonNullExpression(node)) return object;
  const span = reader.span(node);
  const optional = node.questionDotToken !== undefined;
  if (ts.isPropertyAccessExpression(node)) {
    if (reader.missing(node.name)) return unread('a name is missing here', span);
    return { kind: 'attribute', object, name: node.name.text, optional, nameSpan: reader.span(node.name), span };
  }
  if (ts.isElementAccessExpression(node)) return { kind: 'subscript', object, index: [reader.expression(node.argumentExpression)], optional, span };
  return { kind: 'call', callee: object, args: argumentsOf(reader, node.arguments), construct: false, optional, span };
}

function read(reader: Reader, node: ts.Expression): Expression {
  const span = reader.span(node);
  if (ts.isIdentifier(node)) return node.text === 'undefined' ? { kind: 'literal', value: undefined, span } : { kind: 'name', name: node.text, span };
  if (ts.isNumericLiteral(node)) return { kind: 'literal', value: Number(node.text), span };
  if (isText(node) && reader.unclosed(node)) return unread('the text is not closed here', span);
  if (ts.isStringLiteralLike(node)) return { kind: 'literal', value: node.text, span };
  if (ts.isNewExpression(node)) {
    return {
      kind: 'call',
      callee: reader.expression(node.expression),
      args: argumentsOf(reader, node.arguments ?? []),
      construct: true,
      optional: false,
      span,
    };
  }
  if (isTransparent(node)) return reader.expression(node.expression);
  if (ts.isBinaryExpression(node)) return binary(reader, node);
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) return unary(reader, node);
  if (ts.isConditionalExpression(node)) {
    const [test, then, otherwise] = [node.condition, node.whenTrue, node.whenFalse].map((part) => reader.expression(part)) as [
      Expression,
      Expression,
      Expression,
    ];
    return { kind: 'conditional', test, then, otherwise, span };
  }
  if (ts.isFunctionExpression(node) || ts.isArrowFunction(node)) return { kind: 'function', definition: reader.function(node), span };
  if (ts.isClassExpression(node)) return { kind: 'class', definition: reader.class(node), span };
  if (ts.isArrayLiteralExpression(node)) return { kind: 'list', items: node.elements.map((element) => item(reader, element)), span };
  if (ts.isObjectLiteralExpression(node)) return { kind: 'dict', entries: node.properties.flatMap((property) => entry(reader, property)), span };
  return keyword(reader, node);
}

const isText = (node: ts.Expression): boolean => ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);

function keyword(reader: Reader, node: ts.Expression): Expression {
  const span = reader.span(node);
  switch (node.kind) {
    case K.TrueKeyword:
      return { kind: 'literal', value: true, span };
    case K.FalseKeyword:
      return { kind: 'literal', value: false, span };
    case K.NullKeyword:
      return { kind: 'literal', value: null, span };
    case K.ThisKeyword:
      return { kind: 'name', name: 'this', span };
    case K.SuperKeyword:
      return { kind: 'super', span };
    case K.ImportKeyword:
      return { kind: 'name', name: 'import', span };
    case K.OmittedExpression:
      return { kind: 'literal', value: undefined, span };
  }
  if (ts.isTemplateExpression(node)) return template(reader, node);
  if (ts.isAwaitExpression(node)) return { kind: 'await', operand: reader.expression(node.expression), span };
  if (ts.isYieldExpression(node)) {
    if (node.asteriskToken) return unread('`yield*` is not read', span);
    return { kind: 'await', operand: node.expression ? reader.expression(node.expression) : { kind: 'literal', value: undefined, span }, span };
  }
  if (ts.isTypeOfExpression(node)) return { kind: 'typeof', operand: reader.expression(node.expression), span };
  if (ts.isVoidExpression(node)) {
    return { kind: 'sequence', expressions: [reader.expression(node.expression), { kind: 'literal', value: undefined, span }], span };
  }
  if (ts.isRegularExpressionLiteral(node)) {
    const end = node.text.lastIndexOf('/');
    return { kind: 'regexp', pattern: node.text.slice(1, end), flags: node.text.slice(end + 1), span };
  }
  return unread(unreadReason(node), span);
}

function unreadReason(node: ts.Expression): string {
  if (ts.isJsxElement(node) || ts.isJsxSelfClosingElement(node) || ts.isJsxFragment(node)) return 'JSX is not read';
  if (ts.isTaggedTemplateExpression(node)) return 'a tagged template is not read';
  if (ts.isBigIntLiteral(node)) return 'big integers are not read';
  if (ts.isDeleteExpression(node)) return '`delete` as a value is not read';
  if (ts.isMetaProperty(node)) return node.keywordToken === K.NewKeyword ? '`new.target` is not read' : '`import.meta` is not read';
  return 'this syntax is not read';
}

type Transparent =
  | ts.ParenthesizedExpression
  | ts.AsExpression
  | ts.TypeAssertion
  | ts.SatisfiesExpression
  | ts.ExpressionWithTypeArguments
  | ts.PartiallyEmittedExpression;

/** Syntax that says nothing of the value. */
function isTransparent(node: ts.Expression): node is Transparent {
  return (
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isTypeAssertionExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isExpressionWithTypeArguments(node)
  );
}

/** A call's arguments. */
export function argumentsOf(reader: Reader, nodes: readonly ts.Expression[]): Argument[] {
  return nodes.map((node) => (ts.isSpreadElement(node) ? { value: reader.expression(node.expression), spread: 'list' } : { value: reader.expression(node) }));
}

function item(reader: Reader, node: ts.Expression): Item {
  return ts.isSpreadElement(node) ? { value: reader.expression(node.expression), spread: true } : { value: reader.expression(node) };
}

function entry(reader: Reader, node: ts.ObjectLiteralElementLike): Entry[] {
  if (ts.isSpreadAssignment(node)) return [{ value: reader.expression(node.expression), spread: true }];
  if (ts.isShorthandPropertyAssignment(node)) {
    if (reader.missing(node.name)) return [];
    return [{ key: node.name.text, value: reader.expression(node.name) }];
  }
  const key = propertyKey(reader, node.name);
  if (key === undefined || ts.isSetAccessor(node)) return [];
  if (ts.isPropertyAssignment(node)) return [{ key, value: named(reader, node.initializer, node.name) }];
  const definition = reader.function(node);
  if (ts.isGetAccessor(node)) return [{ key, getter: definition }];
  return [{ key, value: { kind: 'function', definition, span: reader.span(node) } }];
}

/** A value under a name: a function or class without a name of its own gets it. */
export function named(reader: Reader, value: ts.Expression, name: ts.Node): Expression {
  let node = value;
  while (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) node = node.expression;
  const span = reader.span(node);
  if (ts.isArrowFunction(node) || (ts.isFunctionExpression(node) && !node.name)) return { kind: 'function', definition: reader.function(node, name), span };
  if (ts.isClassExpression(node) && !node.name) return { kind: 'class', definition: reader.class(node, name), span };
  return reader.expression(value);
}

function binary(reader: Reader, node: ts.BinaryExpression): Expression {
  const span = reader.span(node);
  const token = node.operatorToken.kind;
  const assign = ASSIGN.get(token);
  if (assign) {
    const target = reader.target(node.left);
    return { kind: 'assignment', target, operator: assign, value: named(reader, node.right, node.left), postfix: false, span };
  }
  if (token === K.CommaToken) {
    const left = reader.expression(node.left);
    return { kind: 'sequence', expressions: [...(left.kind === 'sequence' ? left.expressions : [left]), reader.expression(node.right)], span };
  }
  const left = reader.expression(node.left);
  const right = reader.expression(node.right);
  const operator = BINARY.get(token);
  if (operator) return { kind: 'binary', operator, left, right, span };
  const compare = COMPARE.get(token);
  if (compare) return { kind: 'compare', operator: compare, left, right, span };
  const logical = LOGICAL.get(token);
  if (logical) return { kind: 'logical', operator: logical, left, right, span };
  const value = unread(`\`${reader.text(node.operatorToken)}\` is not read`, span);
  if (token < K.FirstAssignment || token > K.LastAssignment) return value;
  return { kind: 'assignment', target: reader.target(node.left), operator: '=', value, postfix: false, span };
}

function unary(reader: Reader, node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression): Expression {
  const span = reader.span(node);
  if (node.operator === K.PlusPlusToken || node.operator === K.MinusMinusToken) {
    const operator = node.operator === K.PlusPlusToken ? '+' : '-';
    const value: Expression = { kind: 'literal', value: 1, span };
    return { kind: 'assignment', target: reader.target(node.operand), operator, value, postfix: ts.isPostfixUnaryExpression(node), span };
  }
  const operator = UNARY.get(node.operator);
  return operator ? { kind: 'unary', operator, operand: reader.expression(node.operand), span } : unread('this operator is not read', span);
}

function template(reader: Reader, node: ts.TemplateExpression): Expression {
  const parts: (string | Expression)[] = [node.head.text];
  for (const { expression, literal } of node.templateSpans) parts.push(reader.expression(expression), literal.text);
  return { kind: 'template', parts: parts.filter((part) => part !== ''), span: reader.span(node) };
}
