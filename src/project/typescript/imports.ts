/** What a lowered file imports: the specifiers of its imports, re-exports, `require`s and dynamic imports. */
import type { SourceModule, Statement } from '../../program/types';
import { partsOf } from '../../program/walk';

/** Each specifier once, in order. */
export const specifiersOf = (module: SourceModule): readonly string[] => [...new Set(module.body.flatMap(importedBy))];

/** What statements import, kept as long as they are. */
const imported = new WeakMap<Statement, readonly string[]>();

function importedBy(statement: Statement): readonly string[] {
  const known = imported.get(statement);
  if (known) return known;
  const found: string[] = [];
  for (const part of partsOf(statement)) {
    const specifier = specifierOf(part);
    if (specifier) found.push(specifier);
  }
  imported.set(statement, found);
  return found;
}

interface Call {
  readonly kind: 'call';
  readonly callee: { readonly kind: string; readonly name?: string };
  readonly args: readonly { readonly value: { readonly kind: string; readonly value?: unknown } }[];
}

function specifierOf(node: { readonly [field: string]: unknown }): string | undefined {
  if ((node.kind === 'import' || node.kind === 'export') && typeof node.from === 'string') return node.from;
  if (node.kind !== 'call') return undefined;
  const { callee, args } = node as unknown as Call;
  const value = callee.kind === 'name' && (callee.name === 'require' || callee.name === 'import') ? args[0]?.value.value : undefined;
  return typeof value === 'string' ? value : undefined;
}
