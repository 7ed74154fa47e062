/** Where the transform stands in the source: the function that rows are filed under, and the statement that they are in. */
import ts from 'typescript';

export interface Scope {
  /** `Class.method`, or the outermost function's name; undefined outside functions. */
  readonly function?: string;
  readonly className?: string;
  /** The name that an anonymous function or class is about to get. */
  readonly hint?: string;
  /** The innermost statement, or an arrow's expression. */
  readonly statement?: ts.Node;
  /** Assignments give no rows: the direct body of a constructor or of `build`. */
  readonly silent: boolean;
  /** Returns give no rows: constructors, generators, callbacks of `tidy` and `map`. */
  readonly silentReturn: boolean;
}

export const OUTSIDE: Scope = { silent: false, silentReturn: false };

const textOf = (name: ts.Node | undefined): string | undefined =>
  name && (ts.isIdentifier(name) || ts.isStringLiteral(name) || ts.isPrivateIdentifier(name)) ? name.text : undefined;

/** The scope inside a class. */
export function insideClass(node: ts.ClassLikeDeclaration, scope: Scope): Scope {
  return { className: node.name?.text ?? scope.hint ?? 'default', silent: false, silentReturn: false };
}

/** The scope inside a function; `callback` where it is an argument of `tidy` or `map`. */
export function insideFunction(node: ts.FunctionLikeDeclaration, scope: Scope, callback: boolean): Scope {
  const own = textOf(node.name) ?? (ts.isConstructorDeclaration(node) ? 'constructor' : scope.hint) ?? 'default';
  const isMember = scope.className !== undefined && scope.function === undefined;
  const label = scope.function ?? (isMember ? `${scope.className}.${own}` : own);
  const builds = isMember && (ts.isConstructorDeclaration(node) || own === 'build');
  const generator = 'asteriskToken' in node && node.asteriskToken !== undefined;
  return { function: label, silent: builds, silentReturn: callback || builds || generator };
}

/** Whether a member is a class's `build`, which runs before `call` and gives no rows. */
export function isBuild(node: ts.Node, scope: Scope): node is ts.MethodDeclaration {
  return ts.isMethodDeclaration(node) && scope.className !== undefined && scope.function === undefined && textOf(node.name) === 'build' && !!node.body;
}

/** The hint for what is assigned to a target. */
export function withHint(scope: Scope, target: ts.Node): Scope {
  const hint = textOf(target) ?? (ts.isPropertyAccessExpression(target) ? target.name.text : undefined);
  return hint === undefined ? scope : { ...scope, hint };
}
