/** Lists and objects as the source writes them. */
import type { Entry, Expression } from '../../program/types';
import { keyOf, list, object, type TensorValue, type Value } from '../../value/index';
import { fieldOf, withFallback } from '../learning/parameters';
import type { Run } from '../run';
import type { Scope } from '../statements/scope';
import { textOf } from './arithmetic';
import { evaluate } from './evaluate';

export function items(run: Run, expression: Expression & { kind: 'list' | 'tuple' }, scope: Scope): Value {
  const values: Value[] = [];
  let open: string | undefined;
  let shape: TensorValue | undefined;
  let before = 0;
  for (const item of expression.items) {
    const value = evaluate(run, item.value, scope);
    if (!item.spread) {
      values.push(value);
      continue;
    }
    const only = expression.items.length === 1 && value.kind === 'list' && value.times;
    if (only) return { ...value, items: [...value.items] };
    const spread = run.host.iterate(value);
    if (value.kind === 'shape' && !shape) [shape, before] = [value.of, values.length];
    if ('unknown' in spread) open ??= spread.unknown;
    else values.push(...spread);
  }
  const made = list(values, expression.kind === 'tuple');
  if (open !== undefined) made.open = open;
  // So many items as are not spread stand beside the sizes: where the whole is taken apart, that tells the rank.
  const onlyShape = shape && expression.items.filter(({ spread }) => spread).length === 1;
  return shape && onlyShape ? { ...made, spread: { of: shape, before, beside: expression.items.length - 1 } } : made;
}

/** What an object is made of so far. */
interface Gathered {
  readonly values: Map<string, Value>;
  open?: string;
  parameter?: string;
}

/** A key of a mapping tells its sort too: `1` is not `'1'`. */
const keyText = (key: Value, keyed: boolean): string | undefined => (keyed ? keyOf(key) : textOf(key));

export function dict(run: Run, { entries, keyed = false }: { readonly entries: readonly Entry[]; readonly keyed?: boolean }, scope: Scope): Value {
  const gathered: Gathered = { values: new Map() };
  for (const entry of entries) {
    if (entry.spread) {
      gather(gathered, evaluate(run, entry.value, scope));
      continue;
    }
    const key = typeof entry.key === 'string' ? entry.key : keyText(evaluate(run, entry.key, scope), keyed);
    const value: Value =
      'getter' in entry ? { kind: 'function', definition: entry.getter, scope, file: entry.getter.span.file } : evaluate(run, entry.value, scope);
    if (key === undefined) gathered.open ??= 'a key is not known';
    else gathered.values.set(key, value);
  }
  const made = gatheredObject(run, gathered);
  return keyed ? { ...made, flavour: 'map' } : made;
}

/** Adds the fields of a spread object. */
function gather(gathered: Gathered, value: Value): void {
  if (value.kind === 'dict') {
    for (const [key, item] of value.entries) gathered.values.set(key, item);
    if (value.open !== undefined) gathered.open ??= value.open;
    if (value.parameter !== undefined) gathered.parameter ??= value.parameter;
  } else if (value.kind === 'unknown') {
    if (value.parameter !== undefined) gathered.parameter ??= value.parameter;
    else gathered.open ??= value.reason;
  }
}

function gatheredObject(run: Run, { values, open, parameter }: Gathered): Value & { kind: 'dict' } {
  const made: Value & { kind: 'dict' } = parameter === undefined ? object(values) : { ...object(values), parameter: mergeDefaults(run, values, parameter) };
  if (open !== undefined) made.open = open;
  return made;
}

/** `{...first, ...second}`, of values. */
export function mergeObjects(run: Run, parts: readonly Value[]): Value & { kind: 'dict' } {
  const gathered: Gathered = { values: new Map() };
  for (const part of parts) gather(gathered, part);
  return gatheredObject(run, gathered);
}

/** `{...defaults, ...config}`: the defaults are examples of the parameter's fields. */
function mergeDefaults(run: Run, values: Map<string, Value>, parameter: string): string {
  for (const [key, value] of values)
    values.set(
      key,
      withFallback(run, fieldOf(run, parameter, key), () => value),
    );
  return parameter;
}
