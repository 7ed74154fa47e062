/** Classes. */
import { ts } from 'ts-morph';
import type { ClassDefinition, ClassField } from '../../program/types';
import { present } from '../common/nodes';
import { named } from './expressions';
import { decoratorsOf, has, nameOf } from './functions';
import type { Reader } from './reader';

/** A class's definition; `name` is the node whose name it takes where it has none of its own. */
export function classOf(reader: Reader, node: ts.ClassLikeDeclaration, name?: ts.Node): ClassDefinition {
  const span = reader.span(node);
  const nameNode = node.name ?? name;
  const base = node.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
  return present<ClassDefinition>({
    name: nameOf(reader, nameNode),
    bases: base ? [reader.expression(base.expression)] : [],
    methods: node.members.filter(isMethod).map((member) => reader.function(member)),
    fields: node.members.flatMap((member) => (ts.isPropertyDeclaration(member) ? field(reader, member) : [])),
    decorators: decoratorsOf(reader, node),
    body: node.members.flatMap((member) => (ts.isClassStaticBlockDeclaration(member) ? reader.statements(member.body.statements) : [])),
    doc: reader.remarks.doc(node.pos, node.getStart(reader.file)),
    span,
    nameSpan: nameNode ? reader.span(nameNode) : { ...span, endLine: span.line, endColumn: span.column },
  });
}

type Method = ts.MethodDeclaration | ts.ConstructorDeclaration | ts.AccessorDeclaration;

/** Overload signatures and abstract methods have no body: they are no methods of their own. */
function isMethod(node: ts.ClassElement): node is Method {
  return (ts.isMethodDeclaration(node) || ts.isConstructorDeclaration(node) || ts.isAccessor(node)) && node.body !== undefined;
}

function field(reader: Reader, node: ts.PropertyDeclaration): ClassField[] {
  const name = nameOf(reader, node.name);
  if (name === '') return [];
  const value = node.initializer && named(reader, node.initializer, node.name);
  return [present<ClassField>({ name, static: has(node, ts.SyntaxKind.StaticKeyword), value, type: reader.type(node.type), span: reader.span(node) })];
}
