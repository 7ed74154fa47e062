/** Answers in the editor's terms, as plain data: what the extension and the command line show. No editor types here. */

import type { ShapeGraph } from '../graph/types';
import type { Assumption, Mention } from '../interpret/index';
import type { Span } from '../program/types';
import type { Severity } from '../value/host';

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

/** How answers are worded: the sizes that the user chose for a module, and how much a hint says. */
export interface View {
  readonly hintStyle: 'short' | 'full';
  sizesOf(module: string): ChosenSizes;
}

export interface InlayHint {
  readonly line: number;
  readonly column: number;
  readonly label: string;
  readonly tooltip: string;
}

/** `lines` are Markdown. */
export interface Hover {
  readonly span: Span;
  readonly lines: readonly string[];
  /** The plain shape, for "copy shape". */
  readonly shape?: string;
  /** Where each size of it was born, for "go to where a size was born". */
  readonly born: readonly { readonly size: string; readonly span: Span }[];
}

export interface Lens {
  readonly span: Span;
  readonly module: string;
  readonly title: string;
  readonly tooltip: string;
  readonly action: 'run' | 'sizes' | 'none';
}

/** A module's costs at its example sizes (absent sizes: no example satisfies its needs) and as formulas. */
export interface Figure {
  readonly formula: string;
  readonly value?: number;
}

export interface ModuleCost {
  readonly parameters: Figure;
  readonly buffers: Figure;
  readonly macs: Figure;
  readonly flops: Figure;
  readonly inputBytes: Figure;
  readonly attentionMaps: readonly { readonly span: Span; readonly name: string; readonly formula: string; readonly value?: number }[];
  readonly peakInference: Figure & { readonly span?: Span };
}
