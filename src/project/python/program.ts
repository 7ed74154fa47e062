/** Python's programs: an entry, and of the files that it imports those statements that it reaches by name. */
import { pythonFrontEnd } from '../../frontend/index';
import { fits, programOf, readOnce, startLoading } from '../loading';
import type { LoadedProgram, Project } from '../project';
import { type Needing, partOf } from './files';
import { follow, importsIn } from './needs';

/** Loads an entry with what it needs of the files that it imports. */
export async function loadPythonProgram(entry: string, project: Project): Promise<LoadedProgram> {
  const needing: Needing = { ...startLoading(project), entry, places: new Map(), files: new Map(), followed: new Set() };
  const text = await readOnce(needing, entry);
  if (text !== undefined && fits(needing, text)) await enter(needing, text);
  for (const file of needing.files.values()) if (file) needing.modules.set(file.path, partOf(needing, file));
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
  for (const statement of importsIn(module.body)) await follow(needing, entry, statement, spoken);
  const specifiers = [...needing.resolved.keys()].flatMap((key) => (key.startsWith(`${entry}\n`) ? [key.slice(entry.length + 1)] : []));
  project.lowered.set(entry, { text, module, specifiers });
}
