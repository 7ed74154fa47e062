/** `collections` and `collections.abc`. */
import { type DictValue, native, number, object, unknown, type Value } from '../../../value/index';
import { holdingBase, plainBase } from '../bases';
import { classOf } from '../classes';
import { isSame } from '../comparing';
import { dictBase } from '../dictBase';
import { fromKeys, makeDict } from '../dicts';
import { mappingBase } from '../mappings';
import { argument, type Call, itemsOf, listOf, moduleOf, sequenceOf } from '../reading';
import { namedTuple } from './records';

/** A dict that makes what is not there: what stands under other keys than those set is not followed. */
const defaultDict: Call = (args, host) => {
  const made = makeDict({ ...args, positional: args.positional.slice(1), spans: args.spans.slice(1) }, host);
  return { ...made, open: made.open ?? 'a `defaultdict` makes what is not there' } satisfies DictValue;
};

const counter: Call = (args, host) => {
  const items = itemsOf(argument(args, 0), host);
  const made: DictValue = { ...object([], 'map'), open: typeof items === 'string' ? items : 'counts of what is not there are 0' };
  if (typeof items === 'string' || !items.every((item) => item.kind === 'string')) return made;
  const counts = items.map((item) => [item.kind === 'string' ? item.value : '', number(items.filter((other) => isSame(item, other, host)).length)] as const);
  return { ...made, entries: new Map<string, Value>(counts) };
};

const ABSTRACT =
  'Iterable Iterator Sequence MutableSequence Mapping MutableMapping Set MutableSet Callable Sized Container Collection Hashable Generator Reversible Awaitable Coroutine KeysView ValuesView ItemsView ByteString';

const abstract = ABSTRACT.split(' ').map(
  (name) =>
    [name, classOf(name, () => unknown(`a \`${name}\` is not made so`), [], { base: /Mapping$/.test(name) ? mappingBase(name) : plainBase(name) })] as const,
);

/** `collections.abc`. */
export const ABSTRACT_COLLECTIONS = moduleOf('collections.abc', abstract);

export const COLLECTIONS = moduleOf('collections', [
  ['OrderedDict', classOf('OrderedDict', makeDict, [['fromkeys', native('OrderedDict.fromkeys', fromKeys)]], { base: dictBase('OrderedDict', makeDict) })],
  ['defaultdict', classOf('defaultdict', defaultDict, [], { base: holdingBase('defaultdict') })],
  ['Counter', classOf('Counter', counter, [], { base: holdingBase('Counter') })],
  ['deque', classOf('deque', (args, host) => listOf(args.positional.length === 0 ? { items: [] } : sequenceOf(argument(args, 0), host)))],
  ['namedtuple', native('namedtuple', namedTuple)],
  ['UserDict', classOf('UserDict', makeDict, [], { base: dictBase('UserDict', makeDict) })],
  ['ChainMap', classOf('ChainMap', () => unknown('chains of dicts are not followed'))],
  ['abc', ABSTRACT_COLLECTIONS],
]);
