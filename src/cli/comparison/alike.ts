/** Blocks compared on inputs of one size: as many samples, as wide. */
import { growingOf, priceOf, symbolNamed } from '../../analysis/pricing/index';
import type { BlockSymbol, ChosenSizes, ModuleAnalysis, Prices, Setting } from '../../analysis/types';
import { isUnknown, symbolsOf } from '../../dim/index';
import { typeOf } from '../../graph/values';

/** A block's own names for the parts that sizes play in all blocks. */
interface Parts {
  readonly batch?: string;
  readonly width?: string;
}

/** How a user may name them where a block has no symbol of that name. */
const NAMES: { readonly [Part in keyof Parts]-?: string } = { batch: 'b', width: 'c' };

/** The first input's samples, and the one axis of it that is neither these nor places. */
function partsOf({ graph }: ModuleAnalysis): Parts {
  const growing = growingOf(graph);
  const batch = growing.find(({ what }) => what === 'batch')?.symbols[0];
  const shape = graph.inputs.map(({ ref }) => typeOf(graph, ref)?.shape ?? []).find(({ length }) => length > 2) ?? [];
  const taken = new Set(growing.flatMap(({ symbols }) => symbols));
  const symbols = shape.flatMap((size) => (isUnknown(size) ? [] : symbolsOf(size).filter((name) => name === size.text && !taken.has(name))));
  const [width, more] = new Set(symbols);
  return { ...(batch === undefined ? {} : { batch }), ...(width === undefined || more !== undefined ? {} : { width }) };
}

/** The block's own name for a size: its symbol by that name, or for `b` and `c` what plays their part. */
export function ownName(module: ModuleAnalysis, wanted: string): string | undefined {
  const { batch, width } = partsOf(module);
  return symbolNamed(module.graph, wanted) ?? (wanted === NAMES.batch ? batch : wanted === NAMES.width ? width : undefined);
}

/** What a block takes over of another's input, at its own names. */
function shared(module: ModuleAnalysis, parts: readonly (keyof Parts)[], from: Inputs): ChosenSizes {
  const own = partsOf(module);
  return Object.fromEntries(
    parts.flatMap((part) => {
      const [name, size] = [own[part], from[part]];
      return name === undefined || size === undefined ? [] : [[name, size]];
    }),
  );
}

type Inputs = { readonly [Part in keyof Parts]?: number };

/** The sizes of a block's input as it is priced. */
function inputsOf(module: ModuleAnalysis, setting: Setting): Inputs {
  const parts = partsOf(module);
  const sizes = new Map(priceOf(module, setting).symbols.map(({ name, value }) => [name, value]));
  const [batch, width] = [parts.batch, parts.width].map((name) => (name === undefined ? undefined : sizes.get(name)));
  return { ...(batch === undefined ? {} : { batch }), ...(width === undefined ? {} : { width }) };
}

/** Whether it is the block that it is by itself: no window and no number of heads gave way to the input. What is as wide as the input may. */
function isSame({ graph }: ModuleAnalysis, own: Prices, made: Prices): boolean {
  const sides = graph.needs.filter(({ relation }) => relation === '==').flatMap(({ left, right }) => [left, right]);
  const wide = new Set(sides.flatMap((side) => symbolsOf(side).filter((name) => name === side.text)));
  const before = new Map(own.symbols.map(({ name, value }) => [name, value]));
  const isKept = ({ name, role, value }: BlockSymbol): boolean => role === 'data' || wide.has(name) || before.get(name) === value;
  return made.reason === undefined && made.symbols.every(isKept);
}

/** The settings with the first block's input for all, as far as each can have it beside what was set for it. */
export function alike(blocks: readonly { readonly module: ModuleAnalysis; readonly setting: Setting }[]): readonly Setting[] {
  const [first, ...others] = blocks;
  if (!first) return [];
  const inputs = inputsOf(first.module, first.setting);
  return [
    first.setting,
    ...others.map(({ module, setting }) => {
      const tries = [['batch', 'width'] as const, ['batch'] as const].map((parts) => ({
        ...setting,
        sizes: { ...shared(module, parts, inputs), ...setting.sizes },
      }));
      const own = priceOf(module, setting);
      return tries.find((one) => isSame(module, own, priceOf(module, one))) ?? setting;
    }),
  ];
}
