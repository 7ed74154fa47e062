/** The modules of a file: classes with a forward, and functions, also those in an object's fields. Whether a function touches a tensor is known once it is read. */
import { FORWARDS, type Holder } from '../interpret/index';
import type { ClassDefinition, Entry, Expression, FunctionDefinition, SourceModule, Statement, Target } from '../program/types';

export type Candidate =
  | { readonly kind: 'class'; readonly name: string; readonly definition: ClassDefinition }
  | { readonly kind: 'function'; readonly name: string; readonly definition: FunctionDefinition; readonly holder?: Holder; readonly maker?: boolean };

/** Classes with `forward`, `call` or `apply` (their own, of a base in the file, or of a chain of modules), and functions at the file's top or in an object there, in order. */
export function candidates(source: SourceModule): Candidate[] {
  const found = source.body.flatMap((statement) => ofStatement(statement));
  const classes = new Map(found.flatMap((one) => (one.kind === 'class' ? [[one.name, one.definition] as const] : [])));
  return withPrototypes(
    found.filter((one) => one.kind === 'function' || hasForward(one.definition, classes)),
    source.body,
  );
}

/** A function whose prototype is given a forward is a class: its own module, as which the functions on the prototype are read. */
function withPrototypes(found: readonly Candidate[], body: readonly Statement[]): Candidate[] {
  const methods = body.flatMap((statement) => ofPrototype(statement));
  const makers = new Map(methods.flatMap(({ maker, key, definition }) => (FORWARDS.includes(key) ? [[maker, { key, definition }] as const] : [])));
  const onPrototype = new Set(methods.flatMap(({ maker, definition }) => (makers.has(maker) ? [definition] : [])));
  const isMade = (one: Candidate) => one.kind === 'function' && onPrototype.has(one.definition);
  return found
    .filter((one) => !isMade(one))
    .map((one) => {
      const forward = one.kind === 'function' ? makers.get(one.name) : undefined;
      return one.kind === 'function' && forward ? { ...one, maker: true } : one;
    });
}

/** `A.prototype.forward = function (x) {…}`. */
function ofPrototype(statement: Statement): { readonly maker: string; readonly key: string; readonly definition: FunctionDefinition }[] {
  const [target, value] = assigned(statement);
  if (target?.kind !== 'attribute' || value?.kind !== 'function') return [];
  const { object, name } = target;
  if (object.kind !== 'attribute' || object.name !== 'prototype' || object.object.kind !== 'name') return [];
  return [{ maker: object.object.name, key: name, definition: value.definition }];
}

/** What is assigned to what, as a statement or as an expression. */
function assigned(statement: Statement): readonly [Target | undefined, Expression | undefined] {
  if (statement.kind === 'assign') return [statement.targets[0], statement.value];
  if (statement.kind !== 'expression' || statement.expression.kind !== 'assignment') return [undefined, undefined];
  return [statement.expression.target, statement.expression.value];
}

function hasForward(definition: ClassDefinition, classes: ReadonlyMap<string, ClassDefinition>, depth = 0): boolean {
  if (definition.methods.some((method) => FORWARDS.includes(method.name) && !method.static && method.role === 'method')) return true;
  if (definition.fields.some((field) => FORWARDS.includes(field.name) && !field.static && field.value?.kind === 'function')) return true;
  return (
    depth < 20 &&
    definition.bases.some((base) => {
      if ((base.kind === 'name' || base.kind === 'attribute') && base.name === 'Sequential') return true;
      const parent = base.kind === 'name' ? classes.get(base.name) : undefined;
      return parent !== undefined && hasForward(parent, classes, depth + 1);
    })
  );
}

function ofStatement(statement: Statement): Candidate[] {
  switch (statement.kind) {
    case 'classDefinition':
      return [{ kind: 'class', name: statement.definition.name, definition: statement.definition }];
    case 'functionDefinition':
      return [{ kind: 'function', name: statement.definition.name, definition: statement.definition }];
    case 'assign':
      return statement.value
        ? ofValue(
            statement.value,
            statement.targets.map(targetName).find((name) => name !== undefined),
          )
        : [];
    case 'export':
      return statement.names.flatMap(({ local, exported }) =>
        typeof local === 'string' ? [] : ofValue(local, local.kind === 'dict' && exported === 'default' ? undefined : exported),
      );
    case 'expression':
      return statement.expression.kind === 'assignment' ? ofValue(statement.expression.value, targetName(statement.expression.target)) : [];
    default:
      return [];
  }
}

/** `module.exports` and `exports` are no names of what they are given. */
function targetName(target: { readonly kind: string }): string | undefined {
  const name = 'name' in target && typeof target.name === 'string' ? target.name : undefined;
  return target.kind === 'attribute' && name === 'exports' ? undefined : name;
}

/** `const f = (…) => …`, `module.exports = class …`, `exports.f = function …`; `const block = { forward(x) {…} }`. */
function ofValue(value: Expression, name: string | undefined): Candidate[] {
  if (value.kind === 'function') return [{ kind: 'function', name: name ?? value.definition.name, definition: value.definition }];
  if (value.kind === 'class') return [{ kind: 'class', name: value.definition.name || (name ?? ''), definition: value.definition }];
  return value.kind === 'dict' ? value.entries.flatMap((entry) => ofEntry(entry, value, name, 0)) : [];
}

const MOST_NESTED = 3;

/** What an object's field holds, under the names that lead to it. */
function ofEntry(entry: Entry, object: Expression, path: string | undefined, depth: number): Candidate[] {
  if (!('key' in entry) || !('value' in entry) || typeof entry.key !== 'string') return [];
  const { key, value } = entry;
  const name = path === undefined ? key : `${path}.${key}`;
  if (value.kind === 'function')
    return [{ kind: 'function', name, definition: value.definition, holder: { object, key, ...(path === undefined ? {} : { name: path }) } }];
  if (value.kind === 'class') return [{ kind: 'class', name: value.definition.name || name, definition: value.definition }];
  return value.kind === 'dict' && depth < MOST_NESTED ? value.entries.flatMap((one) => ofEntry(one, value, name, depth + 1)) : [];
}
