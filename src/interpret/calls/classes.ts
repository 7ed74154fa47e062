/** Makes class values. */
import type { ClassDefinition, ClassField, Expression } from '../../program/types';
import { type ClassValue, UNDEFINED, unknown, type Value } from '../../value/index';
import { evaluate } from '../expressions/evaluate';
import type { Run } from '../run';
import { trySide } from '../statements/branch';
import { executeAll } from '../statements/execute';
import { redo, write } from '../statements/journal';
import { newScope, ownCell, type Scope } from '../statements/scope';
import { lineageOf } from './lineage';

/** A class of the user's code, with its static members. */
export function makeClass(run: Run, definition: ClassDefinition, scope: Scope): ClassValue {
  const inner = newScope(scope, false);
  const bases = definition.bases.map((base) => evaluate(run, base, scope));
  const cls: ClassValue = { kind: 'class', definition, bases, scope: inner, file: definition.span.file, members: new Map() };
  // Where blocks are no scopes, methods see the class by its name outside: as decorators left it.
  if (definition.name !== '' && run.surroundings.ways.blocksAreScopes) ownCell(inner, definition.name).value = cls;
  // Fields and statements of the class's own body see those before them; methods do not.
  const body = newScope(inner, true);
  ownCell(body, 'this').value = cls;
  for (const field of definition.fields) if (field.static) setStatic(run, cls, field, body);
  runBody(run, cls, body);
  return extended(run, cls);
}

/** What the library classes that it extends make of it. */
const extended = (run: Run, cls: ClassValue): ClassValue =>
  lineageOf(cls).reduce<ClassValue>((made, base) => (base.kind === 'native' ? (base.base?.extended?.(made, run.host) ?? made) : made), cls);

/** The class is there although a field of it is made by a call that fails, as we read it. */
function fieldValue(run: Run, expression: Expression, body: Scope): Value {
  const { value, changes } = trySide(run, undefined, () => evaluate(run, expression, body));
  redo(run.journal, changes);
  return value ?? unknown('it is made by a call that fails');
}

function setStatic(run: Run, cls: ClassValue, field: ClassField, body: Scope): void {
  const value = field.value ? fieldValue(run, field.value, body) : UNDEFINED;
  if (run.surroundings.ways.objectsSeeStatics) {
    if (!field.value) return;
    ownCell(body, field.name).value = value;
  }
  write(run.journal, cls, 'members', new Map(cls.members).set(field.name, value));
}

/** What the body's other statements define are members too. */
function runBody(run: Run, cls: ClassValue, body: Scope): void {
  if (cls.definition.body.length === 0) return;
  const inner = newScope(body, true);
  executeAll(run, cls.definition.body, inner);
  const made = [...inner.cells].flatMap(([name, { value }]) => (value && !name.startsWith('%') ? [[name, value] as const] : []));
  write(run.journal, cls, 'members', new Map([...cls.members, ...made]));
}
