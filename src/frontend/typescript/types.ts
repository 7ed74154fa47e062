/** Types as written, as far as shapes use them. */
import { ts } from 'ts-morph';
import type { TypeNote } from '../../program/types';
import { present } from '../common/nodes';

type Text = (node: ts.Node) => string;
type Field = NonNullable<TypeNote['fields']>[number];

/** The plain name of a member or property, where it is written as one. */
export function plainName(node: ts.PropertyName | ts.BindingName | undefined): string | undefined {
  if (!node) return undefined;
  if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) return node.text;
  if (ts.isStringLiteralLike(node) || ts.isNumericLiteral(node)) return node.text;
  if (ts.isComputedPropertyName(node) && ts.isStringLiteralLike(node.expression)) return node.expression.text;
  return undefined;
}

/** The fields of an interface or of an object type. */
export function fieldsOf(members: readonly ts.TypeElement[], text: Text): Field[] {
  return members.flatMap((member) => {
    const name = plainName(member.name);
    if (name === undefined || name === '') return [];
    const type = ts.isPropertySignature(member) ? typeNote(member.type, text) : undefined;
    return [present<Field>({ name, type, optional: member.questionToken !== undefined })];
  });
}

/** The note that a type makes. */
export function typeNote(node: ts.TypeNode | undefined, text: Text): TypeNote | undefined {
  if (!node) return undefined;
  const note = (fields: { [name in keyof Omit<TypeNote, 'text'>]: TypeNote[name] | undefined }): TypeNote =>
    present<TypeNote>({ text: text(node).replace(/\s+/g, ' '), ...fields });
  const notes = (nodes: readonly ts.TypeNode[]) => nodes.flatMap((item) => typeNote(item, text) ?? []);
  if (ts.isParenthesizedTypeNode(node) || ts.isTypeOperatorNode(node)) return typeNote(node.type, text);
  if (ts.isNamedTupleMember(node) || ts.isOptionalTypeNode(node) || ts.isRestTypeNode(node)) return typeNote(node.type, text);
  if (ts.isTypeReferenceNode(node)) return note({ name: text(node.typeName), args: node.typeArguments && notes(node.typeArguments) });
  if (ts.isImportTypeNode(node)) return note({ name: node.qualifier && text(node.qualifier), args: node.typeArguments && notes(node.typeArguments) });
  if (ts.isArrayTypeNode(node)) return note({ name: 'Array', args: notes([node.elementType]) });
  if (ts.isTupleTypeNode(node)) return note({ name: 'tuple', args: notes(node.elements) });
  if (ts.isUnionTypeNode(node)) return note({ members: notes(node.types) });
  if (ts.isIntersectionTypeNode(node)) return note({ fields: notes(node.types).flatMap((type) => type.fields ?? []) });
  if (ts.isTypeLiteralNode(node)) return note({ fields: fieldsOf(node.members, text) });
  if (ts.isFunctionTypeNode(node)) return note({ name: 'Function' });
  if (ts.isLiteralTypeNode(node) || node.kind < ts.SyntaxKind.FirstTypeNode) return note({ name: text(node) });
  return note({});
}
