/** Python files as they are needed: laid out, found by what imports name. */
import { type Outline, type OutlinePiece, pythonFrontEnd } from '../../frontend/index';
import type { SourceModule, Statement } from '../../program/types';
import { fits, giveUp, importKey, type Loading, readOnce, roomLeft } from '../loading';
import { folderOf, join } from '../paths';
import { candidatesOf, isLibrary, placesFor, relativeTo } from './places';

export type Import = Statement & { readonly kind: 'import' };

/** One of the user's files, and what is needed of it. */
export interface NeededFile {
  readonly path: string;
  readonly outline: Outline;
  /** Its pieces by the names that they bind, and those that act by the names they speak of. */
  readonly binding: ReadonlyMap<string, readonly OutlinePiece[]>;
  readonly acting: ReadonlyMap<string, readonly OutlinePiece[]>;
  readonly stars: readonly Import[];
  readonly taken: Set<OutlinePiece>;
  /** Of large classes, the methods that nothing speaks of. */
  readonly unspoken: Map<OutlinePiece, Set<string>>;
  /** Of what its imports bind, what something speaks of. */
  readonly names: Set<string>;
}

/** A program as its needs are followed. */
export interface Needing extends Loading {
  readonly entry: string;
  readonly places: Map<string, Promise<string[]>>;
  /** The other files; undefined for one that cannot be read. */
  readonly files: Map<string, NeededFile | undefined>;
  /** Needs that were followed. */
  readonly followed: Set<string>;
  /** What is to be followed, nearest first. */
  readonly pending: (() => Promise<void>)[];
  /** Of it what something that was taken cannot be without, and whether such is followed now. */
  readonly vital: (() => Promise<void>)[];
  readonly now: { vital: boolean };
  /** The members that something speaks of, and what waits for one to be spoken of: a method that nothing calls needs nothing. */
  readonly spoken: Set<string>;
  readonly waiting: Map<string, (() => void)[]>;
  /** The methods of all classes that were taken. */
  readonly methods: Set<string>;
  /** Files that imports name, whether or not anything is needed of them. */
  readonly touched: Set<string>;
  /** The files that folders would have, of packages that have none. */
  readonly folders: Set<string>;
  /** How much more may be lowered of other files, in UTF-16 units: what is large has a room of its own, so that it leaves room for what is small. */
  readonly lowering: { small: number; large: number };
}

/** A program is read of so many files: what is nearest to the entry comes first. */
const MOST_FILES = 100;

const exists =
  (needing: Needing) =>
  async (path: string): Promise<boolean> =>
    (await readOnce(needing, path)) !== undefined;

/** The user's file that an import means, told once. */
export async function resolveImport(needing: Needing, from: string, specifier: string): Promise<string | undefined> {
  const key = importKey(from, specifier);
  if (needing.resolved.has(key)) return needing.resolved.get(key);
  const found = await foundFor(needing, from, specifier);
  needing.resolved.set(key, found);
  return found;
}

async function foundFor(needing: Needing, from: string, specifier: string): Promise<string | undefined> {
  const relative = relativeTo(from, specifier);
  if (relative) return firstOf(needing, candidatesOf(relative.folder, relative.name));
  if (isLibrary(specifier, needing.entry)) return undefined;
  const folder = folderOf(from);
  const known = needing.places.get(folder) ?? placesFor(from, needing.project.options.root, exists(needing));
  needing.places.set(folder, known);
  for (const place of await known) {
    const found = await firstOf(needing, candidatesOf(place, specifier));
    if (found !== undefined) return found;
  }
  return undefined;
}

async function firstOf(needing: Needing, paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if (path === needing.entry || (await exists(needing)(path))) return path;
  return undefined;
}

/** A folder without a file of its own, of which a file was found: a package with nothing in it. */
export function namespaceAt(needing: Needing, from: string, specifier: string, found: string, depth: number): string {
  let folder = /\/__init__\.py$/.test(found) ? folderOf(folderOf(found)) : folderOf(found);
  for (let up = 1; up < depth; up++) folder = folderOf(folder);
  const path = join(folder, '__init__.py');
  needing.resolved.set(importKey(from, specifier), path);
  needing.folders.add(path);
  return path;
}

/** The files' parts: of those that imports only name, nothing. */
export function gather(needing: Needing): void {
  for (const file of needing.files.values()) if (file) needing.modules.set(file.path, partOf(needing, file));
  for (const path of needing.touched) {
    if (needing.modules.has(path) || needing.files.has(path)) continue;
    const known = EMPTY.get(path) ?? { path, language: 'python', body: [], syntaxProblems: [], comments: [], exportsAll: true };
    EMPTY.set(path, known);
    needing.modules.set(path, known);
  }
}

/** Files of which nothing is needed: the same one each time, so that what was read with it holds. */
const EMPTY = new Map<string, SourceModule>();

/** A file that something is needed of; undefined where it cannot be read, or is more than may be. */
export async function fileAt(needing: Needing, path: string): Promise<NeededFile | undefined> {
  if (needing.files.has(path) || needing.folders.has(path)) return needing.files.get(path);
  const text = await readOnce(needing, path);
  const refused = text === undefined ? 'not-found' : roomFor(needing) ? (fits(needing, text) ? undefined : 'too-large') : 'too-many-files';
  if (refused) giveUp(needing, path, refused);
  const file = text === undefined || refused ? undefined : layOut(path, await outlineFor(needing, path, text));
  needing.files.set(path, file);
  return file;
}

const roomFor = (needing: Needing): boolean => roomLeft(needing, MOST_FILES) > needing.files.size;

async function outlineFor({ project }: Needing, path: string, text: string): Promise<Outline> {
  const known = project.outlines.get(path);
  project.outlines.delete(path);
  if (known?.text === text) {
    project.outlines.set(path, known);
    return known.outline;
  }
  const outline = (await pythonFrontEnd()).outline(path, text);
  project.outlines.set(path, { text, outline, parts: new Map() });
  return outline;
}

function layOut(path: string, outline: Outline): NeededFile {
  const binding = new Map<string, OutlinePiece[]>();
  const acting = new Map<string, OutlinePiece[]>();
  const add = (to: Map<string, OutlinePiece[]>, name: string, piece: OutlinePiece) => to.set(name, [...(to.get(name) ?? []), piece]);
  for (const piece of outline.pieces) {
    for (const name of piece.binds) add(binding, name, piece);
    if (piece.acts) for (const name of new Set(piece.words().map(([head = '']) => head))) add(acting, name, piece);
  }
  const stars = outline.pieces.filter(({ isImport }) => isImport).flatMap((piece) => piece.statements().filter(isStar));
  return { path, outline, binding, acting, stars, taken: new Set(), unspoken: new Map(), names: new Set() };
}

const isStar = (statement: Statement): statement is Import => statement.kind === 'import' && statement.names.some(({ local }) => local === undefined);

/** The file with what is needed of it alone; the same one as long as that is the same. */
function partOf({ project }: Needing, { path, outline, taken, unspoken, names }: NeededFile): SourceModule {
  const parts = project.outlines.get(path)?.parts;
  const places = outline.pieces.flatMap((piece, at) => (taken.has(piece) ? [at] : []));
  const left = places.map((at) => unspoken.get(outline.pieces[at] as OutlinePiece));
  const key = [places, [...names].sort(), ...left.map((one) => [...(one ?? [])])].join(':');
  const known = parts?.get(key);
  if (known) return known;
  const part = outline.module(
    places.flatMap((at, place) => outline.pieces[at]?.statements(left[place]) ?? []).flatMap((statement) => narrowed(statement, names)),
  );
  parts?.clear();
  parts?.set(key, part);
  return part;
}

/** An import of those names alone that something speaks of. */
function narrowed(statement: Statement, names: ReadonlySet<string>): Statement[] {
  if (statement.kind !== 'import' || statement.names.length === 0) return [statement];
  const kept = statement.names.filter(({ local }) => local === undefined || names.has(local));
  return kept.length === 0 ? [] : [{ ...statement, names: kept }];
}
