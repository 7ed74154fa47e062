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

/** The expression with what a package of the file's own gives (`pkg.Name`) by the name that the file itself has for it: packages give names on demand that no statement binds. */
export function ownNames({ path, body }: SourceModule, expression: Expression): Expression {
  const folders = new Set(path.split('/').slice(0, -1));
  const bound = new Set(body.flatMap(boundBy));
  const visit = <T>(node: T): T => {
    if (Array.isArray(node)) return node.map(visit) as T;
    if (typeof node !== 'object' || node === null) return node;
    const names = 'kind' in node && node.kind === 'attribute' ? dotted(node as unknown as Expression) : undefined;
    const last = names?.at(-1);
    if (names && last !== undefined && folders.has(names[0] ?? '') && bound.has(last))
      return { kind: 'name', name: last, span: (node as unknown as Expression).span } as T;
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, visit(value)])) as T;
  };
  return visit(expression);
}

function boundBy(statement: Statement): readonly string[] {
  if (statement.kind === 'import') return statement.names.flatMap(({ local }) => local ?? []);
  return statement.kind === 'classDefinition' || statement.kind === 'functionDefinition' ? [statement.definition.name] : [];
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
