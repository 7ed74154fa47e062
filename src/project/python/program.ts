/** Python's programs: an entry, and of the files that it imports those statements that it reaches by name. */
import { pythonFrontEnd } from '../../frontend/index';
import { fits, programOf, readOnce, startLoading } from '../loading';
import type { LoadedProgram, Project } from '../project';
import { gather, type Needing } from './files';
import { byHead, follow, importsIn, speakOf } from './needs';

/** How much of other files is lowered, in UTF-16 units: some thousand lines. */
const MOST_LOWERED = 400_000;

/** Loads an entry with what it needs of the files that it imports. */
export async function loadPythonProgram(entry: string, project: Project): Promise<LoadedProgram> {
  const needing: Needing = {
    ...startLoading(project),
    entry,
    places: new Map(),
    files: new Map(),
    followed: new Set(),
    pending: [],
    spoken: new Set(),
    waiting: new Map(),
    touched: new Set(),
    folders: new Set(),
    lowering: MOST_LOWERED,
  };
  const text = await readOnce(needing, entry);
  if (text !== undefined && fits(needing, text)) await enter(needing, text);
  gather(needing);
  forget(project);
  return programOf(entry, needing);
}

async function enter(needing: Needing, text: string): Promise<void> {
  const { entry, project } = needing;
  const { lower, words } = await pythonFrontEnd();
  const known = project.lowered.get(entry);
  const module = known?.text === text ? known.module : lower(entry, text);
  needing.modules.set(entry, module);
  needing.files.set(entry, undefined);
  const spoken = words(text);
  const heads = byHead(spoken);
  speakOf(needing, spoken);
  for (const statement of importsIn(module.body)) await follow(needing, entry, statement, heads);
  for (let task = needing.pending.shift(); task; task = needing.pending.shift()) await task();
  const specifiers = [...needing.resolved.keys()].flatMap((key) => (key.startsWith(`${entry}\n`) ? [key.slice(entry.length + 1)] : []));
  // What is set anew is the last to be let go.
  project.lowered.delete(entry);
  project.lowered.set(entry, { text, module, specifiers });
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
