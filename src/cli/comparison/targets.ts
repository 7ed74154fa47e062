/** Which blocks are compared, as they are written: `FILE`, `FILE:CLASS`, `FILE:CLASS[heads=4,sr_ratio=2]`. */
import type { ChosenSizes } from '../../analysis/types';
import { Failure } from '../failure';

export interface Target {
  readonly path: string;
  /** None: all attention modules of the file. */
  readonly name?: string;
  readonly change: ChosenSizes;
}

const NAME = /^[\p{ID_Start}_$][\p{ID_Continue}$.]*$/u;

/** Reads a target. What is a file as a whole is one, whatever colons and brackets are in its name. */
export function targetOf(text: string, exists: (path: string) => boolean): Target {
  if (exists(text)) return { path: text, change: {} };
  const [, before, changes] = /^(.*[^[])\[([^[\]]*)\]$/s.exec(text) ?? [];
  const whole = before ?? text;
  const change = changes === undefined ? {} : changeOf(changes, text);
  // A drive's letter has a colon too: the last one divides, where a name follows it.
  const colon = whole.lastIndexOf(':');
  const name = whole.slice(colon + 1);
  if (colon < 1 || exists(whole) || !NAME.test(name)) return { path: whole, change };
  return { path: whole.slice(0, colon), name, change };
}

function changeOf(text: string, target: string): ChosenSizes {
  const pairs = text.split(',').map((part) => {
    const [, name, size] = /^\s*([\p{ID_Start}_$][\p{ID_Continue}$.]*)\s*=\s*(\d+)\s*$/u.exec(part) ?? [];
    if (name === undefined || !Number.isSafeInteger(Number(size)))
      throw new Failure('bad-argument', `${target}: what is changed is written [heads=4,sr_ratio=2], with whole numbers`);
    return [name, Number(size)] as const;
  });
  return Object.fromEntries(pairs);
}
