/** Types of parameters written in a doc comment: `@param {tf.Tensor3D} x`, as JavaScript's authors give them. */
import { ts } from 'ts-morph';
import type { TypeNote } from '../../program/types';
import { typeNote } from './types';

const PARAMETER = /@param\s+\{([^{}]+)\}\s+\[?([\w$]+)/g;

/** The types that a doc comment gives its parameters, by name. */
export function docTypes(doc: string | undefined): ReadonlyMap<string, TypeNote> {
  const types = new Map<string, TypeNote>();
  for (const [, type = '', name = ''] of doc?.matchAll(PARAMETER) ?? []) {
    const note = parsed(type.trim().replace(/^[?!]|=$/g, ''));
    if (note) types.set(name, note);
  }
  return types;
}

function parsed(type: string): TypeNote | undefined {
  const file = ts.createSourceFile('doc.ts', `type T = ${type}`, ts.ScriptTarget.Latest);
  const [alias] = file.statements;
  return alias && ts.isTypeAliasDeclaration(alias) ? typeNote(alias.type, (node) => node.getText(file)) : undefined;
}
