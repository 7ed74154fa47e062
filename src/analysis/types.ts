/** Answers in the editor's terms, as plain data: what the extension and the command line show. No editor types here. */

import type { AttentionPath } from '../graph/attentionPath';
import type { ShapeGraph } from '../graph/types';
import type { Assumption, Mention } from '../interpret/index';
import type { Span } from '../program/types';
import type { Severity } from '../value/host';
import type { Precision } from '../value/types';

export type { Precision };

/** Words by code, so that they can be shown in any language: `code` looks up a template of the catalogue that `args` fill. */
export interface Words {
  readonly code: string;
  readonly args: { readonly [name: string]: string | number };
}

export interface Diagnostic {
  readonly span: Span;
  readonly severity: Severity;
  /** The stable problem code, shown to users and used in settings and comments: `matmul-mismatch`. */
  readonly code: string;
  readonly module: string;
  /** In English; `words` for other languages. */
  readonly message: string;
  readonly words: Words;
  readonly related: readonly { readonly span: Span; readonly message: string; readonly words: Words }[];
}

/** One module (a class with a forward, or a function that touches tensors) of a file, analysed from its own entry. */
export interface ModuleAnalysis {
  readonly name: string;
  readonly span: Span;
  readonly language: 'typescript' | 'python';
  readonly graph: ShapeGraph;
  /** What stands where in the module's file: for hovers. */
  readonly mentions: readonly Mention[];
  readonly diagnostics: readonly Diagnostic[];
  /** Names that bindings gave and nothing of it is called by. */
  readonly unused?: readonly string[];
  /** What the reading took for granted: ranks that nothing tells, arguments at their defaults. */
  readonly assumed?: readonly Assumption[];
  /** Found by the graph's structure: a normalised or gated map that weights values. */
  readonly attention: boolean;
}

export interface FileAnalysis {
  readonly file: string;
  readonly modules: readonly ModuleAnalysis[];
  /** What the file's own statements hold, outside all functions: a script's, a notebook's. */
  readonly script?: ModuleAnalysis;
  /** Of the whole file, each once, silenced ones left out. */
  readonly diagnostics: readonly Diagnostic[];
  /** Other files that it read: a change there makes this analysis old. */
  readonly dependencies: readonly string[];
}

/** Sizes that the user chose, by symbol, over the examples that defaults give. */
export type ChosenSizes = { readonly [symbol: string]: number };

/** How answers are worded: the sizes that the user chose for a module, how much a hint says, and in which number type costs are worked out. */
export interface View {
  readonly hintStyle: 'short' | 'full';
  readonly precision?: Precision;
  sizesOf(module: string): ChosenSizes;
}

export interface InlayHint {
  readonly line: number;
  readonly column: number;
  readonly label: string;
  readonly tooltip: string;
}

/** `lines` are Markdown; a link to `place:2` leads to the third of the `places`. */
export interface Hover {
  readonly span: Span;
  readonly lines: readonly string[];
  readonly places?: readonly Span[];
  /** The plain shape, for "copy shape". */
  readonly shape?: string;
  /** Where each size of it was born, for "go to where a size was born". */
  readonly born: readonly { readonly size: string; readonly span: Span }[];
}

/** How much is alive while a line runs, the most of its steps. */
export interface AliveLine {
  readonly line: number;
  readonly bytes: number;
  /** The line is the module's own, not that of a function that it calls. */
  readonly isOwn: boolean;
  /** The peak is first reached here. */
  readonly isPeak: boolean;
}

/** How much memory a module holds, line by line. */
export interface AliveModule {
  readonly module: string;
  /** The most of all its lines, those of other files too. */
  readonly peak: number;
  readonly lines: readonly AliveLine[];
}

export interface Lens {
  readonly span: Span;
  readonly module: string;
  readonly title: string;
  readonly tooltip: string;
  readonly action: 'run' | 'sizes' | 'none';
}

export type { AttentionPath };

/** What is changed of a block before it is priced. */
export interface Setting {
  /** Numbers for sizes and arguments, by symbol; the others are found so that the block's needs hold. */
  readonly sizes: ChosenSizes;
  readonly precision: Precision;
  readonly attention: AttentionPath;
  /** The mode of dropout and norms in what training holds. */
  readonly training: boolean;
}

/** What is priced: bytes of memory, but for `parameters` and `macs`. */
export type FigureName = 'map' | 'peakInference' | 'saved' | 'peakTraining' | 'parameters' | 'macs';

/** A formula in the block's symbols, its value, or why it has none. */
export interface Figure {
  readonly formula: string;
  readonly value?: number;
  readonly unknown?: string;
}

export type Figures = { readonly [Name in FigureName]: Figure };

/** A symbol of a block as it is priced: `argument`s are the constructor's, `data` the inputs' sizes. */
export interface BlockSymbol {
  readonly name: string;
  readonly role: 'data' | 'argument';
  readonly value?: number;
}

/** A block priced under a setting. */
export interface Prices {
  readonly file: string;
  readonly module: string;
  readonly language: 'typescript' | 'python';
  readonly symbols: readonly BlockSymbol[];
  readonly figures: Figures;
  /** Why there are no sizes to price it at: what its needs, the setting's sizes among them, do not allow. */
  readonly reason?: string;
  /** What the setting asks for and the block has not: `attention is not fused, since …`. */
  readonly notes: readonly string[];
}

/** Sizes that grow together: `h=w=16..256`. */
export interface Sweep {
  readonly symbols: readonly string[];
  readonly values: readonly number[];
}

/** `sizes` are all of the block's there: the swept ones, those that follow from them, and those that stay. */
export interface CurvePoint {
  readonly at: number;
  readonly sizes: ChosenSizes;
  readonly values: { readonly [Name in FigureName]?: number };
}

/** A block along a sweep. `at` is the size that was priced: the nearest to the one asked for that the block's needs allow. */
export interface Curve {
  /** What the sweep means for this block where it is not the block's own symbol: `n = h·w`. */
  readonly meaning?: string;
  /** Why the sweep does not touch this block. */
  readonly reason?: string;
  readonly points: readonly CurvePoint[];
}

/** The largest size that fits, with what it takes and what else than memory limits it; or why none does. */
export type Largest =
  | { readonly size: number; readonly bytes: number; readonly formula: string; readonly sizes: ChosenSizes; readonly limit?: string }
  | { readonly reason: string };
