/** What an entry gives, flattened in order, and where each part stood in it. */
import { format } from '../../dim/index';
import type { RowValue } from '../../graph/types';
import { asNumber, type Value, valueOfKey } from '../../value/index';
import { rowValue, withItems } from '../graph';

/** A tensor of the result, or why one is not known. */
export interface Output {
  readonly value: RowValue;
  /** Its place in a tuple or dict, by position and key: `0`, `1.0`, `features`; of a single tensor none. */
  readonly path: string;
}

/** The result's tensors. */
export function outputsOf(result: Value): readonly Output[] {
  const found = leaves(result, '', 0);
  return found.length > 0 ? found : untold(result);
}

const join = (path: string, part: string | number): string => (path === '' ? String(part) : `${path}.${part}`);

/** As deep as rows tell. */
const DEEPEST = 4;

function leaves(given: Value, path: string, depth: number): readonly Output[] {
  const value = withItems(given);
  if (value.kind === 'list' && !value.times && depth <= DEEPEST) return value.items.flatMap((item, at) => leaves(item, join(path, at), depth + 1));
  if (value.kind === 'dict' && depth <= DEEPEST) return [...value.entries].flatMap(([key, item]) => leaves(item, join(path, keyText(key)), depth + 1));
  const held = value.kind === 'list' || value.kind === 'dict' ? undefined : rowValue(value);
  return held ? [{ value: held, path }] : [];
}

/** A key as people write it. */
function keyText(key: string): string {
  const value = valueOfKey(key);
  return value.kind === 'string' ? value.value : String(asNumber(value) ?? value.kind);
}

/** What may be tensors and is told by none: the reason. */
function untold(value: Value): readonly Output[] {
  if (value.kind === 'unknown' && value.type === 'list') return [{ value: { kind: 'unknown', reason: value.reason }, path: '' }];
  if (value.kind !== 'list' || value.times === undefined || !value.items.some(({ kind }) => kind === 'tensor')) return [];
  return [{ value: { kind: 'unknown', reason: `it is a list of \`${format(value.times)}\` tensors alike` }, path: '' }];
}
