/**
 * What a program needs of the files that it imports: from the names that the entry speaks of, through the imports that bind them, to the statements
 * that define them, and on from there. A file of a large package would else bring the package with it.
 */
import type { OutlinePiece } from '../../frontend/index';
import type { ImportedName, Statement } from '../../program/types';
import { partsOf } from '../../program/walk';
import { importKey } from '../loading';
import { fileAt, type Import, type NeededFile, type Needing, namespaceAt, resolveImport } from './files';

/** A name, with the members that are asked of it. */
export type Chain = readonly string[];

/** The imports in statements, at any depth. */
export function importsIn(statements: readonly Statement[]): Import[] {
  const found: Import[] = [];
  for (const statement of statements) {
    for (const part of partsOf(statement)) if (part.kind === 'import' && Array.isArray(part.names)) found.push(part as unknown as Import);
  }
  return found;
}

const isPackage = (path: string): boolean => /(?:^|\/)__init__\.py$/.test(path);

/** Follows an import for each of its names that something speaks of. `only`: where given, other names are left. */
export async function follow(needing: Needing, from: string, statement: Import, words: readonly Chain[], only?: ReadonlySet<string>): Promise<void> {
  const target = await resolveImport(needing, from, statement.from);
  if (target === undefined && /^\./.test(statement.from) && statement.names.length === 0) miss(needing, from, statement.from);
  // `import a.b` binds `a`: that there is such a file tells that `a` is a folder.
  if (statement.names.length === 0 && target !== undefined) await beneath(needing, from, statement.from, target);
  if (target !== undefined) await fileAt(needing, target);
  for (const name of statement.names) {
    if (name.local === undefined) {
      if (target !== undefined) await everything(needing, target, words);
      continue;
    }
    if (only && !only.has(name.local)) continue;
    const chains = words.filter(([head]) => head === name.local).map((chain) => chain.slice(1));
    for (const rest of chains.length > 0 ? chains : [[]]) await bound(needing, from, statement.from, target, name, rest);
  }
}

function miss({ missing }: Needing, from: string, specifier: string): void {
  if (!missing.some((one) => one.from === from && one.specifier === specifier)) missing.push({ from, specifier, reason: 'not-found' });
}

/** The packages that a dotted name leads through: those without a file of their own are folders. */
async function beneath(needing: Needing, from: string, specifier: string, found: string): Promise<void> {
  const parts = specifier.split('.');
  for (let length = parts.length - 1; length > 0; length--) {
    const outer = parts.slice(0, length).join('.');
    if (outer.replaceAll('.', '') === '') continue;
    const path = await resolveImport(needing, from, outer);
    if (path === undefined) namespaceAt(needing, from, outer, found, parts.length - length);
    else await fileAt(needing, path);
  }
  const [top = ''] = parts;
  const holder = needing.resolved.get(importKey(from, top));
  if (top !== '' && holder !== undefined) await through(needing, holder, parts.slice(1));
}

/** Members of a package that are files of it. */
async function through(needing: Needing, path: string, chain: Chain): Promise<void> {
  const [first, ...rest] = chain;
  if (first === undefined || !isPackage(path)) return;
  const file = await resolveImport(needing, path, `.${first}`);
  if (file === undefined) return;
  await fileAt(needing, file);
  await through(needing, file, rest);
}

/** One name of an import: a definition in the file, a file of the package, or a whole file with what is asked of it. */
async function bound(needing: Needing, from: string, specifier: string, target: string | undefined, name: ImportedName, rest: Chain): Promise<void> {
  const [first, ...further] = rest;
  if (name.imported === '*') {
    if (target !== undefined && first !== undefined) await need(needing, target, first, further);
    return;
  }
  if (target !== undefined && (await need(needing, target, name.imported, rest))) return;
  const beside = await resolveImport(needing, from, /\.$/.test(specifier) ? `${specifier}${name.imported}` : `${specifier}.${name.imported}`);
  if (beside === undefined) {
    if (target === undefined && specifier.startsWith('.')) miss(needing, from, specifier);
    return;
  }
  await fileAt(needing, beside);
  if (first !== undefined) await need(needing, beside, first, further);
}

/** `from m import *`: of what the file has, what something speaks of. */
async function everything(needing: Needing, target: string, words: readonly Chain[]): Promise<void> {
  for (const [head = '', ...rest] of words) await need(needing, target, head, rest, false);
  await need(needing, target, '__all__', [], false);
}

/** Takes what defines a name in a file, or the file of a package that has that name; whether there is any. */
async function need(needing: Needing, path: string, name: string, rest: Chain, files = true): Promise<boolean> {
  if (path === needing.entry) return true;
  const file = await fileAt(needing, path);
  if (!file) return false;
  const key = `${path}\n${name}\n${rest.join('.')}`;
  const pieces = file.binding.get(name);
  if (needing.followed.has(key)) return pieces !== undefined;
  needing.followed.add(key);
  if (pieces) {
    for (const piece of pieces) await take(needing, file, piece, [name, ...rest]);
    return true;
  }
  for (const star of file.stars) if (await throughStar(needing, file, star, name, rest)) return true;
  if (!files || !isPackage(path)) return false;
  const beside = await resolveImport(needing, path, `.${name}`);
  if (beside === undefined || beside === path) return false;
  await fileAt(needing, beside);
  const [first, ...further] = rest;
  if (first !== undefined) await need(needing, beside, first, further);
  return true;
}

async function throughStar(needing: Needing, file: NeededFile, star: Import, name: string, rest: Chain): Promise<boolean> {
  const target = await resolveImport(needing, file.path, star.from);
  if (target === undefined || !(await need(needing, target, name, rest, false))) return false;
  await need(needing, target, '__all__', [], false);
  const piece = file.outline.pieces.find((one) => one.isImport && one.statements().includes(star));
  if (piece) file.taken.add(piece);
  return true;
}

/** Takes a statement, with what it speaks of. */
async function take(needing: Needing, file: NeededFile, piece: OutlinePiece, chain: Chain): Promise<void> {
  const [name = ''] = chain;
  if (piece.isImport) {
    file.taken.add(piece);
    file.names.add(name);
    for (const statement of importsIn(piece.statements())) await follow(needing, file.path, statement, [chain], new Set([name]));
    return;
  }
  if (file.taken.has(piece)) return;
  file.taken.add(piece);
  const words = piece.words();
  for (const [head = '', ...rest] of words) await spoken(needing, file, head, rest);
  for (const statement of importsIn(piece.statements())) {
    for (const { local } of statement.names) if (local !== undefined) file.names.add(local);
    await follow(needing, file.path, statement, words);
  }
  for (const own of piece.binds) for (const other of file.acting.get(own) ?? []) await take(needing, file, other, [own]);
}

/** A name that a statement speaks of: the file's own, or one that a star brings. */
async function spoken(needing: Needing, file: NeededFile, head: string, rest: Chain): Promise<void> {
  const pieces = file.binding.get(head);
  if (pieces) for (const piece of pieces) await take(needing, file, piece, [head, ...rest]);
  else for (const star of file.stars) if (await throughStar(needing, file, star, head, rest)) return;
}
