/** Imports. */
import type { ImportedName, StatementShape } from '../../program/types';
import type { Reader } from './reader';
import { child, childrenIn, hasMark, type Node, ofType, textOf } from './tree';

const plain = (node: Node): string => textOf(node).replace(/\s+/g, '');

/** `import a.b`, `import a.b as c`. */
export function importsOf(reader: Reader, node: Node): StatementShape[] {
  return childrenIn(node, 'name').flatMap((item): StatementShape[] => {
    const span = reader.span(item);
    const alias = child(item, 'alias');
    const path = child(item, 'name');
    if (alias && path) return [{ kind: 'import', from: plain(path), names: [{ imported: '*', local: textOf(alias), span }] }];
    const from = plain(item);
    const [top = from] = from.split('.');
    const whole: StatementShape = { kind: 'import', from: top, names: [{ imported: '*', local: top, span }] };
    return top === from ? [whole] : [whole, { kind: 'import', from, names: [] }];
  });
}

/** `from .m import a as b, c`, `from m import *`. */
export function importFrom(reader: Reader, node: Node): StatementShape[] {
  const from = child(node, 'module_name');
  if (!from || node.type === 'future_import_statement') return [];
  const star = ofType(node, 'wildcard_import');
  const all: ImportedName[] = star || hasMark(node, '*') ? [{ imported: '*', span: reader.span(star ?? node) }] : [];
  const names = childrenIn(node, 'name').map((item): ImportedName => {
    const alias = child(item, 'alias');
    const path = child(item, 'name');
    const imported = plain(path ?? item);
    return { imported, local: alias ? textOf(alias) : imported, span: reader.span(item) };
  });
  return [{ kind: 'import', from: plain(from), names: [...all, ...names] }];
}
