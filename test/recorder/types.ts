/** What the recorder is asked, and what it says: the truth about one run of a module, in the terms of the command line's `trace`. */

/** Sizes of a tensor, or of a list of them. */
export type Sizes = readonly (number | Sizes)[];

/** What one name held: a tensor, a list or a dict of tensors. */
export type Held =
  | { readonly kind: 'tensor'; readonly sizes: readonly number[]; readonly dtype: string; readonly data?: readonly number[] }
  | { readonly kind: 'tuple'; readonly items: readonly Held[] }
  | { readonly kind: 'dict'; readonly items: Readonly<Record<string, Held>> };

/** The place of an assignment or a return, from the source. */
export interface Site {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly function: string;
  readonly name: string;
}

/** One row: a place, what it held, and how often. */
export interface TruthRow extends Site {
  readonly kind: Held['kind'];
  readonly sizes: Sizes;
  readonly dtype?: string;
  readonly times: number;
  /** The values, where they were asked for; of a tensor only, from its last time. */
  readonly data?: readonly number[];
}

/** A weight by its path from the module (`query`, `attention.gamma`, `mlp.dense_Dense1.kernel`), and the name that tfjs gave it; in the order of making. */
export interface Weight {
  readonly path: string;
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly data: readonly number[];
}

/** A tensor that went in. */
export interface TruthInput {
  readonly name: string;
  readonly sizes: readonly number[];
  readonly dtype: string;
  readonly data?: readonly number[];
}

export interface Truth {
  readonly version: 1;
  readonly file: string;
  readonly inputs: readonly TruthInput[];
  readonly outputs: readonly { readonly sizes: readonly number[]; readonly dtype: string; readonly data?: readonly number[] }[];
  readonly values: readonly TruthRow[];
  readonly weights?: readonly Weight[];
}

/** An input as the command line's `--inputs` has it. */
export type InputNote =
  | readonly number[]
  | { readonly shape: readonly number[]; readonly dtype?: string; readonly high?: number }
  | { readonly tensors: readonly InputNote[] }
  | { readonly fields: Readonly<Record<string, InputNote>> }
  | { readonly value: unknown };

export interface RecordRequest {
  /** The module's file. */
  readonly file: string;
  /** The expression that makes the module, in the file's own scope. */
  readonly new?: string;
  /** Instead of it: the class or function, and its arguments by name. */
  readonly class?: string;
  readonly args?: Readonly<Record<string, unknown>>;
  readonly inputs: Readonly<Record<string, InputNote>>;
  /** The method to enter by, where it is not the usual one. */
  readonly method?: string;
  /** Rows name files relative to it; files outside it are not recorded. Default: the file's folder. */
  readonly root?: string;
  /** Path beginnings, relative to the root, of files that are run but not recorded. */
  readonly exclude?: readonly string[];
  /** Run once unrecorded first, so that what is built on first use is there before the weights are moved. */
  readonly warm?: boolean;
  /** Move every weight away from its initial value, so that one left at zero or one shows. */
  readonly moveWeights?: boolean;
  /** Keep the values of rows, inputs and outputs, and the weights. */
  readonly values?: boolean;
  /** Of the inputs. */
  readonly seed?: number;
  readonly weightSeed?: number;
}
