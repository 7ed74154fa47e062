/** Declarations: functions, classes, types, enumerations, namespaces. */
import { ts } from 'ts-morph';
import type { Entry, Expression, Span, StatementShape } from '../../program/types';
import { has } from './functions';
import type { Reader } from './reader';
import { fieldsOf, plainName } from './types';

const K = ts.SyntaxKind;
type Declaration = ts.FunctionDeclaration | ts.ClassDeclaration | ts.EnumDeclaration | ts.ModuleDeclaration;

/** What a declaration makes, or undefined where the statement is none. */
export function declarationOf(reader: Reader, node: ts.Statement): StatementShape[] | undefined {
  if (ts.isInterfaceDeclaration(node)) {
    const fields = fieldsOf(node.members, reader.text);
    return [{ kind: 'typeDefinition', name: node.name.text, type: { text: node.name.text, fields } }];
  }
  if (ts.isTypeAliasDeclaration(node)) {
    const type = reader.type(node.type);
    return type ? [{ kind: 'typeDefinition', name: node.name.text, type }] : [];
  }
  if (!ts.isFunctionDeclaration(node) && !ts.isClassDeclaration(node) && !ts.isEnumDeclaration(node) && !ts.isModuleDeclaration(node)) return undefined;
  if (has(node, K.DeclareKeyword)) return [];
  return exported(reader, node, has(node, K.ExportKeyword), has(node, K.DefaultKeyword));
}

function exported(reader: Reader, node: Declaration, isExported: boolean, isDefault: boolean): StatementShape[] {
  const span = reader.span(node.name ?? node);
  if (isDefault && !node.name) {
    const value = anonymous(reader, node);
    return value ? [{ kind: 'export', names: [{ local: value, exported: 'default', span }] }] : [];
  }
  const shapes = declared(reader, node);
  const name = node.name && ts.isIdentifier(node.name) ? node.name.text : '';
  if (!isExported || name === '' || shapes.length === 0) return shapes;
  return [...shapes, { kind: 'export', names: [{ local: name, exported: isDefault ? 'default' : name, span }] }];
}

function anonymous(reader: Reader, node: Declaration): Expression | undefined {
  const span = reader.span(node);
  if (ts.isClassDeclaration(node)) return { kind: 'class', definition: { ...reader.class(node), name: 'default' }, span };
  return ts.isFunctionDeclaration(node) && node.body ? { kind: 'function', definition: { ...reader.function(node), name: 'default' }, span } : undefined;
}

function declared(reader: Reader, node: Declaration): StatementShape[] {
  // An overload signature has no body.
  if (ts.isFunctionDeclaration(node)) return node.body ? [{ kind: 'functionDefinition', definition: reader.function(node) }] : [];
  if (ts.isClassDeclaration(node)) return [{ kind: 'classDefinition', definition: reader.class(node) }];
  const value = ts.isEnumDeclaration(node) ? enumeration(reader, node) : namespaceOf(reader, node);
  return value
    ? [{ kind: 'assign', targets: [{ kind: 'name', name: node.name.text, span: reader.span(node.name) }], operator: '=', value, declares: 'var' }]
    : [];
}

/** An enumeration as an object: a member without a value is one more than the one before. */
function enumeration(reader: Reader, node: ts.EnumDeclaration): Expression {
  let before: Expression | undefined;
  const entries: Entry[] = node.members.map((member) => {
    const span = reader.span(member);
    const value = member.initializer ? reader.expression(member.initializer) : next(before, span);
    before = value;
    return { key: plainName(member.name) ?? '', value };
  });
  return { kind: 'dict', entries, span: reader.span(node) };
}

function next(before: Expression | undefined, span: Span): Expression {
  if (!before) return { kind: 'literal', value: 0, span };
  if (before.kind === 'literal' && typeof before.value === 'number') return { kind: 'literal', value: before.value + 1, span };
  return { kind: 'binary', operator: '+', left: before, right: { kind: 'literal', value: 1, span }, span };
}

/** A namespace as the object that a function around its body returns: its exported names. */
function namespaceOf(reader: Reader, node: ts.ModuleDeclaration): Expression | undefined {
  const { body } = node;
  if (!body || !ts.isIdentifier(node.name)) return undefined;
  const span = reader.span(node);
  if (ts.isModuleDeclaration(body)) {
    const value = namespaceOf(reader, body);
    return value && { kind: 'dict', entries: [{ key: body.name.text, value }], span };
  }
  if (!ts.isModuleBlock(body)) return undefined;
  const lowered = reader.statements(body.statements);
  const names = lowered.flatMap((statement) => (statement.kind === 'export' ? statement.names : []));
  const entries = names.flatMap(({ local, exported: key, span: at }): Entry[] =>
    typeof local === 'string' && key ? [{ key, value: { kind: 'name', name: local, span: at } }] : [],
  );
  const definition = {
    name: node.name.text,
    role: 'arrow',
    static: false,
    async: false,
    generator: false,
    parameters: [],
    body: [...lowered.filter(({ kind }) => kind !== 'export'), { kind: 'return', value: { kind: 'dict', entries, span }, span }],
    decorators: [],
    span,
    nameSpan: reader.span(node.name),
  } as const;
  return { kind: 'call', callee: { kind: 'function', definition, span }, args: [], construct: false, optional: false, span };
}
