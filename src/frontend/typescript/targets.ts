/** What can be assigned to: names, members, and destructuring in declarations and in assignments. */
import { ts } from 'ts-morph';
import type { Expression, Target, TargetElement, TargetProperty } from '../../program/types';
import { present, unread } from '../common/nodes';
import type { Reader } from './reader';
import { plainName } from './types';

const nowhere = (reader: Reader, node: ts.Node): Target => ({ kind: 'name', name: '', span: reader.span(node) });

/** A property's key: its name where it is plain, else the expression that computes it; undefined where it is missing. */
export function propertyKey(reader: Reader, node: ts.PropertyName): string | Expression | undefined {
  const name = plainName(node);
  if (name !== undefined) return name === '' && !ts.isStringLiteral(node) ? undefined : name;
  if (ts.isComputedPropertyName(node)) return reader.expression(node.expression);
  return unread('this key is not read', reader.span(node));
}

/** The target that a binding name, a pattern or an assigned expression makes. What cannot be assigned to gets an empty name. */
export function targetOf(reader: Reader, node: ts.Node): Target {
  return reader.nested(
    () => read(reader, node),
    () => nowhere(reader, node),
  );
}

function read(reader: Reader, node: ts.Node): Target {
  const span = reader.span(node);
  if (ts.isIdentifier(node)) return { kind: 'name', name: node.text, span };
  if (ts.isArrayBindingPattern(node)) return { kind: 'sequence', elements: node.elements.map((element) => bindingElement(reader, element)), span };
  if (ts.isObjectBindingPattern(node)) return bindingObject(reader, node);
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isNonNullExpression(node) || ts.isSatisfiesExpression(node)) {
    return targetOf(reader, node.expression);
  }
  if (ts.isTypeAssertionExpression(node)) return targetOf(reader, node.expression);
  if (ts.isPropertyAccessExpression(node)) return { kind: 'attribute', object: reader.expression(node.expression), name: node.name.text, span };
  if (ts.isElementAccessExpression(node)) {
    return { kind: 'subscript', object: reader.expression(node.expression), index: [reader.expression(node.argumentExpression)], span };
  }
  if (ts.isArrayLiteralExpression(node)) return { kind: 'sequence', elements: node.elements.map((element) => assignedElement(reader, element)), span };
  if (ts.isObjectLiteralExpression(node)) return assignedObject(reader, node);
  return nowhere(reader, node);
}

function element(reader: Reader, target: ts.Node, rest: boolean, fallback: ts.Expression | undefined): TargetElement {
  return present<TargetElement>({ target: targetOf(reader, target), rest: rest || undefined, fallback: fallback && reader.expression(fallback) });
}

function bindingElement(reader: Reader, node: ts.ArrayBindingElement): TargetElement | null {
  if (ts.isOmittedExpression(node)) return null;
  return element(reader, node.name, node.dotDotDotToken !== undefined, node.initializer);
}

function bindingObject(reader: Reader, node: ts.ObjectBindingPattern): Target {
  const properties: TargetProperty[] = [];
  let rest: Target | undefined;
  for (const { dotDotDotToken, propertyName, name, initializer } of node.elements) {
    if (reader.missing(name)) continue;
    if (dotDotDotToken) rest = targetOf(reader, name);
    else {
      const key = propertyKey(reader, propertyName ?? (name as ts.Identifier));
      if (key !== undefined) properties.push(property(reader, key, name, initializer));
    }
  }
  return present<Extract<Target, { kind: 'object' }>>({ kind: 'object', properties, rest, span: reader.span(node) });
}

function property(reader: Reader, key: string | Expression, target: ts.Node, fallback: ts.Expression | undefined): TargetProperty {
  return present<TargetProperty>({ key, target: targetOf(reader, target), fallback: fallback && reader.expression(fallback) });
}

/** `target = fallback` inside an assigned pattern. */
function withFallback(node: ts.Expression): { target: ts.Expression; fallback: ts.Expression | undefined } {
  const assigned = ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  return assigned ? { target: node.left, fallback: node.right } : { target: node, fallback: undefined };
}

function assignedElement(reader: Reader, node: ts.Expression): TargetElement | null {
  if (ts.isOmittedExpression(node)) return null;
  if (ts.isSpreadElement(node)) return element(reader, node.expression, true, undefined);
  const { target, fallback } = withFallback(node);
  return element(reader, target, false, fallback);
}

function assignedObject(reader: Reader, node: ts.ObjectLiteralExpression): Target {
  const properties: TargetProperty[] = [];
  let rest: Target | undefined;
  for (const member of node.properties) {
    if (ts.isSpreadAssignment(member)) rest = targetOf(reader, member.expression);
    else if (ts.isShorthandPropertyAssignment(member)) properties.push(property(reader, member.name.text, member.name, member.objectAssignmentInitializer));
    else if (ts.isPropertyAssignment(member)) {
      const key = propertyKey(reader, member.name);
      const { target, fallback } = withFallback(member.initializer);
      if (key !== undefined) properties.push(property(reader, key, target, fallback));
    }
  }
  return present<Extract<Target, { kind: 'object' }>>({ kind: 'object', properties, rest, span: reader.span(node) });
}
