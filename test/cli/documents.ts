/** What the command line prints with `--json`, as cli.md has it. */
export interface ErrorDocument {
  readonly version: 1;
  readonly error: { readonly code: string; readonly message: string; readonly operator?: string; readonly file?: string; readonly line?: number };
}

export interface Value {
  readonly name: string;
  readonly line: number;
  readonly function: string;
  readonly shape: unknown;
  readonly sizes?: unknown;
  readonly ran?: readonly number[];
  readonly ms?: number;
  readonly finite?: boolean;
  readonly times?: number;
  readonly kind?: string;
}

export interface TraceDocument {
  readonly version: 1;
  readonly modules: readonly {
    readonly file: string;
    readonly line: number;
    readonly name: string;
    readonly language: string;
    readonly inputs: readonly Value[];
    readonly outputs: readonly Value[];
    readonly requires: readonly string[];
    readonly values: readonly Value[];
    readonly unknown: readonly { readonly name: string; readonly reason: string }[];
    readonly diagnostics: readonly unknown[];
  }[];
}

export interface CheckDocument {
  readonly version: 1;
  readonly files: readonly {
    readonly file: string;
    readonly diagnostics: readonly {
      readonly line: number;
      readonly severity: string;
      readonly code: string;
      readonly module: string;
      readonly message: string;
      readonly related: readonly { readonly file: string; readonly line: number }[];
    }[];
  }[];
  readonly summary: {
    readonly files: number;
    readonly modules: number;
    readonly values: number;
    readonly unknown: number;
    readonly errors: number;
    readonly warnings: number;
    readonly skipped: number;
  };
}

export interface RunDocument {
  readonly version: 1;
  readonly module: { readonly file: string; readonly line: number; readonly name: string };
  readonly backend: string;
  readonly outputs: readonly {
    readonly shape: readonly number[];
    readonly dtype: string;
    readonly min: number;
    readonly max: number;
    readonly mean: number;
    readonly std: number;
    readonly finite: boolean;
  }[];
  readonly values: readonly Value[];
  readonly disagreements: readonly unknown[];
  readonly checks: readonly { readonly name: string; readonly passed: boolean }[];
}
