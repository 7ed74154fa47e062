/** What is changed of a block's setting. */
import type { ChosenSizes, Setting } from '../../src/analysis/types';
import { released } from './seeds';
import type { Block, Told } from './state';

/** What can be changed of a setting; a size of null is the block's own again. */
export interface Change {
  readonly sizes?: { readonly [symbol: string]: number | null };
  readonly precision?: Setting['precision'];
  readonly attention?: Setting['attention'];
  readonly training?: boolean;
}

/** The numbers that the block stands at: those of its setting over those that were found for it. */
function standing({ setting }: Block, { prices }: Told): ChosenSizes {
  const found = (prices?.symbols ?? []).flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]]));
  return { ...Object.fromEntries(found), ...setting.sizes };
}

/** The block with the change. All else stays as it is shown, but for what follows the change: no other size is changed unasked. */
export function edited(block: Block, { sizes = {}, ...more }: Change, told: Told): Block {
  const names = Object.keys(sizes);
  if (names.length === 0) return { ...block, setting: { ...block.setting, ...more } };
  const stands = standing(block, told);
  const isTyped = (name: string): boolean => names.includes(name) || (block.setting.sizes[name] !== undefined && !block.seeds.includes(name));
  const seeds = Object.keys(stands).filter((name) => !isTyped(name));
  const kept = released(stands, names, told.ties ?? [], seeds);
  const all = Object.entries({ ...kept, ...sizes }).filter((entry): entry is [string, number] => entry[1] !== null);
  return { ...block, setting: { ...block.setting, ...more, sizes: Object.fromEntries(all) }, seeds: seeds.filter((name) => kept[name] !== undefined) };
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
