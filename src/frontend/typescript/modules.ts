/** Imports and exports. */
import { ts } from 'ts-morph';
import type { ExportedName, Expression, ImportedName, StatementShape } from '../../program/types';
import { present } from '../common/nodes';
import type { Reader } from './reader';

type Shape<K extends StatementShape['kind']> = Extract<StatementShape, { kind: K }>;

const specifier = (node: ts.Expression | undefined): string | undefined => (node && ts.isStringLiteralLike(node) ? node.text : undefined);

/** What an import or export makes, or undefined where the statement is neither. */
export function moduleStatement(reader: Reader, node: ts.Statement): StatementShape[] | undefined {
  if (ts.isImportDeclaration(node)) {
    const from = specifier(node.moduleSpecifier);
    return [{ kind: 'import', from: from ?? '', names: node.importClause ? importedNames(reader, node.importClause) : [] }];
  }
  if (ts.isImportEqualsDeclaration(node)) return [importEquals(reader, node)];
  if (ts.isExportDeclaration(node)) {
    if (node.isTypeOnly) return [];
    return [present<Shape<'export'>>({ kind: 'export', from: specifier(node.moduleSpecifier), names: exportedNames(reader, node) })];
  }
  if (ts.isExportAssignment(node)) return [exportAssignment(reader, node)];
  return undefined;
}

function importedNames(reader: Reader, { name, namedBindings }: ts.ImportClause): ImportedName[] {
  const names: ImportedName[] = [];
  const add = (imported: string, local: ts.Identifier) => {
    if (!reader.missing(local)) names.push({ imported, local: local.text, span: reader.span(local) });
  };
  if (name) add('default', name);
  if (namedBindings && ts.isNamespaceImport(namedBindings)) add('*', namedBindings.name);
  else if (namedBindings) for (const element of namedBindings.elements) add((element.propertyName ?? element.name).text, element.name);
  return names;
}

/** `import x = require('m')` and `import x = a.b`. */
function importEquals(reader: Reader, node: ts.ImportEqualsDeclaration): StatementShape {
  const span = reader.span(node.name);
  const { moduleReference } = node;
  if (ts.isExternalModuleReference(moduleReference)) {
    return { kind: 'import', from: specifier(moduleReference.expression) ?? '', names: [{ imported: '*', local: node.name.text, span }] };
  }
  return {
    kind: 'assign',
    targets: [{ kind: 'name', name: node.name.text, span }],
    operator: '=',
    value: entityName(reader, moduleReference),
    declares: 'const',
  };
}

function entityName(reader: Reader, node: ts.EntityName): Expression {
  const span = reader.span(node);
  if (ts.isIdentifier(node)) return { kind: 'name', name: node.text, span };
  return { kind: 'attribute', object: entityName(reader, node.left), name: node.right.text, optional: false, nameSpan: reader.span(node.right), span };
}

function exportedNames(reader: Reader, { exportClause, moduleSpecifier }: ts.ExportDeclaration): ExportedName[] {
  if (!exportClause) return moduleSpecifier ? [{ local: '*', span: reader.span(moduleSpecifier) }] : [];
  if (ts.isNamespaceExport(exportClause)) return [{ local: '*', exported: exportClause.name.text, span: reader.span(exportClause) }];
  return exportClause.elements
    .filter((element) => !element.isTypeOnly && !reader.missing(element.name))
    .map((element) => ({ local: (element.propertyName ?? element.name).text, exported: element.name.text, span: reader.span(element) }));
}

/** `export default e`; `export = e` is CommonJS's `module.exports = e`. */
function exportAssignment(reader: Reader, node: ts.ExportAssignment): StatementShape {
  const span = reader.span(node);
  const value = reader.expression(node.expression);
  if (!node.isExportEquals) return { kind: 'export', names: [{ local: underDefault(value), exported: 'default', span }] };
  const object: Expression = { kind: 'name', name: 'module', span };
  return { kind: 'assign', targets: [{ kind: 'attribute', object, name: 'exports', span }], operator: '=', value };
}

/** A function or class without a name is called `default`, as JavaScript does. */
function underDefault(value: Expression): Expression {
  if (value.kind === 'function' && value.definition.name === '') return { ...value, definition: { ...value.definition, name: 'default' } };
  return value.kind === 'class' && value.definition.name === '' ? { ...value, definition: { ...value.definition, name: 'default' } } : value;
}
