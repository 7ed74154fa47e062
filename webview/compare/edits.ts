/** What is changed of a block's setting. */
import type { Setting } from '../../src/analysis/types';
import { released } from './seeds';
import type { Block, Told } from './state';

/** What can be changed of a setting; a size of null is the block's own again. */
export interface Change {
  readonly sizes?: { readonly [symbol: string]: number | null };
  readonly precision?: Setting['precision'];
  readonly attention?: Setting['attention'];
  readonly training?: boolean;
}

/** The block with the change; sizes that follow what is changed are let go. */
export function edited(block: Block, { sizes = {}, ...more }: Change, { ties = [] }: Told): Block {
  const names = Object.keys(sizes);
  const kept = released(block.setting.sizes, names, ties, block.seeds);
  const all = Object.entries({ ...kept, ...sizes }).filter((entry): entry is [string, number] => entry[1] !== null);
  return { ...block, setting: { ...block.setting, ...more, sizes: Object.fromEntries(all) }, seeds: block.seeds.filter((name) => !names.includes(name)) };
}

/** The change as far as it concerns the block: of what is set for all, its own symbols. */
export function concerning({ sizes, ...more }: Change, { prices }: Told): Change {
  if (!sizes) return more;
  const own = Object.entries(sizes).filter(([name]) => prices?.symbols.some((symbol) => symbol.name === name));
  return { ...more, sizes: Object.fromEntries(own) };
}

/** The block's own sizes again. */
export const atOwnSizes = (block: Block): Block => ({ ...block, setting: { ...block.setting, sizes: {} }, seeds: [] });

/** The block at sizes that it takes over. */
export const seeded = (block: Block, sizes: Setting['sizes']): Block => ({ ...block, setting: { ...block.setting, sizes }, seeds: Object.keys(sizes) });
