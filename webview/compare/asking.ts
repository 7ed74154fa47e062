/** Questions to the host: prices at once, curves and what fits after a pause; an answer that was overtaken is dropped. */
import type { FigureName, Setting, Sweep } from '../../src/analysis/types';
import type { Fit, FromCompare, ToCompare } from '../../src/protocol/compareMessages';
import type { Block } from './state';

/** What is asked of a block, each by itself: figures come first, what takes longer follows. */
export type Part = 'prices' | 'curve' | 'fits';

const PAUSES: { readonly [Each in Part]: number } = { prices: 60, curve: 200, fits: 500 };

export type Answer = Extract<ToCompare, { kind: 'priced' | 'unpriced' }>;

export interface Asking {
  /** After a pause, of the block as it is then. */
  ask(key: string, part: Part): void;
  /** Whose answer it is; undefined where it was overtaken. */
  answered(answer: Answer): { readonly key: string; readonly part: Part } | undefined;
  /** The block is gone. */
  drop(key: string): void;
}

/** How sizes and fits are looked up when a question is put. */
export interface Details {
  block(key: string): Block | undefined;
  setting(block: Block, part: Part): Setting;
  sweep(): Sweep;
  /** None where the block's sizes are not known. */
  fits(key: string): readonly Fit[] | undefined;
}

/** Nothing asked yet. */
export function createAsking(post: (message: FromCompare) => void, details: Details): Asking {
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  const open = new Map<string, number>();
  let last = 0;

  function put(key: string, part: Part, of: string): void {
    const block = details.block(key);
    const fits = part === 'fits' ? details.fits(key) : undefined;
    if (!block || (part === 'fits' && !fits)) return;
    last += 1;
    open.set(of, last);
    const { file, module } = block;
    const setting = details.setting(block, part);
    const more = part === 'curve' ? { sweep: details.sweep() } : fits ? { fits } : {};
    post({ kind: 'price', id: last, of, file, module, setting, ...more });
  }

  const places = (key: string): readonly string[] => (Object.keys(PAUSES) as readonly Part[]).map((part) => `${part} ${key}`);

  return {
    ask(key, part) {
      const of = `${part} ${key}`;
      open.delete(of);
      clearTimeout(timers.get(of));
      timers.set(
        of,
        setTimeout(() => {
          timers.delete(of);
          put(key, part, of);
        }, PAUSES[part]),
      );
    },
    answered({ id }) {
      const of = [...open].find(([, asked]) => asked === id)?.[0];
      if (of === undefined) return undefined;
      open.delete(of);
      const [part, key] = of.split(' ') as [Part, string];
      return { key, part };
    },
    drop(key) {
      for (const of of places(key)) {
        clearTimeout(timers.get(of));
        timers.delete(of);
        open.delete(of);
      }
    },
  };
}

/** What may not be larger than the memory, for inference and for training. */
export const FITTED: readonly FigureName[] = ['peakInference', 'peakTraining'];
