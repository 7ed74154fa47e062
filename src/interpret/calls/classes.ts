/** Makes class values. */
import type { ClassDefinition } from '../../program/types';
import { type ClassValue, UNDEFINED, type Value } from '../../value/index';
import { evaluate } from '../expressions/evaluate';
import type { Run } from '../run';
import { write } from '../statements/journal';
import { newScope, ownCell, type Scope } from '../statements/scope';

/** A class of the user's code, with its static members. */
export function makeClass(run: Run, definition: ClassDefinition, scope: Scope): ClassValue {
  const inner = newScope(scope, false);
  const bases = definition.bases.map((base) => evaluate(run, base, scope));
  const cls: ClassValue = { kind: 'class', definition, bases, scope: inner, file: definition.span.file, members: new Map() };
  if (definition.name !== '') ownCell(inner, definition.name).value = cls;
  for (const field of definition.fields) {
    if (!field.static) continue;
    const own = newScope(inner, true);
    ownCell(own, 'this').value = cls;
    const value: Value = field.value ? evaluate(run, field.value, own) : UNDEFINED;
    write(run.journal, cls, 'members', new Map(cls.members).set(field.name, value));
  }
  return cls;
}
