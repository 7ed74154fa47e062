/** The standard library by the names that modules are imported under. */
import type { ModuleValue } from '../../../value/index';
import { ABSTRACT_COLLECTIONS, COLLECTIONS } from './collections';
import { COPY } from './copying';
import { DATACLASSES } from './dataclasses';
import { ENUM } from './enums';
import { FUNCTOOLS } from './functools';
import { ITERTOOLS } from './itertools';
import { MATH } from './math';
import { NUMPY } from './numpy';
import { OPAQUE_MODULES, opaqueModule } from './opaque';
import { OPERATOR } from './operator';
import { SURROUNDINGS } from './surroundings';
import { typingModule } from './typing';

const MODULES: ReadonlyMap<string, ModuleValue> = new Map(
  [
    ...OPAQUE_MODULES.map((name) => opaqueModule(name)),
    MATH,
    NUMPY,
    FUNCTOOLS,
    ITERTOOLS,
    OPERATOR,
    COLLECTIONS,
    ABSTRACT_COLLECTIONS,
    DATACLASSES,
    ENUM,
    COPY,
    typingModule('typing'),
    typingModule('typing_extensions'),
    ...SURROUNDINGS,
  ].map((module) => [module.name, module]),
);

/** A module of the standard library, or one of those beside it that sizes flow through. */
export function pythonLibrary(specifier: string): ModuleValue | undefined {
  const known = MODULES.get(specifier);
  if (known) return known;
  // A part of a module that has no rules of its own: `concurrent.futures`, `numpy.random`.
  const [head = ''] = specifier.split('.');
  return specifier.includes('.') && MODULES.has(head) ? opaqueModule(specifier) : undefined;
}
