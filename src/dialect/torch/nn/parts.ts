/** Modules that are made of other modules. */
import type { TensorValue, Value } from '../../common/values';
import { type Module, Undecided } from './kind';
import { setField } from './state';

/** Makes a module of the library under a field. */
export const child = (m: Module, name: string, other: string, settings: Parameters<Module['library']>[1]): void =>
  setField(m.self, name, m.library(other, settings), m.host);

/** Calls a sub-module. */
export function through(m: Module, name: string, x: TensorValue, more: readonly Value[] = [], named: Readonly<Record<string, Value>> = {}): TensorValue {
  const positional = [x, ...more];
  const made = m.host.call(m.host.member(m.self, name), {
    ...m.args,
    positional,
    spans: positional.map(() => m.args.span),
    named: new Map(Object.entries(named)),
    api: `${m.args.api}.${name}`,
  });
  const result = made.kind === 'list' ? made.items[0] : made;
  if (result?.kind !== 'tensor') throw new Undecided(result?.kind === 'unknown' ? result.reason : `\`${name}\` gives no tensor`);
  return result;
}
