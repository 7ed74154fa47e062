/** Python's programs: an entry, and of the files that it imports those statements that it reaches by name. */
import { pythonFrontEnd, type Words } from '../../frontend/index';
import type { SourceModule } from '../../program/types';
import { fits, type Loading, programOf, readOnce, startLoading } from '../loading';
import type { LoadedProgram, Project } from '../project';
import { gather, type Needing } from './files';
import { byHead, follow, followAll, importsIn, speakOf } from './needs';

/** How much of other files is lowered, in UTF-16 units: some thousand lines. */
const MOST_LOWERED = { small: 600_000, large: 300_000 };

/** Loads an entry with what it needs of the files that it imports. */
export async function loadPythonProgram(entry: string, project: Project): Promise<LoadedProgram> {
  const start = { ...startLoading(project), entry };
  const text = await readOnce(start, entry);
  if (text === undefined || !fits(start, text)) return programOf(entry, start);
  const { lower, words } = await pythonFrontEnd();
  const known = project.lowered.get(entry);
  const module = known?.text === text ? known.module : lower(entry, text);
  const spoken = words(text);
  const followed = (await stillHolds(start, module, spoken)) ?? (await followedFrom(start, module, spoken));
  const modules = new Map([[entry, module], ...followed.modules]);
  const specifiers = [...followed.resolved.keys()].flatMap((key) => (key.startsWith(`${entry}\n`) ? [key.slice(entry.length + 1)] : []));
  // What is set anew is the last to be let go.
  project.lowered.delete(entry);
  project.lowered.set(entry, { text, module, specifiers });
  forget(project);
  return programOf(entry, { ...followed, modules, reads: new Map([...followed.reads, ...start.reads]) });
}

/** What an entry needed, and what that followed from. */
interface Followed extends Loading {
  /** The methods that wait to be spoken of. */
  readonly methods: ReadonlySet<string>;
  readonly cause: string;
}

const FOLLOWED = new WeakMap<Project, Map<string, Followed>>();
/** Entries whose needs are kept: those of files that are typed in. */
const MOST_FOLLOWED = 8;

/** What of the entry decides what is needed: its imports, what it says of the names that they bind, and of the methods of others. */
function causeOf(module: SourceModule, spoken: readonly Words[], methods: ReadonlySet<string>): string {
  const imports = importsIn(module.body).map(({ from, names }) => [from, ...names.map(({ imported, local }) => `${imported} ${local}`)]);
  const locals = new Set(importsIn(module.body).flatMap(({ names }) => names.map(({ local }) => local)));
  const told = spoken.filter(([head = '']) => locals.has(undefined) || locals.has(head)).map((chain) => chain.join('.'));
  const members = spoken.flat().filter((member) => methods.has(member));
  return JSON.stringify([imports, told.sort(), [...new Set(members)].sort()]);
}

/** What was needed before, where the entry says the same of it and no file that was asked for has changed. */
async function stillHolds(loading: Loading & { readonly entry: string }, module: SourceModule, spoken: readonly Words[]): Promise<Followed | undefined> {
  const kept = FOLLOWED.get(loading.project)?.get(loading.entry);
  if (!kept || kept.cause !== causeOf(module, spoken, kept.methods)) return undefined;
  const same = await Promise.all([...kept.reads].map(async ([path, text]) => path === loading.entry || (await readOnce(loading, path)) === (await text)));
  return same.every(Boolean) ? kept : undefined;
}

async function followedFrom(loading: Loading & { readonly entry: string }, module: SourceModule, spoken: readonly Words[]): Promise<Followed> {
  const needing: Needing = {
    ...loading,
    places: new Map(),
    files: new Map([[loading.entry, undefined]]),
    followed: new Set(),
    pending: [],
    vital: [],
    now: { vital: false },
    spoken: new Set(),
    waiting: new Map(),
    methods: new Set(),
    touched: new Set(),
    folders: new Set(),
    lowering: { ...MOST_LOWERED },
  };
  const heads = byHead(spoken);
  speakOf(needing, spoken);
  needing.modules.set(loading.entry, module);
  for (const statement of importsIn(module.body)) await follow(needing, loading.entry, statement, heads);
  await followAll(needing);
  gather(needing);
  needing.modules.delete(loading.entry);
  const { modules, resolved, missing, reads, project, characters, methods } = needing;
  const followed: Followed = { modules, resolved, missing, reads, project, characters, methods, cause: causeOf(module, spoken, methods) };
  const all = FOLLOWED.get(project) ?? new Map<string, Followed>();
  FOLLOWED.set(project, all);
  all.delete(loading.entry);
  all.set(loading.entry, followed);
  const [oldest] = all.keys();
  if (all.size > MOST_FOLLOWED && oldest !== undefined) all.delete(oldest);
  return followed;
}

/** How much is kept of files that were read before, in UTF-16 units of their texts. */
const MOST_KEPT = 8_000_000;

/** Lets go of what was read longest ago, where what is kept is much. */
function forget({ lowered, outlines }: Project): void {
  for (const held of [lowered, outlines]) {
    let size = 0;
    for (const { text } of held.values()) size += text.length;
    for (const [path, { text }] of held) {
      if (size <= MOST_KEPT) break;
      held.delete(path);
      size -= text.length;
    }
  }
}
