/** Arguments that have defaults, and that the code of the file gives wherever it makes or calls what is entered: what their defaults break happens nowhere. */
import { type EntryTarget, isFinding, type Reading } from '../interpret/index';
import type { Argument, Expression, SourceModule } from '../program/types';
import { partsOf } from '../program/walk';

/** A class with its constructor and its forward, or a function. */
type Entered = Exclude<EntryTarget, { kind: 'file' } | { kind: 'expression' }>;

type Call = Expression & { kind: 'call' };

const placeOf = ({ span, code }: Reading['problems'][number]): string => `${code}:${span.file}:${span.line}:${span.column}`;

/** A reading without what is found only where such arguments have their defaults: `readGiven` reads it with them given. */
export function withoutDefaults(source: SourceModule, target: EntryTarget, reading: Reading, readGiven: (names: readonly string[]) => Reading): Reading {
  if ((target.kind !== 'class' && target.kind !== 'function') || !reading.problems.some(isFinding)) return reading;
  const given = givenElsewhere(source, target, reading.leftOut ?? []);
  if (given.length === 0) return reading;
  const places = new Set(readGiven(given).problems.filter(isFinding).map(placeOf));
  return { ...reading, problems: reading.problems.filter((problem) => !isFinding(problem) || places.has(placeOf(problem))) };
}

/** Of these parameters those that every call in the file gives, where there is one. */
function givenElsewhere(source: SourceModule, entered: Entered, names: readonly string[]): readonly string[] {
  const calls = names.length === 0 ? [] : [...partsOf(source.body)].filter((part) => part.kind === 'call').map((part) => part as unknown as Call);
  const own = calls.filter(({ callee }) => calledName(callee) === entered.definition.name);
  const made = madeBy(entered);
  return names.filter((name) => {
    const at = made.indexOf(name);
    // What a forward is given by name, no matter through which object it is called.
    const asked = at < 0 ? calls.filter(({ args }) => args.some((arg) => arg.name === name)) : own;
    return asked.length > 0 && asked.every(({ args }) => gives(args, name, at));
  });
}

/** The names of what a class is made with, or a function is called with, in order. */
function madeBy({ kind, definition }: Entered): readonly (string | undefined)[] {
  const maker = kind === 'class' ? definition.methods.find(({ role }) => role === 'constructor') : definition;
  return (maker?.parameters ?? []).map(({ target }) => (target.kind === 'name' ? target.name : undefined));
}

const calledName = (callee: Expression): string | undefined => (callee.kind === 'name' ? callee.name : callee.kind === 'attribute' ? callee.name : undefined);

/** Whether a call gives something for the parameter: nothing is no more than its default. */
function gives(args: readonly Argument[], name: string, at: number): boolean {
  const spread = args.findIndex((arg) => arg.spread === 'list');
  const placed = args.filter((arg) => arg.name === undefined && arg.spread === undefined);
  const given = args.find((arg) => arg.name === name) ?? (at >= 0 && spread < 0 ? placed[at] : undefined);
  return given !== undefined && !(given.value.kind === 'literal' && given.value.value === null);
}
