/** Walks over the small language. */
import type { Span, Target } from './types';

/** All parts of a piece of a program, itself first, in the order of the source. It does not recurse: a source may nest deeply. */
export function* partsOf(root: object): Generator<{ readonly [field: string]: unknown }> {
  const pending: unknown[] = [root];
  for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
    if (typeof part !== 'object' || part === null) continue;
    yield part as { readonly [field: string]: unknown };
    const children = Object.values(part);
    for (let at = children.length - 1; at >= 0; at--) if (typeof children[at] === 'object') pending.push(children[at]);
  }
}

/** The names that a target binds. */
export function namesOf(target: Target): { readonly name: string; readonly span: Span }[] {
  if (target.kind === 'name') return [target];
  if (target.kind === 'sequence') return target.elements.flatMap((element) => (element ? namesOf(element.target) : []));
  if (target.kind !== 'object') return [];
  return [...target.properties.flatMap((property) => namesOf(property.target)), ...(target.rest ? namesOf(target.rest) : [])];
}
