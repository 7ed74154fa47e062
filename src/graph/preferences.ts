/** Which size a symbol gets in an example where neither the code nor its needs say. Names only make an example look familiar; nothing depends on them. */
import type { GraphSymbol } from './types';

interface Preference {
  /** Where the name means one thing as an axis of the data and another as an argument. */
  readonly role?: GraphSymbol['role'];
  readonly names: RegExp;
  /** In order of preference; sizes that vary independently take different ones. */
  readonly sizes: readonly number[];
}

const BATCH = [2] as const;

const PREFERENCES: readonly Preference[] = [
  { names: /^(w|width|cols?|columns?)$/, role: 'data', sizes: [12, 20, 28] },
  { names: /^(b|n?batch|bsz?|batch_?size)$/, sizes: BATCH },
  { names: /heads?$|^(nh|n_?heads?)$/, sizes: [8, 4, 2] },
  { names: /(reduction|ratio|squeeze)$/, sizes: [8, 4, 16, 2] },
  { names: /^(sr|sr_?ratio|strides?|window_?size|window|patch_?size|patch|groups?|factor|scale)$/, sizes: [4, 2, 8] },
  { names: /kernel(_?size)?$|^k$/, sizes: [3, 5, 7] },
  { names: /^(depth|n?_?layers?|blocks?|stages?)$/, sizes: [2, 3] },
  { names: /^(c|ch|channels?|.*(channels?|dim|dims|units|filters|features?|embed|embedding|hidden|model|size|width))$/, sizes: [64, 32, 128, 48, 96] },
  { names: /^(h|height|rows?)$/, sizes: [16, 24, 32] },
  { names: /^(d|z)$/, sizes: [8, 6, 10] },
  { names: /^(vocab|vocabulary|tokens_total)/, sizes: [100] },
];
const DATA = [24, 20, 28, 36, 18, 22] as const;
const ARGUMENT = [16, 8, 32, 4, 2] as const;

const plain = (name: string): string => (name.split('.').at(-1) ?? name).replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();

/** Sizes that suit a symbol, best first; of an image's first axis, whatever it is called, those of a batch. */
export function preferredSizes(symbol: Pick<GraphSymbol, 'name' | 'role'>, countsImages = false): readonly number[] {
  const known = PREFERENCES.find(({ names, role }) => (role === undefined || role === symbol.role) && names.test(plain(symbol.name)));
  return known?.sizes ?? (countsImages ? BATCH : symbol.role === 'data' ? DATA : ARGUMENT);
}
