/** Which bar each line gets where several modules run through it: that of the module which the cursor is in, else of the one that the line is part of. */
import type { AliveModule } from '../analysis/types';

/** How much is alive at a line, and how long its bar is: from 1 to the longest. */
export interface Bar {
  readonly line: number;
  readonly bytes: number;
  readonly length: number;
  readonly isPeak: boolean;
}

/** The bars of a file; `chosen` is the module that the cursor is in. */
export function barsOf(modules: readonly AliveModule[], chosen: string | null, lengths: number): readonly Bar[] {
  const bars = new Map<number, { readonly bar: Bar; readonly rank: number }>();
  for (const { module, peak, lines } of modules) {
    for (const { line, bytes, isOwn, isPeak } of lines) {
      const rank = module === chosen ? 2 : isOwn ? 1 : 0;
      if ((bars.get(line)?.rank ?? -1) >= rank) continue;
      const length = peak === 0 ? 1 : Math.max(1, Math.ceil((bytes / peak) * lengths));
      bars.set(line, { bar: { line, bytes, length, isPeak }, rank });
    }
  }
  return [...bars.values()].map(({ bar }) => bar).sort((a, b) => a.line - b.line);
}
