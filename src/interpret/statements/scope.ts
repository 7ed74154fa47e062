/** Scopes: names to cells, with the enclosing scope behind. */
import type { ModuleValue, Value } from '../../value/index';

/** A variable. `value` undefined: declared, not yet given one. */
export interface Cell {
  value: Value | undefined;
}

export interface Scope {
  readonly cells: Map<string, Cell>;
  readonly parent: Scope | undefined;
  /** Where `var` and a Python assignment declare: a function's or a module's own scope. */
  readonly isFunction: boolean;
  /** Libraries all of whose names were imported here. */
  libraries?: readonly ModuleValue[];
}

export const newScope = (parent: Scope | undefined, isFunction: boolean): Scope => ({ cells: new Map(), parent, isFunction });

/** The cell that a name means here. */
export function findCell(scope: Scope | undefined, name: string): Cell | undefined {
  for (let at = scope; at; at = at.parent) {
    const cell = at.cells.get(name);
    if (cell) return cell;
  }
  return undefined;
}

/** The cell of a name in this very scope, made where it is missing. */
export function ownCell(scope: Scope, name: string): Cell {
  const cell: Cell = scope.cells.get(name) ?? { value: undefined };
  scope.cells.set(name, cell);
  return cell;
}

/** The nearest scope of a function or module. */
export function functionScope(scope: Scope): Scope {
  let at = scope;
  while (!at.isFunction && at.parent) at = at.parent;
  return at;
}
