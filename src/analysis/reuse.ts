/**
 * A module's reading depends on the file's statements that it can reach by name, and on the other files: it is read of these alone. Readings are
 * kept between analyses of a file; where nothing that one depends on changed it holds, moved to where the statements now stand.
 */
import type { Reading } from '../interpret/index';
import type { SourceModule, Span, Statement } from '../program/types';
import { namesOf } from '../program/walk';

/** One top statement of a file: its text with the comments around it, and the names it speaks of. */
interface Chunk {
  readonly statement: Statement;
  readonly text: string;
  readonly line: number;
  readonly endLine: number;
  readonly names: ReadonlySet<string>;
  readonly declares: readonly string[];
  readonly isImport: boolean;
  /** It runs when the file is loaded, and may change what names hold. */
  readonly acts: boolean;
}

interface Kept {
  readonly reading: Reading;
  /** What it depends on, in order. */
  readonly chunks: readonly Chunk[];
}

/** The readings of one file by module, and the other files that they were read with. */
export interface Keep {
  readings: Map<string, Kept>;
  others: ReadonlyMap<string, SourceModule>;
}

/** A file as chunks, for one analysis. */
export interface Layout {
  readonly chunks: readonly Chunk[];
  readonly names: Names;
  readonly keep: Keep;
  readonly fresh: Map<string, Kept>;
  /** Names that other files import from this one: they are there whatever is read. */
  readonly roots: ReadonlySet<string>;
}

/** Lays a file out; what was kept is let go where another file changed. */
export function layOut(
  source: SourceModule,
  text: string,
  others: ReadonlyMap<string, SourceModule>,
  kept: Keep | undefined,
  roots: readonly string[] = [],
): Layout {
  const isSame = kept !== undefined && kept.others.size === others.size && [...others].every(([path, module]) => kept.others.get(path) === module);
  const keep: Keep = isSame ? kept : { readings: new Map(), others };
  const chunks = chunksOf(source, text);
  return { chunks, names: tableOf(chunks), keep, fresh: new Map(), roots: new Set(roots) };
}

/** What is to be kept for the next analysis. */
export const kept = (layout: Layout): Keep => ({ readings: layout.fresh, others: layout.keep.others });

/** The reading of a module: the kept one where nothing it depends on changed, else a new one, of the statements that it depends on alone. */
export function reuse(
  layout: Layout,
  name: string,
  span: Span,
  read: (body: readonly Statement[]) => Reading,
): { reading: Reading; body: readonly Statement[] } {
  const chunks = reachable(layout, span);
  const body = chunks.map(({ statement }) => statement);
  const known = layout.keep.readings.get(name);
  const holds = known !== undefined && known.chunks.length === chunks.length && known.chunks.every((chunk, at) => chunk.text === chunks[at]?.text);
  const reading = holds ? moved(known, chunks, span.file) : read(body);
  layout.fresh.set(name, { reading, chunks });
  return { reading, body };
}

/** Statements with all lines up to the next one, so that a comment that moves a shape counts. */
function chunksOf(source: SourceModule, text: string): Chunk[] {
  const lines = text.split('\n');
  return source.body.map((statement, at) => {
    const line = at === 0 ? 1 : (source.body[at - 1]?.span.endLine ?? 0) + 1;
    const endLine = Math.max(statement.span.endLine, line);
    const from = Math.min(line, statement.span.line);
    const own = lines.slice(from - 1, endLine).join('\n');
    return {
      statement,
      text: `${statement.span.line - from}:${statement.span.column}:${own}`,
      line: from,
      endLine,
      names: new Set(own.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? []),
      declares: declaredBy(statement),
      isImport: statement.kind === 'import',
      acts: acts(statement),
    };
  });
}

function declaredBy(statement: Statement): readonly string[] {
  switch (statement.kind) {
    case 'functionDefinition':
    case 'classDefinition':
      return [statement.definition.name];
    case 'typeDefinition':
      return [statement.name];
    case 'import':
      return statement.names.flatMap((name) => name.local ?? []);
    case 'assign':
      return statement.targets.flatMap(namesOf).map(({ name }) => name);
    default:
      return [];
  }
}

const acts = (statement: Statement): boolean =>
  !['functionDefinition', 'classDefinition', 'typeDefinition', 'import', 'export'].includes(statement.kind) &&
  !(statement.kind === 'assign' && statement.declares !== undefined);

/** Chunks by the names that they declare, and those that act by the names they speak of. */
interface Names {
  readonly declaring: ReadonlyMap<string, readonly Chunk[]>;
  readonly acting: ReadonlyMap<string, readonly Chunk[]>;
}

function tableOf(chunks: readonly Chunk[]): Names {
  const names = { declaring: new Map<string, Chunk[]>(), acting: new Map<string, Chunk[]>() };
  const add = (to: Map<string, Chunk[]>, name: string, chunk: Chunk) => to.set(name, [...(to.get(name) ?? []), chunk]);
  for (const chunk of chunks) {
    if (chunk.acts) for (const name of chunk.names) add(names.acting, name, chunk);
    else for (const name of chunk.declares) add(names.declaring, name, chunk);
  }
  return names;
}

/**
 * The chunks that a module's own chunk reaches by the names it speaks of; statements that act on what the file declares there (a library they
 * only use), and imports for their effect.
 */
function reachable({ chunks, names, roots }: Layout, span: Span): Chunk[] {
  const isRoot = ({ declares }: Chunk) => declares.some((name) => roots.has(name));
  const taken = new Set(chunks.filter((chunk) => encloses(chunk.statement.span, span) || (chunk.isImport && chunk.declares.length === 0) || isRoot(chunk)));
  // A set is walked to its end also where it grows.
  for (const chunk of taken) {
    for (const name of chunk.names) for (const other of names.declaring.get(name) ?? []) taken.add(other);
    if (!chunk.isImport) for (const name of chunk.declares) for (const other of names.acting.get(name) ?? []) taken.add(other);
  }
  return chunks.filter((chunk) => taken.has(chunk));
}

const isBefore = (line: number, column: number, other: { line: number; column: number }): boolean =>
  line < other.line || (line === other.line && column <= other.column);

/** The stretch lies in the statement. */
const encloses = (statement: Span, { line, column }: Span): boolean =>
  isBefore(statement.line, statement.column, { line, column }) && isBefore(line, column, { line: statement.endLine, column: statement.endColumn });

// ---- moving ----

/** The reading where its chunks now stand; the very same where none moved. */
function moved(known: Kept, chunks: readonly Chunk[], file: string): Reading {
  const shifts = known.chunks.map((chunk, at) => ({ line: chunk.line, endLine: chunk.endLine, by: (chunks[at]?.line ?? chunk.line) - chunk.line }));
  if (shifts.every(({ by }) => by === 0)) return known.reading;
  const place = (span: Span): Span => {
    const by = span.file === file ? (shifts.find(({ line, endLine }) => line <= span.line && span.line <= endLine)?.by ?? 0) : 0;
    return by === 0 ? span : { ...span, line: span.line + by, endLine: span.endLine + by };
  };
  return movedReading(known.reading, place);
}

function movedReading(reading: Reading, place: (span: Span) => Span): Reading {
  const spanned = <T extends { readonly span: Span }>(item: T): T => ({ ...item, span: place(item.span) });
  const { graph } = reading;
  return {
    ...reading,
    mentions: reading.mentions.map(spanned),
    problems: reading.problems.map((problem) => ({ ...spanned(problem), ...(problem.related ? { related: problem.related.map(spanned) } : {}) })),
    graph: {
      ...graph,
      span: place(graph.span),
      inputs: graph.inputs.map(spanned),
      nodes: graph.nodes.map(spanned),
      scopes: graph.scopes.map(spanned),
      needs: graph.needs.map(spanned),
      rows: graph.rows.map((row) => ({ ...spanned(row), statement: place(row.statement) })),
      symbols: graph.symbols.map((symbol) => (symbol.span ? { ...symbol, span: place(symbol.span) } : symbol)),
    },
  };
}
