/** The example sizes that the user chose, by file and module: kept in the workspace. */
import { type Event, EventEmitter, type Memento } from 'vscode';
import type { ChosenSizes } from '../analysis/types';
import type { AnalysisOptions } from '../protocol/messages';

export interface SizeStore {
  of(file: string): AnalysisOptions['sizes'];
  /** Keeps the sizes of a module; none at all forgets them. */
  choose(file: string, module: string, sizes: ChosenSizes): Promise<void>;
  /** The file whose sizes have changed. */
  readonly onChange: Event<string>;
}

const KEY = 'sizes';

/** The store over the workspace's own memory. */
export function sizeStore(memory: Memento): SizeStore {
  const changed = new EventEmitter<string>();
  const all = (): { readonly [file: string]: AnalysisOptions['sizes'] } => memory.get(KEY, {});
  return {
    onChange: changed.event,
    of: (file) => all()[file] ?? {},
    async choose(file, module, sizes) {
      const { [module]: _, ...others } = all()[file] ?? {};
      const ofFile = Object.keys(sizes).length > 0 ? { ...others, [module]: sizes } : others;
      await memory.update(KEY, { ...all(), [file]: ofFile });
      changed.fire(file);
    },
  };
}
