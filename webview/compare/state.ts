/** What the panel shows at a moment, and what of it is kept: plain records, never changed in place. */
import type { Curve, FigureName, Largest, Prices, Setting } from '../../src/analysis/types';
import type { BlockName, Tie } from '../../src/protocol/compareMessages';

/** A block under a setting; the same block may stand in several places. */
export interface Block extends BlockName {
  readonly key: string;
  readonly setting: Setting;
  /** It has just come: sizes are to be taken from those that are there. */
  readonly fresh?: boolean;
  /** Sizes of the setting that were taken so, and that the user has not touched. */
  readonly seeds: readonly string[];
}

/** The sizes along which curves are drawn. */
export interface Along {
  readonly symbols: readonly string[];
  readonly from: number;
  readonly to: number;
}

/** What is kept while the panel is hidden, and over a restart. */
export interface Kept {
  readonly blocks: readonly Block[];
  readonly figure: FigureName;
  /** None until the user chooses: then what suits the blocks. */
  readonly along?: Along;
  readonly gib: number;
}

/** What is known of a block: prices at its sizes, its curve, what fits. */
export interface Told {
  readonly prices?: Prices;
  readonly ties?: readonly Tie[];
  readonly curve?: Curve;
  readonly fits?: readonly Largest[];
  /** Why there are no prices, or none of its code as it is. */
  readonly problem?: { readonly reason: string; readonly passing: boolean };
}

export interface View extends Kept {
  readonly told: ReadonlyMap<string, Told>;
  /** What is said to have happened: copied. */
  readonly said?: string;
}

/** The languages of the blocks that have prices. */
export const languagesOf = (told: View['told']): readonly Prices['language'][] => [...told.values()].flatMap(({ prices }) => prices?.language ?? []);

export const AS_WRITTEN: Setting = { sizes: {}, precision: 'float32', attention: 'written', training: true };

export const NOTHING: View = { blocks: [], figure: 'peakInference', gib: 16, told: new Map() };

/** Figures that can be drawn along a size. */
export const DRAWN: readonly FigureName[] = ['peakInference', 'peakTraining', 'saved', 'map', 'macs'];

const has = <Name extends string>(value: unknown, ...names: readonly Name[]): value is { readonly [Each in Name]: unknown } =>
  typeof value === 'object' && value !== null && names.every((name) => name in value);

const isBlock = (value: unknown): value is Block =>
  has(value, 'key', 'file', 'module', 'setting', 'seeds') &&
  Array.isArray(value.seeds) &&
  [value.key, value.file, value.module].every((each) => typeof each === 'string') &&
  has(value.setting, 'sizes', 'precision', 'attention', 'training');

/** What was kept, where it is of the form that we keep. */
export function keptOf(state: unknown): Kept | undefined {
  if (!has(state, 'blocks', 'figure', 'gib') || !Array.isArray(state.blocks) || !state.blocks.every(isBlock)) return undefined;
  const figure = DRAWN.find((name) => name === state.figure);
  if (figure === undefined || typeof state.gib !== 'number') return undefined;
  const along = has(state, 'along') && has(state.along, 'symbols', 'from', 'to') ? (state.along as Along) : undefined;
  return { blocks: state.blocks, figure, gib: state.gib, ...(along && { along }) };
}
