/** The order in which a class and its bases are asked for a member: C3, as Python linearises; with one base each, the chain. */
import type { ClassValue, FunctionValue, InstanceValue, NativeBase, Value } from '../../value/index';

const DEEPEST = 30;
const lineages = new WeakMap<ClassValue, readonly Value[]>();

/** The class, then its bases in order: classes, the library's, and what is not known. */
export function lineageOf(cls: ClassValue, depth = 0): readonly Value[] {
  const known = lineages.get(cls);
  if (known) return known;
  const parents = cls.bases.map((base) => (base.kind === 'class' && base !== cls && depth < DEEPEST ? lineageOf(base, depth + 1) : [base]));
  const lineage = [cls, ...merged([...parents, cls.bases])];
  lineages.set(cls, lineage);
  return lineage;
}

/** Takes, again and again, the first head that stands in no other list's tail; where there is none, the first. */
function merged(lists: readonly (readonly Value[])[]): Value[] {
  const order: Value[] = [];
  for (let left = lists.filter((list) => list.length > 0); left.length > 0; ) {
    const heads = left.flatMap(([head]) => (head ? [head] : []));
    const next = heads.find((head) => !left.some((list) => list.indexOf(head) > 0)) ?? heads[0];
    if (!next) break;
    order.push(next);
    left = left.map((list) => list.filter((one) => one !== next)).filter((list) => list.length > 0);
  }
  return order;
}

/** What comes after a class in the lineage of an object (or class). */
export function after(cls: ClassValue, self: Value | undefined): readonly Value[] {
  const own = self?.kind === 'instance' ? self.cls : self?.kind === 'class' ? self : undefined;
  const lineage = own ? lineageOf(own) : [];
  const at = lineage.indexOf(cls);
  return at >= 0 ? lineage.slice(at + 1) : lineageOf(cls).slice(1);
}

export interface Found {
  readonly function: FunctionValue;
  readonly owner: ClassValue;
}

/** The nearest method of that name: of the class itself, or of its objects. */
export function methodIn(lineage: readonly Value[], name: string, isStatic: boolean): Found | undefined {
  for (const cls of lineage) {
    const definition = cls.kind === 'class' ? methodOf(cls, name, isStatic) : undefined;
    if (cls.kind === 'class' && definition) return { owner: cls, function: { kind: 'function', definition, scope: cls.scope, owner: cls, file: cls.file } };
  }
  return undefined;
}

/** The last of that name stands. */
const methodOf = ({ definition }: ClassValue, name: string, isStatic: boolean) =>
  definition.methods.findLast((method) => method.name === name && method.static === isStatic && method.role !== 'setter' && method.role !== 'constructor');

/** The method of a class or of its nearest base that has one. */
export const classLookup = (cls: ClassValue, name: string, isStatic: boolean): Found | undefined => methodIn(lineageOf(cls), name, isStatic);

/** The setter of a field, of the class or of its nearest base that has one. */
export function setterOf(cls: ClassValue, name: string): FunctionValue | undefined {
  for (const one of lineageOf(cls)) {
    const definition = one.kind === 'class' ? one.definition.methods.find((method) => method.role === 'setter' && method.name === name) : undefined;
    if (one.kind === 'class' && definition) return { kind: 'function', definition, scope: one.scope, owner: one, file: one.file };
  }
  return undefined;
}

/** The library class among the bases. */
export const nativeBase = (cls: ClassValue): NativeBase | undefined => baseIn(lineageOf(cls));

/** The first library class among the bases that says what a class itself does. */
export function baseWith(cls: ClassValue, hook: 'construct' | 'classItems'): NativeBase | undefined {
  for (const one of lineageOf(cls)) if (one.kind === 'native' && one.base?.[hook]) return one.base;
  return undefined;
}

/** The first library class of a lineage. */
export function baseIn(lineage: readonly Value[]): NativeBase | undefined {
  for (const one of lineage) if (one.kind === 'native' && one.base) return one.base;
  return undefined;
}

/** The reason why members that are not found are unknown rather than missing. */
export function unknownBase(cls: ClassValue): string | undefined {
  for (const one of lineageOf(cls)) {
    if (one.kind === 'class' || (one.kind === 'native' && one.base)) continue;
    return one.kind === 'unknown' ? one.reason : 'its base class is not known';
  }
  return undefined;
}

/** What the object does when it is called, where the library's base class says it. */
export const callOf = (self: InstanceValue): NativeBase['call'] => (self.cls ? nativeBase(self.cls)?.call : undefined);
