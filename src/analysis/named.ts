/** What an expression of the user names that its file may not import: libraries, by their full dotted names. */
import type { Expression, SourceModule, Statement } from '../program/types';
import { partsOf } from '../program/walk';
import { surroundingsOf } from './surroundings';

/** `torch.nn.LayerNorm` as its parts; undefined where it is no chain of names. */
function dotted(node: Expression): readonly string[] | undefined {
  if (node.kind === 'name') return [node.name];
  const object = node.kind === 'attribute' ? dotted(node.object) : undefined;
  return object && node.kind === 'attribute' ? [...object, node.name] : undefined;
}

/** Every chain of names, and each of its beginnings. */
function chainsIn(expression: Expression): ReadonlySet<string> {
  const found = new Set<string>();
  for (const part of partsOf(expression)) {
    const names = part.kind === 'name' || part.kind === 'attribute' ? dotted(part as unknown as Expression) : undefined;
    if (names) found.add(names.join('.'));
  }
  return found;
}

/** The file's statements, after imports of the libraries that the expression names: what the file itself binds under such a name stands over it. */
export function withLibraries({ path, language, body }: SourceModule, expression: Expression): readonly Statement[] {
  const { library } = surroundingsOf(language);
  const span = { file: path, line: 1, column: 1, endLine: 1, endColumn: 1 };
  const imports = [...chainsIn(expression)]
    .sort()
    .filter((name) => library(name) !== undefined)
    .map((from): Statement => ({ kind: 'import', from, names: from.includes('.') ? [] : [{ imported: '*', local: from, span }], span }));
  return [...imports, ...body];
}
