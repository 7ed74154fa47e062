/** What is analysed as one file: a document, or a notebook's cells of one language joined. Outside of here a unit is a path, and its places count in the joined text. */
import { Location, type NotebookCell, type NotebookDocument, type Position, Range, type TextDocument, type Uri, workspace } from 'vscode';
import type { Span } from '../program/types';
import { fileOf, uriOf } from './files';
import { endingOf, isOurs } from './languages';
import { cellAt, inCells, type Joined, joinCells } from './notebook/cells';
import { positionOf, rangeOf } from './positions';

export interface Unit {
  /** The path by which the analysis knows it. */
  readonly file: string;
  /** The document or notebook: settings are looked up there. */
  readonly uri: Uri;
  readonly notebook?: NotebookDocument;
  readonly isClosed: boolean;
  /** Another for every text that it had. */
  readonly version: string;
  text(): string;
  /** What it consists of, in order. */
  documents(): readonly TextDocument[];
  /** How many lines of the text stand before those of one of its documents. */
  before(document: TextDocument): number;
  /** Where a place of the text is in the editor. */
  locate(span: Span): Location;
  /** Words as its reader knows the lines that they name. */
  words(text: string): string;
}

// ---- a document by itself ----

/** A document that was never saved gets an ending that says its language. */
const fileOfDocument = (document: TextDocument): string => fileOf(document.uri) + (document.isUntitled ? endingOf(document.languageId) : '');

const documentUnit = (document: TextDocument): Unit => ({
  file: fileOfDocument(document),
  uri: document.uri,
  get isClosed() {
    return document.isClosed;
  },
  get version() {
    return String(document.version);
  },
  text: () => document.getText(),
  documents: () => [document],
  before: () => 0,
  locate: (span) => new Location(document.uri, rangeOf(span)),
  words: (text) => text,
});

// ---- a notebook ----

const CELL_SCHEME = 'vscode-notebook-cell';
const CELLS = /#cells(\.\w+)$/;

const fileOfNotebook = (notebook: NotebookDocument, language: string): string => `${fileOf(notebook.uri)}#cells${endingOf(language)}`;

const cellsOf = (notebook: NotebookDocument, language: string): readonly NotebookCell[] =>
  notebook.getCells().filter(({ document }) => document.languageId === language);

function notebookUnit(notebook: NotebookDocument, language: string): Unit {
  let joined: { readonly version: string; readonly of: Joined<TextDocument> } | undefined;
  const versionNow = (): string => cellsOf(notebook, language).reduce((all, { document }) => `${all} ${document.uri.fragment}:${document.version}`, '');

  function now(): Joined<TextDocument> {
    const version = versionNow();
    if (joined?.version !== version) {
      const cells = cellsOf(notebook, language).map(({ document }) => ({ key: document, text: document.getText() }));
      joined = { version, of: joinCells(cells, language) };
    }
    return joined.of;
  }

  const before = (document: TextDocument): number => now().places.find(({ key }) => key === document)?.before ?? 0;

  return {
    file: fileOfNotebook(notebook, language),
    uri: notebook.uri,
    notebook,
    get isClosed() {
      return notebook.isClosed;
    },
    get version() {
      return versionNow();
    },
    text: () => now().text,
    documents: () => now().places.map(({ key }) => key),
    before,
    locate(span) {
      const at = cellAt(now(), span.line);
      if (!at) return new Location(notebook.uri, rangeOf(span));
      const end = at.line + span.endLine - span.line;
      return new Location(at.key.uri, rangeOf({ ...span, line: at.line, endLine: end }));
    },
    words: (text) => inCells(text, now()),
  };
}

const languagesOf = (notebook: NotebookDocument): readonly string[] => [
  ...new Set(
    notebook
      .getCells()
      .filter(({ document }) => isOurs(document))
      .map(({ document }) => document.languageId),
  ),
];

// ---- finding them ----

const documentUnits = new WeakMap<TextDocument, Unit>();
const notebookUnits = new WeakMap<NotebookDocument, Map<string, Unit>>();

function unitOfNotebook(notebook: NotebookDocument, language: string): Unit {
  const known = notebookUnits.get(notebook) ?? new Map<string, Unit>();
  notebookUnits.set(notebook, known);
  const unit = known.get(language) ?? notebookUnit(notebook, language);
  known.set(language, unit);
  return unit;
}

/** The units of an open notebook. */
export const unitsOf = (notebook: NotebookDocument): readonly Unit[] => languagesOf(notebook).map((language) => unitOfNotebook(notebook, language));

function notebookOf(document: TextDocument): NotebookDocument | undefined {
  return workspace.notebookDocuments.find((notebook) => notebook.getCells().some((cell) => cell.document === document));
}

/** The unit that a document is, or is a part of; undefined where it is not ours to read, and for a cell whose notebook is gone. */
export function unitOf(document: TextDocument): Unit | undefined {
  if (!isOurs(document)) return undefined;
  if (document.uri.scheme === CELL_SCHEME) {
    const notebook = notebookOf(document);
    return notebook && unitOfNotebook(notebook, document.languageId);
  }
  const unit = documentUnits.get(document) ?? documentUnit(document);
  documentUnits.set(document, unit);
  return unit;
}

/** The open unit of a path. */
export function openUnit(file: string): Unit | undefined {
  if (CELLS.test(file)) return workspace.notebookDocuments.flatMap(unitsOf).find((unit) => unit.file === file);
  const document = workspace.textDocuments.find((one) => one.uri.scheme !== CELL_SCHEME && fileOfDocument(one) === file);
  return document && unitOf(document);
}

/** The unit of a path, opened (not shown) where it is not. */
export async function unitOfFile(file: string): Promise<Unit | undefined> {
  const open = openUnit(file);
  if (open) return open;
  if (!CELLS.test(file)) return unitOf(await workspace.openTextDocument(uriOf(file)));
  const notebook = await workspace.openNotebookDocument(uriOf(file.replace(CELLS, '')));
  return unitsOf(notebook).find((unit) => unit.file === file);
}

/** The text of a path: what the editor holds, saved or not, else what is stored; null where there is none, or more than `maxBytes`. */
export async function readText(file: string, maxBytes: (uri: Uri) => number): Promise<string | null> {
  const unit = openUnit(file);
  if (unit) return unit.text();
  if (CELLS.test(file)) return null;
  const document = workspace.textDocuments.find(({ uri }) => fileOf(uri) === file);
  if (document) return document.getText();
  try {
    const uri = uriOf(file);
    if ((await workspace.fs.stat(uri)).size > maxBytes(uri)) return null;
    return new TextDecoder().decode(await workspace.fs.readFile(uri));
  } catch {
    return null;
  }
}

// ---- places ----

/** Where a place is in the editor, whichever unit it is in. */
export const locationOf = (span: Span): Location => openUnit(span.file)?.locate(span) ?? new Location(uriOf(span.file), rangeOf(span));

/** A position in one of the unit's documents as a place in its text, counted from 1. */
export const placeIn = (unit: Unit, document: TextDocument, { line, character }: Position): { readonly line: number; readonly column: number } => ({
  line: unit.before(document) + line + 1,
  column: character + 1,
});

/** A place of the unit's text in one of its documents; undefined where it is in another. */
export function rangeWithin(unit: Unit, document: TextDocument, span: Omit<Span, 'file'>): Range | undefined {
  const before = unit.before(document);
  const line = span.line - before;
  if (line < 1 || line > document.lineCount) return undefined;
  return new Range(positionOf({ line, column: span.column }), positionOf({ line: span.endLine - before, column: span.endColumn }));
}

/** The path without what marks a notebook's cells: as people know it. */
export const namedFile = (file: string): string => file.replace(CELLS, '');

/** The address of a path's document or notebook. */
export const addressOf = (file: string): Uri => openUnit(file)?.uri ?? uriOf(namedFile(file));
