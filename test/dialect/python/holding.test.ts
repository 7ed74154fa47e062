/** Enumerations by value and name, mappings of the user's own, the attributes of an object, generators, lists beside tuples. */
import { describe, expect, test } from 'vitest';
import { seen } from './evaluation';

interface Case {
  readonly about: string;
  readonly before?: string;
  readonly body: string;
  readonly seen: readonly string[];
}

const CASES: readonly Case[] = [
  {
    about: 'an enumeration is asked by value and by name, walked and counted',
    before: `from enum import Enum
class Mode(Enum):
    FAST = 'fast'
    SLOW = 'slow'
    QUICK = 'fast'

class Kind(str, Enum):
    A = 'a'
    B = 'b'

class Shared(Enum):
    def twice(self):
        return self.value * 2

class Level(Shared):
    LOW = 1
    HIGH = 2
`,
    body: `see(Mode('fast') is Mode.FAST, Mode['SLOW'] == Mode.SLOW, Mode('slow') == Mode.FAST, Mode(Mode.SLOW).name)
see([mode.value for mode in Mode], len(Mode), Mode.QUICK is Mode.FAST, Mode.SLOW in Mode)
see(Kind('a'), Kind['B'], [kind for kind in Kind], Kind('a') == 'a')
see(Level(2).twice(), len(Level), Mode(flag) == Mode.FAST, Mode('other') == Mode.FAST)`,
    seen: [
      ...['True', 'True', 'False', "'SLOW'"],
      ...["['fast', 'slow']", '2', 'True', 'True'],
      ...["'a'", "'b'", "['a', 'b']", 'True'],
      ...['4', '2', '?boolean', '?boolean'],
    ],
  },
  {
    about: 'a mapping of the user answers through its own items and keys',
    before: `from collections.abc import Mapping, MutableMapping
class Settings(Mapping):
    def __init__(self, **values):
        self.values_ = values
    def __getitem__(self, key):
        return self.values_[key]
    def __iter__(self):
        return iter(self.values_)
    def __len__(self):
        return len(self.values_)

class Store(MutableMapping):
    def __init__(self):
        self.held = {}
    def __getitem__(self, key):
        return self.held[key]
    def __setitem__(self, key, value):
        self.held[key] = value
    def __delitem__(self, key):
        del self.held[key]
    def __iter__(self):
        return iter(self.held)
    def __len__(self):
        return len(self.held)
`,
    body: `settings = Settings(dim=c, heads=h)
see(settings['dim'], settings.get('heads'), settings.get('other', 3), 'dim' in settings, 'other' in settings)
see(list(settings.keys()), list(settings.values()), [k + '!' for k, v in settings.items()], len(settings), list(settings))
store = Store()
store['a'] = c
store.update({'b': h})
see(store.get('b'), list(store), 'a' in store, store.pop('a'))`,
    seen: [
      ...['c', 'h', '3', 'True', 'False'],
      ...["['dim', 'heads']", '[c, h]', "['dim!', 'heads!']", '2', "['dim', 'heads']"],
      ...['h', "['a', 'b']", 'True', 'c'],
    ],
  },
  {
    about: 'what a class says of `in` is what holds',
    before: `class Even:
    def __contains__(self, value):
        return value % 2 == 0
`,
    body: 'see(4 in Even(), 3 in Even(), 3 not in Even())',
    seen: ['True', 'False', 'True'],
  },
  {
    about: 'the attributes of an object are a dict',
    before: `class Holder:
    def __init__(self, n):
        self.n = n
        self.__dict__['m'] = n * 2
        self.__dict__.update(k=3)
`,
    body: `holder = Holder(c)
see(holder.m, holder.k, holder.__dict__['n'], len(holder.__dict__), 'm' in holder.__dict__, [name for name in holder.__dict__])`,
    seen: ['2*c', '3', 'c', '3', 'True', "['n', 'm', 'k']"],
  },
  {
    about: 'what a generator gives, in order',
    before: `from contextlib import contextmanager
def counted(n):
    for i in range(n):
        yield i

def several(first):
    yield first
    yield from [first + 1, first + 2]

def perhaps(flag):
    yield 1
    if flag:
        yield 2

def ending(flag):
    yield 1
    if flag:
        return
    yield 2

@contextmanager
def scaled(value):
    yield value * 2
`,
    body: `see(list(counted(3)), sum(several(4)), list(counted(c)))
see(list(perhaps(flag)), len(list(perhaps(True))), list(ending(flag)), next(several(c)))
one, two, three = several(h)
see(one, three)
with scaled(c) as width:
    see(width)`,
    seen: [...['[0, 1, 2]', '15', '[?number] times c'], ...['[…]', '2', '[…]', 'c'], ...['h', 'h + 2'], '2*c'],
  },
  {
    about: 'a list is no tuple',
    body: 'see([1, 2] == (1, 2), (1, c) == (1, c), [1] != (1,), x.shape == [b, t, e], tuple(x.shape) == (b, t, e))',
    seen: ['False', 'True', 'True', 'False', 'True'],
  },
];

describe('what holds other values', () => {
  for (const { about, before, body, seen: wanted } of CASES)
    test(about, async () => {
      expect(await seen(body, before)).toEqual(wanted);
    });
});
