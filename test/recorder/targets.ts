/** The names that an assignment gives values to. */
import ts from 'typescript';

/** A name or an attribute of `this`, with the expression that reads it back. */
export interface NamedTarget {
  readonly node: ts.Node;
  readonly name: string;
  readonly read: () => ts.Expression;
}

const { factory } = ts;

/** What stands under parentheses, casts and `!`. */
export function bare(node: ts.Expression): ts.Expression {
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isNonNullExpression(node) || ts.isSatisfiesExpression(node))
    return bare(node.expression);
  return node;
}

/** `x` or `this.x`; anything else is no target of a row. */
export function namedTarget(expression: ts.Expression): NamedTarget | undefined {
  const node = bare(expression);
  if (ts.isIdentifier(node)) return { node, name: node.text, read: () => factory.createIdentifier(node.text) };
  if (ts.isPropertyAccessExpression(node) && node.expression.kind === ts.SyntaxKind.ThisKeyword) {
    const property = node.name;
    const read = () =>
      factory.createPropertyAccessExpression(
        factory.createThis(),
        ts.isPrivateIdentifier(property) ? factory.createPrivateIdentifier(property.text) : property.text,
      );
    return { node, name: `this.${property.text}`, read };
  }
  return undefined;
}

/** The object of `x[…] = v`. */
export function indexedTarget(expression: ts.Expression): NamedTarget | undefined {
  const node = bare(expression);
  if (!ts.isElementAccessExpression(node)) return undefined;
  return namedTarget(node.expression) ?? indexedTarget(node.expression);
}

/** The names of a declared pattern. */
export function bindingTargets(name: ts.BindingName): NamedTarget[] {
  if (ts.isIdentifier(name)) return [{ node: name, name: name.text, read: () => factory.createIdentifier(name.text) }];
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : bindingTargets(element.name)));
}

/** The targets of a pattern that is assigned to: `[a, this.b] = …`, `({ a, b: c } = …)`. */
export function patternTargets(pattern: ts.Expression): NamedTarget[] {
  const node = bare(pattern);
  if (ts.isArrayLiteralExpression(node)) return node.elements.flatMap(patternTargets);
  if (ts.isObjectLiteralExpression(node)) return node.properties.flatMap(propertyTargets);
  if (ts.isSpreadElement(node)) return patternTargets(node.expression);
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) return patternTargets(node.left);
  const target = namedTarget(node) ?? indexedTarget(node);
  return target ? [target] : [];
}

function propertyTargets(property: ts.ObjectLiteralElementLike): NamedTarget[] {
  if (ts.isShorthandPropertyAssignment(property)) return patternTargets(property.name);
  if (ts.isPropertyAssignment(property)) return patternTargets(property.initializer);
  return ts.isSpreadAssignment(property) ? patternTargets(property.expression) : [];
}

/** A pattern that is assigned to, as against one name. */
export const isPattern = (node: ts.Expression): boolean => ts.isArrayLiteralExpression(bare(node)) || ts.isObjectLiteralExpression(bare(node));
