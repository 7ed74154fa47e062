/** Messages of the panel that compares blocks: what the worker is asked for it, and what host and panel tell each other. */
import type { Curve, FigureName, Largest, Precision, Prices, Setting, Sweep } from '../analysis/types';
import type { AnalysisOptions } from './messages';

/** The largest size of `symbols` at which a figure of a block stays within `bytes`. */
export interface Fit {
  readonly symbols: readonly string[];
  readonly bytes: number;
  readonly figure: FigureName;
}

/** A block under a setting, and what else is asked of it. */
export interface Priceable {
  readonly file: string;
  readonly module: string;
  readonly setting: Setting;
  readonly sweep?: Sweep;
  readonly fits?: readonly Fit[];
}

/** The host asks the worker; the sizes of `options` stand where the setting names none. */
export type PriceRequest = { readonly kind: 'price'; readonly options: AnalysisOptions } & Priceable;

/** Symbols that a need holds together with `==`; `plain` are those that stand for a side by themselves. */
export interface Tie {
  readonly symbols: readonly string[];
  readonly plain: readonly string[];
}

/** `fits` in the order that they were asked for. */
export interface Priced {
  readonly prices: Prices;
  readonly ties: readonly Tie[];
  readonly curve?: Curve;
  readonly fits?: readonly Largest[];
}

/** A block by the path of its file and its name. */
export interface BlockName {
  readonly file: string;
  readonly module: string;
}

/** A block that comes, and the number type that the user's settings have for it. */
export interface NewBlock extends BlockName {
  readonly precision: Precision;
}

/** Host → panel. `words` come with each page; `add` names blocks to be shown beside those that are. */
export type ToCompare =
  | { readonly kind: 'words'; readonly words: { readonly [english: string]: string } }
  | { readonly kind: 'add'; readonly blocks: readonly NewBlock[] }
  | { readonly kind: 'priced'; readonly id: number; readonly priced: Priced }
  /** `passing`: what was told before still stands, the file is being typed in. */
  | { readonly kind: 'unpriced'; readonly id: number; readonly reason: string; readonly passing: boolean }
  /** The file's blocks may have other prices now. */
  | { readonly kind: 'changed'; readonly file: string };

/** Panel → host. */
export type FromCompare =
  | { readonly kind: 'ready' }
  /** A later `price` of the same `of` takes the place of one that is not answered yet. */
  | ({ readonly kind: 'price'; readonly id: number; readonly of: string } & Priceable)
  | { readonly kind: 'choose' }
  | { readonly kind: 'copy'; readonly text: string }
  | ({ readonly kind: 'reveal' } & BlockName)
  | { readonly kind: 'log'; readonly level: 'info' | 'warn' | 'error'; readonly text: string };
