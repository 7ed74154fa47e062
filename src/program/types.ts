/**
 * The small imperative language that every front end lowers to. Nothing after the front end knows
 * which language the source was written in. Plain data; each node carries the span it came from.
 */

/** A place in a file: lines and columns count from 1, in UTF-16 units, the end exclusive. */
export interface Span {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export type LanguageId = 'typescript' | 'python';

/** One source file, lowered. */
export interface SourceModule {
  readonly path: string;
  readonly language: LanguageId;
  readonly body: readonly Statement[];
  /** What could not be parsed: each becomes an information-level `syntax` diagnostic. */
  readonly syntaxProblems: readonly SyntaxProblem[];
  /** Comments that silence findings: `attention-shapes-disable-line code`, and so on. */
  readonly comments: readonly Comment[];
  /** Set where every name at the file's top can be imported (Python): there are no `export` statements. */
  readonly exportsAll?: true;
}

export interface SyntaxProblem {
  readonly span: Span;
  readonly message: string;
}

export interface Comment {
  readonly span: Span;
  /** The text without its comment marks, trimmed. */
  readonly text: string;
}

// ---- expressions ----

export type UnaryOperator = '-' | '+' | 'not' | '~';
export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**' | '@' | '&' | '|' | '^' | '<<' | '>>';
/** `==` is strict equality in both languages; `loose==` is JavaScript's `==`, which equates null and undefined. */
export type CompareOperator = '==' | '!=' | 'loose==' | 'loose!=' | '<' | '<=' | '>' | '>=' | 'is' | 'is not' | 'in' | 'not in' | 'instanceof';

export type Expression =
  | { readonly kind: 'name'; readonly name: string; readonly span: Span }
  /** `floating`: a whole number that is written as a floating one (Python's `2.0`). */
  | { readonly kind: 'literal'; readonly value: number | string | boolean | null | undefined; readonly floating?: true; readonly span: Span }
  /** A string with holes: f-string or template literal. */
  | { readonly kind: 'template'; readonly parts: readonly (string | Expression)[]; readonly span: Span }
  /** `object.name`; `optional` for `?.`, which yields undefined where the object is null or undefined. */
  | { readonly kind: 'attribute'; readonly object: Expression; readonly name: string; readonly optional: boolean; readonly nameSpan: Span; readonly span: Span }
  | { readonly kind: 'subscript'; readonly object: Expression; readonly index: readonly Index[]; readonly optional: boolean; readonly span: Span }
  /** `construct` for `new f(…)`. Optional chaining short-circuits the whole chain that is lowered inside `chain`. */
  | {
      readonly kind: 'call';
      readonly callee: Expression;
      readonly args: readonly Argument[];
      readonly construct: boolean;
      readonly optional: boolean;
      readonly span: Span;
    }
  /** The extent of an optional chain: `undefined` when any optional link inside meets null or undefined. */
  | { readonly kind: 'chain'; readonly expression: Expression; readonly span: Span }
  | { readonly kind: 'list'; readonly items: readonly Item[]; readonly span: Span }
  | { readonly kind: 'tuple'; readonly items: readonly Item[]; readonly span: Span }
  /** `keyed`: its keys are items (`d['k']`), not members (`d.k`). */
  | { readonly kind: 'dict'; readonly entries: readonly Entry[]; readonly keyed?: true; readonly span: Span }
  | { readonly kind: 'unary'; readonly operator: UnaryOperator; readonly operand: Expression; readonly span: Span }
  | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Expression; readonly right: Expression; readonly span: Span }
  | { readonly kind: 'compare'; readonly operator: CompareOperator; readonly left: Expression; readonly right: Expression; readonly span: Span }
  /** Short-circuiting; `coalesce` is `??`. */
  | { readonly kind: 'logical'; readonly operator: 'and' | 'or' | 'coalesce'; readonly left: Expression; readonly right: Expression; readonly span: Span }
  | { readonly kind: 'conditional'; readonly test: Expression; readonly then: Expression; readonly otherwise: Expression; readonly span: Span }
  | { readonly kind: 'function'; readonly definition: FunctionDefinition; readonly span: Span }
  | { readonly kind: 'class'; readonly definition: ClassDefinition; readonly span: Span }
  /** An assignment used as a value: `:=`, or JavaScript's `a = b`, `a += b`, `a ||= b`, `i++` (with `postfix`). */
  | {
      readonly kind: 'assignment';
      readonly target: Target;
      readonly operator: AssignOperator;
      readonly value: Expression;
      readonly postfix: boolean;
      readonly span: Span;
    }
  | { readonly kind: 'sequence'; readonly expressions: readonly Expression[]; readonly span: Span }
  | {
      readonly kind: 'comprehension';
      readonly result: 'list' | 'set' | 'dict' | 'generator';
      readonly key?: Expression;
      readonly element: Expression;
      readonly clauses: readonly ComprehensionClause[];
      readonly span: Span;
    }
  /** `super` as an object (JavaScript) or `super()` (Python); calling it in JavaScript calls the base constructor. */
  | { readonly kind: 'super'; readonly span: Span }
  | { readonly kind: 'typeof'; readonly operand: Expression; readonly span: Span }
  /** `await e`, `yield e`; `yields` where the function gives it as an item of its own (`all`: each of its items). */
  | { readonly kind: 'await'; readonly operand: Expression; readonly yields?: 'one' | 'all'; readonly span: Span }
  | { readonly kind: 'regexp'; readonly pattern: string; readonly flags: string; readonly span: Span }
  /** What the front end does not read; evaluating it gives unknown, because of `reason`. */
  | { readonly kind: 'unknown'; readonly reason: string; readonly span: Span };

export type ExpressionKind = Expression['kind'];

/** One subscript: an expression, a slice `a:b:c`, or `...`. A `None` index is the literal null. */
export type Index =
  | Expression
  | { readonly kind: 'slice'; readonly start?: Expression; readonly stop?: Expression; readonly step?: Expression; readonly span: Span }
  | { readonly kind: 'ellipsis'; readonly span: Span };

/** A call's argument: positional, by keyword (`name`), `...spread`/`*args`, or `**kwargs`. */
export interface Argument {
  readonly value: Expression;
  readonly name?: string;
  readonly spread?: 'list' | 'dict';
}

export interface Item {
  readonly value: Expression;
  readonly spread?: boolean;
}

export type Entry =
  | { readonly key: string | Expression; readonly value: Expression; readonly spread?: false }
  | { readonly value: Expression; readonly spread: true }
  /** `get name() {…}` in an object literal. */
  | { readonly key: string | Expression; readonly getter: FunctionDefinition; readonly spread?: false };

export interface ComprehensionClause {
  readonly target: Target;
  readonly iterable: Expression;
  readonly conditions: readonly Expression[];
}

// ---- targets ----

/** What can be assigned to. */
export type Target =
  | { readonly kind: 'name'; readonly name: string; readonly span: Span }
  | { readonly kind: 'attribute'; readonly object: Expression; readonly name: string; readonly span: Span }
  | { readonly kind: 'subscript'; readonly object: Expression; readonly index: readonly Index[]; readonly span: Span }
  /** `[a, b] = …`, `a, *b = …`. A null element is a hole that skips one item. */
  | { readonly kind: 'sequence'; readonly elements: readonly (TargetElement | null)[]; readonly span: Span }
  /** `{a, b: c = 1, ...rest} = …`. */
  | { readonly kind: 'object'; readonly properties: readonly TargetProperty[]; readonly rest?: Target; readonly span: Span };

export interface TargetElement {
  readonly target: Target;
  readonly rest?: boolean;
  readonly fallback?: Expression;
}

export interface TargetProperty {
  readonly key: string | Expression;
  readonly target: Target;
  readonly fallback?: Expression;
}

// ---- statements ----

/** Plain `=`, or the operator of an augmented assignment. */
export type AssignOperator = '=' | BinaryOperator | 'and' | 'or' | 'coalesce';

/** A type as written, as far as shapes use it: its name, type arguments and, for unions, its members. */
export interface TypeNote {
  readonly text: string;
  readonly name?: string;
  readonly args?: readonly TypeNote[];
  readonly members?: readonly TypeNote[];
  /** Fields of an object type written in place. */
  readonly fields?: readonly { readonly name: string; readonly type?: TypeNote; readonly optional: boolean }[];
}

interface StatementBase {
  readonly span: Span;
  /** The comment on the statement's last line, or alone on the line above it. */
  readonly comment?: Comment;
}

export type Statement = StatementBase & StatementShape;

export type StatementShape =
  /** `a = b = value` has two targets. `declares` is set by const/let/var (and by nothing in Python). */
  | {
      readonly kind: 'assign';
      readonly targets: readonly Target[];
      readonly operator: AssignOperator;
      readonly value?: Expression;
      readonly declares?: 'const' | 'let' | 'var';
      readonly type?: TypeNote;
    }
  | { readonly kind: 'expression'; readonly expression: Expression }
  | { readonly kind: 'return'; readonly value?: Expression }
  | { readonly kind: 'if'; readonly test: Expression; readonly then: readonly Statement[]; readonly otherwise: readonly Statement[] }
  /** A loop over items: Python's `for`, JavaScript's `for…of`; `in` for JavaScript's `for…in`, over keys. */
  | {
      readonly kind: 'for';
      readonly target: Target;
      readonly over: 'of' | 'in';
      readonly declares?: 'const' | 'let' | 'var';
      readonly iterable: Expression;
      readonly body: readonly Statement[];
      readonly otherwise: readonly Statement[];
    }
  /** `while`, and JavaScript's three-part `for` (its first part stands before, its last is `update`). `doFirst` for do…while. */
  | {
      readonly kind: 'while';
      readonly test: Expression;
      readonly update?: Expression;
      readonly doFirst: boolean;
      readonly body: readonly Statement[];
      readonly otherwise: readonly Statement[];
    }
  | { readonly kind: 'switch'; readonly subject: Expression; readonly cases: readonly { readonly test?: Expression; readonly body: readonly Statement[] }[] }
  | { readonly kind: 'break'; readonly label?: string }
  | { readonly kind: 'continue'; readonly label?: string }
  | { readonly kind: 'labelled'; readonly label: string; readonly body: Statement }
  /** A scope of its own. */
  | { readonly kind: 'block'; readonly body: readonly Statement[] }
  | {
      readonly kind: 'try';
      readonly body: readonly Statement[];
      readonly handlers: readonly { readonly target?: Target; readonly types: readonly Expression[]; readonly body: readonly Statement[] }[];
      readonly otherwise: readonly Statement[];
      readonly finally: readonly Statement[];
    }
  | { readonly kind: 'throw'; readonly value?: Expression }
  | { readonly kind: 'with'; readonly items: readonly { readonly value: Expression; readonly target?: Target }[]; readonly body: readonly Statement[] }
  | { readonly kind: 'assert'; readonly test: Expression; readonly message?: Expression }
  | { readonly kind: 'functionDefinition'; readonly definition: FunctionDefinition }
  | { readonly kind: 'classDefinition'; readonly definition: ClassDefinition }
  /** An interface or object type, kept for what it says of fields. */
  | { readonly kind: 'typeDefinition'; readonly name: string; readonly type: TypeNote }
  | { readonly kind: 'import'; readonly from: string; readonly names: readonly ImportedName[] }
  /** `export {a as b}`, `export default e` (as 'default'), `export * from`, `module.exports = e` stays an assignment. */
  | { readonly kind: 'export'; readonly from?: string; readonly names: readonly ExportedName[] }
  | { readonly kind: 'delete'; readonly targets: readonly Target[] }
  | { readonly kind: 'scope'; readonly declares: 'global' | 'nonlocal'; readonly names: readonly string[] };

/** `imported` is a name, `default`, or `*` for the whole namespace; `local` is undefined for `from m import *`. */
export interface ImportedName {
  readonly imported: string;
  readonly local?: string;
  readonly span: Span;
}

/** `local` is a name of this module (or of `from`), or an expression for `export default e`; `exported` undefined for `export *`. */
export interface ExportedName {
  readonly local: string | Expression;
  readonly exported?: string;
  readonly span: Span;
}

// ---- functions and classes ----

export interface Parameter {
  readonly target: Target;
  readonly fallback?: Expression;
  readonly type?: TypeNote;
  /** `...args`/`*args` is 'list', `**kwargs` is 'dict'. */
  readonly rest?: 'list' | 'dict';
  readonly keywordOnly?: boolean;
  /** Stands before `/`: it is given by its place alone. */
  readonly positionalOnly?: boolean;
  /** `x?: T`: may be left out. */
  readonly optional?: boolean;
  /** TypeScript parameter property (`constructor(private units: number)`): also assigned to `this`. */
  readonly property?: boolean;
  /** A comment beside the parameter. */
  readonly comment?: Comment;
}

export interface FunctionDefinition {
  readonly name: string;
  readonly role: 'function' | 'arrow' | 'method' | 'constructor' | 'getter' | 'setter';
  readonly static: boolean;
  readonly async: boolean;
  readonly generator: boolean;
  /** The name under which a method has the object (or, of a class method, the class) it is called on: `self`, `cls`. It is none of the parameters. Absent: `this`. */
  readonly receiver?: string;
  readonly parameters: readonly Parameter[];
  /** An arrow's expression body is one return statement with `implicit` spans. */
  readonly body: readonly Statement[];
  readonly decorators: readonly Expression[];
  readonly returns?: TypeNote;
  /** The text of the doc comment or docstring. */
  readonly doc?: string;
  readonly span: Span;
  readonly nameSpan: Span;
}

export interface ClassDefinition {
  readonly name: string;
  readonly bases: readonly Expression[];
  readonly methods: readonly FunctionDefinition[];
  readonly fields: readonly ClassField[];
  readonly decorators: readonly Expression[];
  /** Statements of a Python class body, or a static block, that are neither methods nor fields. */
  readonly body: readonly Statement[];
  readonly doc?: string;
  readonly span: Span;
  readonly nameSpan: Span;
}

export interface ClassField {
  readonly name: string;
  readonly static: boolean;
  readonly value?: Expression;
  readonly type?: TypeNote;
  readonly span: Span;
}
