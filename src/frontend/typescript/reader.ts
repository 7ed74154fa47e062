/** What the parts of the lowering share: where nodes stand, and one another's doors (so that no part imports one that imports it). */
import type { ts } from 'ts-morph';
import type { ClassDefinition, Expression, FunctionDefinition, Parameter, Span, Statement, Target, TypeNote } from '../../program/types';
import type { Remarks } from './remarks';

export type FunctionNode = ts.FunctionLikeDeclaration | ts.ClassStaticBlockDeclaration;

export interface Reader {
  readonly file: ts.SourceFile;
  readonly remarks: Remarks;
  span(node: ts.Node): Span;
  /** The span between two offsets of the text that was parsed. */
  between(start: number, end: number): Span;
  /** The parser, or the repair of a half-typed text, made the node up. */
  missing(node: ts.Node): boolean;
  /** Its closing mark is made up. */
  unclosed(node: ts.Node): boolean;
  text(node: ts.Node): string;
  /** Runs `read` one level (or so many) deeper, or gives `otherwise` where the source nests beyond what is read. */
  nested<T>(read: () => T, otherwise: () => T, levels?: number): T;
  /** What stands for an expression that nests too deeply: the file says so. */
  tooDeep(span: Span): Expression;
  expression(node: ts.Expression): Expression;
  target(node: ts.Node): Target;
  statements(nodes: readonly ts.Statement[]): Statement[];
  /** A statement's body: the statements of a block, or the one statement. */
  body(node: ts.Statement): Statement[];
  parameters(nodes: readonly ts.ParameterDeclaration[], doc: string | undefined): Parameter[];
  function(node: ts.FunctionLikeDeclaration, named?: ts.Node): FunctionDefinition;
  class(node: ts.ClassLikeDeclaration, named?: ts.Node): ClassDefinition;
  type(node: ts.TypeNode | undefined): TypeNote | undefined;
}
