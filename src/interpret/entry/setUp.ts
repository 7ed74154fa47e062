/** State that a module's user sets up before the forward: weights made in a method of its own, which nothing in the class calls. */
import type { FunctionDefinition, Parameter } from '../../program/types';
import { partsOf } from '../../program/walk';
import { type ClassValue, type InstanceValue, UNDEFINED, unknown, type Value } from '../../value/index';
import { callFunction } from '../calls/calls';
import { classLookup } from '../calls/lineage';
import { plainArguments } from '../host';
import type { Run } from '../run';
import { Thrown } from '../statements/branch';
import { write } from '../statements/journal';
import { FORWARDS } from './request';

/** What methods that set up are called. */
const SETS_UP = /^_?(?:init|setup|set_up|setUp|build|create|load|make|prepare|alloc)/i;
/** Parameters that are numbers by their names. */
const NUMBERS =
  /dim|size|units|heads|channels|features|length|len$|num|count|vocab|hidden|width|depth|layers|seed|scale|std|rate|^[a-z]$|^[dn]_?[a-z]+$|config|options/i;

/** Calls the methods that set up fields which the constructor left empty, where each field has one such method. What the forward sets itself is no such field. */
export function setUp(run: Run, made: InstanceValue, argumentFor: (parameter: Parameter) => Value, isLayer: boolean): void {
  const methods = made.cls ? methodsOf(made.cls) : [];
  const spoken = new Map(methods.map((method) => [method, fieldsIn(method, 'read')]));
  const called = new Set([...spoken.values()].flat());
  const reached = (from: readonly FunctionDefinition[]): FunctionDefinition[] => {
    const all = new Set(from);
    for (const method of all) for (const other of methods) if (other.role === 'method' && spoken.get(method)?.includes(other.name)) all.add(other);
    return [...all];
  };
  const inForward = new Set(reached(methods.filter(({ name }) => FORWARDS.includes(name))).flatMap((method) => fieldsIn(method, 'set')));
  const able = methods
    .filter((method) => isSetUp(method) && !called.has(method.name) && !(isLayer && method.name === 'build'))
    .map((method) => ({
      method,
      fields: [...new Set(reached([method]).flatMap((one) => fieldsIn(one, 'set')))].filter((field) =>
        isEmpty(made.members.get(field), method.receiver === undefined),
      ),
    }));
  const makers = (field: string) => able.filter(({ fields }) => fields.includes(field)).length;
  for (const { method, fields } of able) {
    const isOnly = fields.length > 0 && method.parameters.every(isNumeric) && fields.every((field) => makers(field) === 1 && !inForward.has(field));
    if (!isOnly) for (const field of fields) if (!inForward.has(field)) leaveOpen(run, made, field, method);
    const found = made.cls && isOnly ? classLookup(made.cls, method.name, false) : undefined;
    if (!found) continue;
    try {
      callFunction(run, found.function, plainArguments(run, method.parameters.map(argumentFor)), made);
    } catch (error) {
      // What it set before it threw is there.
      if (!(error instanceof Thrown)) throw error;
    }
  }
}

/** A field that something sets which is not followed is unknown, not missing. */
function leaveOpen(run: Run, made: InstanceValue, field: string, { name, receiver = 'this' }: FunctionDefinition): void {
  const held = made.members.get(field);
  if (held === undefined || held.kind === 'undefined')
    write(run.journal, made, 'members', new Map(made.members).set(field, unknown(`\`${receiver}.${field}\` is set by \`${name}\`, which nothing here calls`)));
}

/** The methods of a class and of its bases; one that is overridden is left out. */
function methodsOf(cls: ClassValue, depth = 0): FunctionDefinition[] {
  const own = cls.definition.methods;
  const inherited = cls.bases.flatMap((base) => (base.kind === 'class' && depth < 30 ? methodsOf(base, depth + 1) : []));
  return [...own, ...inherited.filter((method) => method.role === 'constructor' || !own.some(({ name }) => name === method.name))];
}

const isSetUp = ({ name, role, static: isStatic }: FunctionDefinition): boolean =>
  role === 'method' && !isStatic && SETS_UP.test(name) && !FORWARDS.includes(name);

const isNumeric = ({ target, fallback, type, rest }: Parameter): boolean =>
  !rest &&
  (fallback !== undefined ||
    type?.name === 'number' ||
    type?.text === 'number' ||
    (target.kind === 'name' && !/shape/i.test(target.name) && NUMBERS.test(target.name)));

/** Where methods name their object, nothing (`None`) that the constructor sets is what it has until then. */
function isEmpty(value: Value = UNDEFINED, countsNull = true): boolean {
  if (value.kind === 'dict') return value.entries.size === 0 && value.parameter === undefined;
  return value.kind === 'undefined' || (countsNull && value.kind === 'null') || (value.kind === 'list' && value.items.length === 0);
}

/** The fields of `this` that a method sets (`this.w = …`, `this.w[0] = …`, `this.w.push(…)`), or all that it speaks of. */
function fieldsIn(method: FunctionDefinition, how: 'set' | 'read'): string[] {
  return [...partsOf(method.body)].flatMap((part) => {
    const self = method.receiver ?? 'this';
    if (how === 'read') return ownField(part, self, 0);
    const { kind, targets, target, callee } = part as {
      kind?: string;
      targets?: readonly unknown[];
      target?: unknown;
      callee?: { kind?: string; name?: string; object?: unknown };
    };
    if (kind === 'assign') return (targets ?? []).flatMap((one) => ownField(one, self, 4));
    if (kind === 'assignment') return ownField(target, self, 4);
    return kind === 'call' && callee?.kind === 'attribute' && ADDS.test(callee.name ?? '') ? ownField(callee.object, self, 4) : [];
  });
}

/** What adds to a list. */
const ADDS = /^(?:push|append)$/;

/** `x` of `this.x`, and, so deep, of `this.x.y` and `this.x[0]`. */
function ownField(node: unknown, self: string, depth: number): string[] {
  const { kind, name, object } = (node ?? {}) as { kind?: string; name?: string; object?: { kind?: string; name?: string } };
  if (kind === 'attribute' && object?.kind === 'name' && object.name === self) return [name ?? ''];
  return (kind === 'attribute' || kind === 'subscript') && depth > 0 ? ownField(object, self, depth - 1) : [];
}
