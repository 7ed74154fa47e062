/** `try`: what may fail because the code catches it, and goes on elsewhere. */
import type { Expression, Statement } from '../../program/types';
import { unknown } from '../../value/index';
import { type Caught, type Run, SORTS_CAUGHT } from '../run';
import { assignTarget } from './assign';
import { Thrown } from './branch';
import { blockScope, type Completion, executeBlock } from './execute';
import type { Scope } from './scope';

type Try = Statement & { kind: 'try' };

const ANYTHING = ['Exception', 'BaseException'];

/** The errors by whose names a sort of failure is caught. */
const ERRORS: { readonly [sort in Caught]: readonly string[] } = {
  imports: ['ImportError', 'ModuleNotFoundError', ...ANYTHING],
  // What a call that fails raises: not what a lookup or an import does.
  calls: ['TypeError', 'ValueError', 'RuntimeError', 'AttributeError', 'AssertionError', ...ANYTHING],
  attributes: ['AttributeError', ...ANYTHING],
  arguments: ['TypeError', ...ANYTHING],
};

/** Runs a `try` with its handlers; a failure goes to the first of them. */
export function executeTry(run: Run, statement: Try, scope: Scope): Completion {
  const caught = SORTS_CAUGHT.filter((sort) => catches(statement.handlers, sort));
  const { length } = run.frames;
  let completion: Completion;
  for (const sort of caught) run.caught[sort]++;
  try {
    completion = executeBlock(run, statement.body, scope);
    if (completion.kind === 'normal') completion = executeBlock(run, statement.otherwise, scope);
  } catch (error) {
    const [handler] = statement.handlers;
    if (!(error instanceof Thrown) || !handler) throw error;
    run.frames.length = length;
    const inner = blockScope(run, scope);
    if (handler.target) assignTarget(run, handler.target, unknown('an error that was thrown'), inner, { declares: 'let' });
    completion = executeBlock(run, handler.body, inner);
  } finally {
    for (const sort of caught) run.caught[sort]--;
  }
  const last = executeBlock(run, statement.finally, scope);
  return last.kind === 'normal' ? completion : last;
}

function catches(handlers: Try['handlers'], sort: Caught): boolean {
  const names = ERRORS[sort];
  switch (sort) {
    case 'imports':
      return handlers.some(({ types }) => types.length === 0 || namesAny(types, names));
    case 'calls':
      // One that is raised again is not expected.
      return handlers.some(({ types, body }) => namesAny(types, names) && !body.some(({ kind }) => kind === 'throw'));
    case 'attributes':
      return handlers.some(({ types }) => namesAny(types, names));
    case 'arguments':
      return namesAny(handlers[0]?.types ?? [], names);
  }
}

const namesAny = (types: readonly Expression[], names: readonly string[]): boolean => types.some((type) => isOne(type, names));

function isOne(type: Expression, names: readonly string[]): boolean {
  if (type.kind === 'tuple') return type.items.some(({ value }) => isOne(value, names));
  return (type.kind === 'name' || type.kind === 'attribute') && names.includes(type.name);
}
