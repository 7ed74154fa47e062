/** Which blocks are compared, as they are written: `FILE`, `FILE:CLASS`, `FILE:CLASS[heads=4,sr_ratio=2]`. */
import { type Change, changeOf } from '../setting';

export interface Target {
  readonly path: string;
  /** None: all attention modules of the file. */
  readonly name?: string;
  readonly change: Change;
}

export const NOTHING: Change = { sizes: {} };

const NAME = /^[\p{ID_Start}_$][\p{ID_Continue}$.]*$/u;

/** Reads a target. What is a file as a whole is one, whatever colons and brackets are in its name. */
export function targetOf(text: string, exists: (path: string) => boolean): Target {
  if (exists(text)) return { path: text, change: NOTHING };
  const [, before, changes] = /^(.*[^[])\[([^[\]]*)\]$/s.exec(text) ?? [];
  const whole = before ?? text;
  const change = changes === undefined ? NOTHING : changeOf(text, changes);
  // A drive's letter has a colon too: the last one divides, where a name follows it.
  const colon = whole.lastIndexOf(':');
  const name = whole.slice(colon + 1);
  if (colon < 1 || exists(whole) || !NAME.test(name)) return { path: whole, change };
  return { path: whole.slice(0, colon), name, change };
}
