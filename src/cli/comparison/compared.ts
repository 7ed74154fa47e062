/** Blocks priced along the sweep: their curves, and exactly where these cross or pass the limit. */
import { curveOf, priceOf } from '../../analysis/pricing/index';
import type { Curve, CurvePoint, FigureName, Figures, Prices } from '../../analysis/types';
import { crossings, isAbove, named, passings } from '../../curves/index';
import type { Crossing } from '../../curves/types';
import type { Asked } from './asked';
import { limitFor } from './asked';
import type { Block } from './blocks';
import { firstSize, type Values } from './firstSize';

/** A block with its prices; `reason` where it has none at all. */
export interface Compared extends Block {
  readonly curve: Curve;
  readonly prices?: Prices;
  readonly reason?: string;
}

/** From a size on one block is smaller than another; exact where that size was priced, and the one before it. */
export interface Turn {
  readonly smaller: string;
  readonly larger: string;
  readonly at: number;
  readonly exact: boolean;
}

export interface Pass {
  readonly label: string;
  readonly at: number;
  readonly direction: 'up' | 'down' | 'above';
  readonly exact: boolean;
}

/** What cannot be priced says so, and leaves the others alone. */
export function comparedOf(block: Block, { sweep }: Asked): Compared {
  try {
    const curve = curveOf(block.module, block.setting, sweep);
    const [first] = curve.points;
    const prices = priceOf(block.module, first ? { ...block.setting, sizes: first.sizes } : block.setting);
    const reason = first ? undefined : (curve.reason ?? prices.reason);
    return { ...block, curve, prices, ...(reason === undefined ? {} : { reason }) };
  } catch (error) {
    return { ...block, curve: { points: [] }, reason: `it cannot be priced: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** All figures of a block at one point of its curve. */
export const figuresAt = ({ module, setting }: Compared, { sizes }: CurvePoint): Figures => priceOf(module, { ...setting, sizes }).figures;

/** The point that stands for a size of the sweep: the nearest. */
export const pointAt = ({ curve }: Compared, size: number): CurvePoint | undefined =>
  curve.points.toSorted((a, b) => Math.abs(a.at - size) - Math.abs(b.at - size))[0];

/** Why a figure is not known anywhere on a block's curve. */
export function unknownOf({ curve, reason, prices }: Compared, figure: FigureName): string | undefined {
  if (reason !== undefined) return reason;
  if (curve.points.some(({ values }) => values[figure] !== undefined)) return undefined;
  return prices?.figures[figure].unknown ?? 'it is not known';
}

const valuesOf =
  (block: Compared, figure: FigureName, symbols: readonly string[]): Values =>
  (size) => {
    const [point] = curveOf(block.module, block.setting, { symbols, values: [size] }).points;
    const value = point?.values[figure];
    return point && value !== undefined ? { at: point.at, value } : undefined;
  };

const known = new WeakMap<readonly Compared[], Map<FigureName, readonly Crossing[]>>();

/** Where curves of a figure cross, exactly where sizes between can be priced: looked for once, told in words and drawn. */
export function crossingsOf(blocks: readonly Compared[], figure: FigureName, { sweep }: Asked): readonly Crossing[] {
  const made = known.get(blocks) ?? new Map<FigureName, readonly Crossing[]>();
  known.set(blocks, made);
  const found = made.get(figure) ?? refined(blocks, figure, sweep.symbols);
  made.set(figure, found);
  return found;
}

function refined(blocks: readonly Compared[], figure: FigureName, symbols: readonly string[]): readonly Crossing[] {
  const curves = blocks.map((block) => named(block.label, block.curve, figure));
  const found = crossings(curves).map((crossing): Crossing => {
    const pair = crossing.between.map((label) => blocks.find((block) => block.label === label)).flatMap((block) => (block ? [block] : []));
    const first = firstSize(
      crossing.at,
      pair.map((block) => named(block.label, block.curve, figure)),
      pair.map((block) => valuesOf(block, figure, symbols)),
      ([one = 0, other = 0]) => one < other,
    );
    return first === undefined ? crossing : { ...crossing, first };
  });
  return found.sort((a, b) => (a.first ?? a.at) - (b.first ?? b.at));
}

/** The same by who is smaller. */
export const turnsOf = (blocks: readonly Compared[], figure: FigureName, asked: Asked): readonly Turn[] =>
  crossingsOf(blocks, figure, asked).map(({ between: [smaller, larger], at, first }) => ({ smaller, larger, at: first ?? at, exact: first !== undefined }));

/** Where curves of a figure pass the limit. */
export function passesOf(blocks: readonly Compared[], figure: FigureName, { sweep, limit: asked }: Asked): readonly Pass[] {
  const limit = limitFor(figure, asked);
  if (!limit) return [];
  return blocks.flatMap((block): readonly Pass[] => {
    const curve = named(block.label, block.curve, figure);
    const passed = passings(curve, limit.value).map(({ label, at, direction }): Pass => {
      const found = firstSize(at, [curve], [valuesOf(block, figure, sweep.symbols)], ([value = 0]) =>
        direction === 'up' ? value > limit.value : value < limit.value,
      );
      return { label, at: found ?? at, direction, exact: found !== undefined };
    });
    return isAbove(curve, limit.value) ? [{ label: block.label, at: curve.points[0]?.at ?? 0, direction: 'above', exact: true }] : passed;
  });
}
