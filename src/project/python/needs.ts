/**
 * What a program needs of the files that it imports: from the names that the entry speaks of, through the imports that bind them, to the statements
 * that define them, and on from there. A file of a large package would else bring the package with it.
 */
import type { OutlineMethod, OutlinePiece, Words } from '../../frontend/index';
import type { ImportedName, Statement } from '../../program/types';
import { partsOf } from '../../program/walk';
import { importKey } from '../loading';
import { fileAt, type Import, type NeededFile, type Needing, namespaceAt, resolveImport } from './files';

/** The imports in statements, at any depth. */
export const importsIn = (statements: readonly Statement[]): Import[] => statements.flatMap(importsWithin);

/** Those of a statement, kept as long as it is. */
const IMPORTS = new WeakMap<Statement, readonly Import[]>();

function importsWithin(statement: Statement): readonly Import[] {
  const known = IMPORTS.get(statement);
  if (known) return known;
  const found: Import[] = [];
  for (const part of partsOf(statement)) if (part.kind === 'import' && Array.isArray(part.names)) found.push(part as unknown as Import);
  IMPORTS.set(statement, found);
  return found;
}

/** What is spoken of, by the name that it begins with. */
export type Heads = ReadonlyMap<string, readonly Words[]>;

/** Words by their first. */
export function byHead(words: readonly Words[]): Heads {
  const heads = new Map<string, Words[]>();
  for (const [head = '', ...rest] of words) {
    const known = heads.get(head);
    if (known) known.push(rest);
    else heads.set(head, [rest]);
  }
  return heads;
}

const isPackage = (path: string): boolean => /(?:^|\/)__init__\.py$/.test(path);

/** Follows an import for each of its names that something speaks of. `only`: where given, other names are left. */
export async function follow(needing: Needing, from: string, statement: Import, heads: Heads, only?: ReadonlySet<string>): Promise<void> {
  const target = await resolveImport(needing, from, statement.from);
  if (target !== undefined) needing.touched.add(target);
  else if (/^\./.test(statement.from) && statement.names.every(({ local }) => local === undefined)) miss(needing, from, statement.from);
  // `import a.b` binds `a`: that there is such a file tells that `a` is a folder.
  if (statement.names.length === 0 && target !== undefined) await beneath(needing, from, statement.from, target, heads);
  for (const name of statement.names) {
    if (name.local === undefined) {
      if (target !== undefined) await everything(needing, target, heads);
      continue;
    }
    if (only && !only.has(name.local)) continue;
    for (const rest of heads.get(name.local) ?? [[]]) await bound(needing, from, statement.from, target, name, rest);
  }
}

function miss({ missing }: Needing, from: string, specifier: string): void {
  if (!missing.some((one) => one.from === from && one.specifier === specifier)) missing.push({ from, specifier, reason: 'not-found' });
}

/** The packages that a dotted name leads through, each with the next as a member: those without a file of their own are folders. */
async function beneath(needing: Needing, from: string, specifier: string, found: string, heads: Heads): Promise<void> {
  const parts = specifier.split('.');
  let below = found;
  for (let length = parts.length - 1; length > 0; length--) {
    const outer = parts.slice(0, length).join('.');
    const path = (await resolveImport(needing, from, outer)) ?? namespaceAt(needing, from, outer, found, parts.length - length);
    needing.touched.add(path);
    const member = importKey(path, `.${parts[length]}`);
    if (needing.resolved.get(member) === undefined) needing.resolved.set(member, below);
    below = path;
  }
  for (const [first, ...rest] of heads.get(parts[0] ?? '') ?? []) if (first !== undefined) await need(needing, below, first, rest);
}

/** One name of an import: a definition in the file, a file of the package, or a whole file with what is asked of it. */
async function bound(needing: Needing, from: string, specifier: string, target: string | undefined, name: ImportedName, rest: Words): Promise<void> {
  const [first, ...further] = rest;
  if (name.imported === '*') {
    if (target !== undefined && first !== undefined) await need(needing, target, first, further);
    return;
  }
  // A package's own file that imports from the package means a file beside it.
  const own = target === from && /^\.+$/.test(specifier);
  const known = target !== undefined && !own && (await need(needing, target, name.imported, rest));
  if (known === true) return;
  const beside = await resolveImport(needing, from, /\.$/.test(specifier) ? `${specifier}${name.imported}` : `${specifier}.${name.imported}`);
  if (beside === undefined) {
    if (target === undefined && specifier.startsWith('.')) miss(needing, from, specifier);
    return;
  }
  needing.touched.add(beside);
  if (known === false && first !== undefined) await need(needing, beside, first, further);
}

/** `from m import *`: of what the file has, what something speaks of. */
async function everything(needing: Needing, target: string, heads: Heads): Promise<void> {
  for (const [head, chains] of heads) for (const rest of chains) await need(needing, target, head, rest, false);
  await need(needing, target, '__all__', [], false);
}

/** Takes what defines a name in a file, or the file of a package that has that name; whether there is any, and which of the two. */
async function need(needing: Needing, path: string, name: string, rest: Words, files = true): Promise<boolean | 'file'> {
  if (path === needing.entry) return true;
  const file = await fileAt(needing, path);
  const key = `${path}\n${name}\n${rest.join('.')}`;
  const pieces = file?.binding.get(name);
  const isNew = !needing.followed.has(key);
  needing.followed.add(key);
  if (file && pieces) {
    if (isNew) for (const piece of pieces) next(needing, () => take(needing, file, piece, [name, ...rest]));
    return true;
  }
  if (file && isNew) for (const star of file.stars) if (await throughStar(needing, file, star, name, rest)) return true;
  if (!files || !isPackage(path)) return false;
  const beside = await resolveImport(needing, path, `.${name}`);
  if (beside === undefined || beside === path) return false;
  needing.touched.add(beside);
  const [first, ...further] = rest;
  if (isNew && first !== undefined) await need(needing, beside, first, further);
  return 'file';
}

async function throughStar(needing: Needing, file: NeededFile, star: Import, name: string, rest: Words): Promise<boolean> {
  const target = await resolveImport(needing, file.path, star.from);
  if (target === undefined || !(await need(needing, target, name, rest, false))) return false;
  await need(needing, target, '__all__', [], false);
  const piece = file.outline.pieces.find((one) => one.isImport && one.statements().includes(star));
  if (piece) file.taken.add(piece);
  return true;
}

/** Takes a statement, with what it speaks of; of a class, its methods as something speaks of them. */
async function take(needing: Needing, file: NeededFile, piece: OutlinePiece, chain: Words): Promise<void> {
  const [name = ''] = chain;
  if (piece.isImport) {
    file.taken.add(piece);
    file.names.add(name);
    for (const statement of importsIn(piece.statements())) await follow(needing, file.path, statement, byHead([chain]), new Set([name]));
    return;
  }
  const own = nestedImports(file, piece);
  for (const statement of own.get(name) ?? []) await follow(needing, file.path, statement, byHead([chain]), new Set([name]));
  if (file.taken.has(piece) || !roomToLower(needing, piece)) return;
  file.taken.add(piece);
  for (const statement of importsIn(piece.imports())) await follow(needing, file.path, statement, new Map(), NONE);
  const methods = piece.size > WHOLE ? piece.methods() : [];
  lowers(needing, piece, piece.size - methods.reduce((sum, { start, end }) => sum + end - start, 0));
  // A class is nothing without its bases: they come before what is nearer.
  needing.vital.push(() => followWords(needing, file, piece.vital(), own));
  speaks(needing, file, piece.words(), own);
  if (methods.length > 0) file.unspoken.set(piece, new Set(methods.map((method) => method.name)));
  for (const method of piece.methods())
    whenSpoken(needing, method.name, () => {
      if (methods.length > 0 && !withMethod(needing, file, piece, method)) return;
      speaks(needing, file, method.words(), own);
    });
  for (const bound of piece.binds) for (const other of file.acting.get(bound) ?? []) later(needing, () => take(needing, file, other, [bound]));
}

/** Lowers a large class with the method, where there is room for it. */
function withMethod(needing: Needing, file: NeededFile, piece: OutlinePiece, { name, start, end }: OutlineMethod): boolean {
  if (!roomToLower(needing, piece)) return false;
  lowers(needing, piece, end - start);
  file.unspoken.get(piece)?.delete(name);
  return true;
}

const NONE: ReadonlySet<string> = new Set();

/** The imports within a statement, by the names that they bind there. */
function nestedImports(file: NeededFile, piece: OutlinePiece): ReadonlyMap<string, readonly Import[]> {
  const found = new Map<string, Import[]>();
  for (const statement of importsIn(piece.imports())) {
    for (const { local } of statement.names) {
      if (local === undefined) continue;
      file.names.add(local);
      found.set(local, [...(found.get(local) ?? []), statement]);
    }
  }
  return found;
}

/** Larger classes are read without the methods that nothing speaks of, in UTF-16 units. */
const WHOLE = 20_000;

const roomToLower = ({ lowering }: Needing, { size }: OutlinePiece): boolean => (size > WHOLE ? lowering.large : lowering.small) > 0;

function lowers({ lowering }: Needing, { size }: OutlinePiece, much: number): void {
  if (size > WHOLE) lowering.large -= much;
  else lowering.small -= much;
}

const later = ({ pending }: Needing, task: () => Promise<void>): void => void pending.push(task);

/** What is reached from something vital is vital, too. */
const next = ({ pending, vital, now }: Needing, task: () => Promise<void>): void => void (now.vital ? vital : pending).push(task);

/** Follows all that is pending: what others cannot be without comes first. */
export async function followAll(needing: Needing): Promise<void> {
  const { pending, vital, now } = needing;
  while (pending.length + vital.length > 0) {
    now.vital = vital.length > 0;
    await (vital.shift() ?? pending.shift())?.();
  }
}

/** Methods that Python or torch calls without their being spoken of. */
const CALLED = /^(?:__\w+__|forward|build|reset_parameters)$/;

function whenSpoken({ spoken, waiting, methods }: Needing, member: string, task: () => void): void {
  methods.add(member);
  if (CALLED.test(member) || spoken.has(member)) task();
  else waiting.set(member, [...(waiting.get(member) ?? []), task]);
}

/** Notes that words speak of members: what waits for one of them goes on. */
export function speakOf({ spoken, waiting }: Needing, words: readonly Words[]): void {
  for (const member of words.flat()) {
    if (spoken.has(member)) continue;
    spoken.add(member);
    for (const task of waiting.get(member) ?? []) task();
    waiting.delete(member);
  }
}

/** Follows what words speak of, once what is nearer to the entry has been. */
function speaks(needing: Needing, file: NeededFile, words: readonly Words[], own: ReadonlyMap<string, readonly Import[]>): void {
  speakOf(needing, words);
  later(needing, () => followWords(needing, file, words, own));
}

async function followWords(needing: Needing, file: NeededFile, words: readonly Words[], own: ReadonlyMap<string, readonly Import[]>): Promise<void> {
  for (const [head = '', ...rest] of words) {
    for (const statement of own.get(head) ?? []) await follow(needing, file.path, statement, new Map([[head, [rest]]]), new Set([head]));
    const pieces = file.binding.get(head);
    if (pieces) for (const piece of pieces) await take(needing, file, piece, [head, ...rest]);
    else for (const star of file.stars) if (await throughStar(needing, file, star, head, rest)) break;
  }
}
