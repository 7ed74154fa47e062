/** What the parts of the lowering share: where nodes stand, and one another's doors (so that no part imports one that imports it). */
import type { Comment, Expression, FunctionDefinition, Span, Statement, Target, TypeNote } from '../../program/types';
import type { Node } from './tree';

export interface Reader {
  span(node: Node): Span;
  /** From the start of one node to the end of another. */
  spanOver(first: Node, last: Node): Span;
  /** The comment of a statement, behind it or above it. */
  comment(first: Node, last: Node): Comment | undefined;
  /** The comment behind a node on its line. */
  commentBehind(node: Node): Comment | undefined;
  /** Says that something there is not read as it is written. */
  problem(node: Node, message: string): void;
  /** Runs `read` one level (or so many) deeper, or gives `otherwise` where the source nests beyond what is read. */
  nested<T>(read: () => T, otherwise: () => T, levels?: number): T;
  /** What stands for an expression that nests too deeply: the file says so. */
  tooDeep(node: Node): Expression;
  expression(node: Node): Expression;
  target(node: Node): Target;
  /** The statements of a block or module. */
  block(node: Node | undefined): Statement[];
  function(node: Node, how?: { readonly decorators?: readonly Node[]; readonly inClass?: boolean }): FunctionDefinition;
  type(node: Node | undefined): TypeNote | undefined;
  /** Lowers a function's body, of which these names are another scope's. */
  within<T>(outer: ReadonlySet<string>, read: () => T): T;
  /** The name is declared global or nonlocal in the function that is being lowered. */
  isOuter(name: string): boolean;
}

/** What stands in a mended source for a piece that is missing. */
export const HOLE = '__missing_here__';

/** Why nothing is known of a hole. */
export const MISSING = 'an expression is missing here';
export const MISSING_NAME = 'a name is missing here';
