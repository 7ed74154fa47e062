/** Functions, methods and arrows. */
import { ts } from 'ts-morph';
import type { Expression, FunctionDefinition, Parameter, Statement } from '../../program/types';
import { present } from '../common/nodes';
import { docTypes } from './docTypes';
import type { Reader } from './reader';
import { plainName } from './types';

/** The modifier stands on the declaration. */
export function has(node: ts.Node, modifier: ts.ModifierSyntaxKind): boolean {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node)?.some(({ kind }) => kind === modifier) ?? false);
}

/** Its decorators. */
export function decoratorsOf(reader: Reader, node: ts.Node): Expression[] {
  return ts.canHaveDecorators(node) ? (ts.getDecorators(node) ?? []).map(({ expression }) => reader.expression(expression)) : [];
}

function roleOf(node: ts.FunctionLikeDeclaration): FunctionDefinition['role'] {
  if (ts.isArrowFunction(node)) return 'arrow';
  if (ts.isMethodDeclaration(node)) return 'method';
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  if (ts.isGetAccessor(node)) return 'getter';
  return ts.isSetAccessor(node) ? 'setter' : 'function';
}

/** What a function is called: its own name, or that of what it is assigned to. */
export function nameOf(reader: Reader, node: ts.Node | undefined): string {
  if (!node) return '';
  if (ts.isComputedPropertyName(node)) return plainName(node) ?? reader.text(node);
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  return ts.isPropertyName(node) ? (plainName(node) ?? '') : '';
}

/** A function's definition; `named` is the node whose name it takes where it has none of its own. */
export function functionOf(reader: Reader, node: ts.FunctionLikeDeclaration, named?: ts.Node): FunctionDefinition {
  const name = node.name ?? named;
  const span = reader.span(node);
  const role = roleOf(node);
  const doc = reader.remarks.doc(node.pos, node.getStart(reader.file));
  return present<FunctionDefinition>({
    name: role === 'constructor' ? 'constructor' : nameOf(reader, name),
    role,
    static: has(node, ts.SyntaxKind.StaticKeyword),
    async: has(node, ts.SyntaxKind.AsyncKeyword),
    generator: node.asteriskToken !== undefined,
    parameters: reader.parameters(node.parameters, doc),
    body: bodyOf(reader, node.body),
    decorators: decoratorsOf(reader, node),
    returns: reader.type(node.type),
    doc,
    span,
    nameSpan: name ? reader.span(name) : { ...span, endLine: span.line, endColumn: span.column },
  });
}

function bodyOf(reader: Reader, body: ts.ConciseBody | undefined): Statement[] {
  if (!body) return [];
  if (ts.isBlock(body)) return reader.statements(body.statements);
  return [{ kind: 'return', value: reader.expression(body), span: reader.span(body) }];
}

/** Parameters, without TypeScript's `this`; the function's doc comment may tell the types that the code leaves out. */
export function parametersOf(reader: Reader, nodes: readonly ts.ParameterDeclaration[], doc: string | undefined): Parameter[] {
  const documented = docTypes(doc);
  const real = nodes.filter(({ name }) => !reader.missing(name) && !(ts.isIdentifier(name) && name.text === 'this'));
  return real.map((node) => {
    const property = (ts.getModifiers(node)?.length ?? 0) > 0;
    const comment = reader.remarks.of(node.getStart(reader.file), node.end);
    return present<Parameter>({
      target: reader.target(node.name),
      fallback: node.initializer && reader.expression(node.initializer),
      type: reader.type(node.type) ?? documented.get(ts.isIdentifier(node.name) ? node.name.text : ''),
      rest: node.dotDotDotToken ? 'list' : undefined,
      optional: node.questionToken ? true : undefined,
      property: property || undefined,
      comment,
    });
  });
}
