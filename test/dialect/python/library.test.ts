import { describe, expect, test } from 'vitest';
import { seen } from './evaluation';

interface Case {
  readonly about: string;
  readonly before: string;
  readonly body: string;
  readonly seen: readonly string[];
}

const CASES: readonly Case[] = [
  {
    about: 'a dataclass has a constructor made from its fields',
    before: `from dataclasses import dataclass, field, asdict, replace, fields, is_dataclass
@dataclass
class Base:
    dim: int
    heads: int = 8

@dataclass(frozen=True)
class Config(Base):
    ratio: float = 4.0
    sizes: list = field(default_factory=lambda: [1, 2])
    hidden: int = field(init=False)

    def __post_init__(self):
        self.hidden = int(self.dim * self.ratio)

    @property
    def head(self):
        return self.dim // self.heads

    @classmethod
    def small(cls):
        return cls(dim=64)

    def again(self):
        return Config(self.dim)
`,
    body: `cfg = Config(c, ratio=2.0)
see(cfg.dim, cfg.heads, cfg.ratio, cfg.sizes, cfg.hidden, cfg.head)
see(Config.small().hidden, cfg.again().hidden)
see(asdict(Base(c, 2)), replace(cfg, dim=h).dim, len(fields(cfg)), is_dataclass(cfg), is_dataclass(3))
see(isinstance(cfg, Base), Base(1).heads, Config(1, 2, 3, [4]).sizes)`,
    seen: [...['c', '8', '2', '[1, 2]', '2*c', 'c//8'], ...['256', '4*c'], ...["{'dim': c, 'heads': 2}", 'h', '5', 'True', 'False'], ...['True', '8', '[4]']],
  },
  {
    about: 'tuples with names are unpacked, counted and indexed',
    before: `from typing import NamedTuple
from collections import namedtuple
class Pair(NamedTuple):
    first: int
    second: int = 3

    def total(self):
        return self.first + self.second

Point = namedtuple('Point', 'x y')
`,
    body: `pair = Pair(c)
one, two = pair
see(one, two, pair[1], len(pair), pair.total(), pair._replace(second=h).second)
px, py = Point(1, y=2)
see(px, py, Point(1, 2).y, Point._fields, list(Point(c, h)))`,
    seen: [...['c', '3', '3', '2', 'c + 3', 'h'], ...['1', '2', '2', "('x', 'y')", '[c, h]']],
  },
  {
    about: 'members of enumerations are told apart',
    before: `from enum import Enum, IntEnum, auto
class Mode(Enum):
    FAST = 'fast'
    SLOW = 'slow'

class Kind(str, Enum):
    A = 'a'

class Level(IntEnum):
    LOW = auto()
    HIGH = auto()
`,
    body: `mode = Mode.FAST
see(mode == Mode.FAST, mode is Mode.SLOW, mode.value, mode.name, isinstance(mode, Mode))
see(Kind.A == 'a', Kind.A.value, Level.HIGH, Level.HIGH + 1)`,
    seen: [...['True', 'False', "'fast'", "'FAST'", 'True'], ...['True', "'a'", '2', '3']],
  },
  {
    about: 'decorators of the library leave functions what they do',
    before: `import functools
from functools import lru_cache, wraps, partial
from contextlib import contextmanager
@lru_cache()
def doubled(v):
    return v * 2

@functools.cache
def tripled(v):
    return v * 3

def twice(fn):
    @wraps(fn)
    def inner(*args, **kwargs):
        return fn(fn(*args, **kwargs))
    return inner

@twice
def plus(v):
    return v + 1
`,
    body: `see(doubled(c), tripled(c), plus(c))
norm = partial(torch.nn.LayerNorm, eps=1e-6)
see(norm(c).eps, norm.keywords, isinstance(norm(c), torch.nn.LayerNorm))`,
    seen: [...['2*c', '3*c', 'c + 2'], ...['1e-06', "{'eps': 1e-06}", 'True']],
  },
  {
    about: 'attributes by computed names',
    before: `class Holder:
    shared = 5
    def __init__(self, n):
        for i in range(3):
            setattr(self, f'block{i}', i * n)

    def total(self):
        return sum(getattr(self, f'block{i}') for i in range(3))
`,
    body: `holder = Holder(c)
see(holder.block2, holder.total(), hasattr(holder, 'block1'), hasattr(holder, 'block9'))
see(getattr(holder, 'nothing', None), getattr(holder, 'shared'), vars(Holder(1))['block1'])
delattr(holder, 'block2')
see(type(holder) is Holder, type(holder).__name__, holder.__class__.__name__)`,
    seen: [...['2*c', '3*c', 'True', 'False'], ...['None', '5', '1'], ...['True', "'Holder'", "'Holder'"]],
  },
  {
    about: 'lists and dicts are changed in place',
    before: 'import copy',
    body: `items = [1]
items.append(c)
items.extend((2, 3))
items.insert(0, 'a')
see(str(items[:1]), len(items), items.pop(), items.pop(0), items)
items.remove(1)
items.reverse()
see(items)
items.clear()
see(items, [3, 1, 2].sort())
d = {'a': 1}
d.update(b=c)
d.setdefault('e', []).append(5)
see(d.pop('a'), d.pop('z', None), list(d), d)
nested = {'k': [1]}
other = copy.deepcopy(nested)
other['k'].append(2)
see(nested, other)
s = {1}
s.add(2)
s.discard(1)
see(s)
it = iter([1, 2, 3])
see(next(it), next(it), list(it))
layers = []
for i in range(c):
    layers.append(h)
see(layers, len(layers))`,
    seen: [
      ...[`"['a']"`, '5', '3', "'a'", '[1, c, 2]', '[2, c]', '[]', 'None'],
      ...['1', 'None', "['b', 'e']", "{'b': c, 'e': [5]}"],
      ...["{'k': [1]}", "{'k': [1, 2]}", '{2}', '1', '2', '[3]', '[h] times c', 'c'],
    ],
  },
  {
    about: 'sums and products of tensors are steps of theirs',
    before: 'import operator, functools\nimport numpy as np',
    body: `see(sum([x, x, x]), functools.reduce(operator.add, [x, x]), operator.mul(x, 2), sum(v for v in x.chunk(2, dim=-1)))
see(abs(x), max(x.shape[0], 1), list(map(lambda v: v.relu(), [x, x])))`,
    seen: [...['tensor[b,t,e]', 'tensor[b,t,e]', 'tensor[b,t,e]', 'tensor[b,t,e//2]'], ...['tensor[b,t,e]', 'max(b, 1)', '[tensor[b,t,e], tensor[b,t,e]]']],
  },
  {
    about: 'what surrounds a program is harmless, or not known',
    before: `import logging, os, sys, re, time, random, warnings, json, argparse, pathlib
from typing import Optional, Union, Tuple, cast, TYPE_CHECKING, Generic, TypeVar
from types import SimpleNamespace
from contextlib import nullcontext, suppress
from abc import ABC, abstractmethod
T = TypeVar('T')
logger = logging.getLogger(__name__)
class Holder(ABC, Generic[T]):
    def __init__(self, n):
        self.n = n
    @abstractmethod
    def get(self) -> Optional[int]:
        return self.n
`,
    body: `logger.info('hello %s', c)
warnings.warn('no')
print(c)
with nullcontext(), suppress(ValueError):
    see(cast(int, c), TYPE_CHECKING, Holder(c).get(), SimpleNamespace(a=c).a)
see(random.random(), time.time(), json.loads('{"a": [1, 2]}'), sys.version_info[0], isinstance(c, Union[int, str]))
see(re.sub('a', 'b', 'c'), argparse.ArgumentParser().parse_args().dim, isinstance(None, Optional[int]))`,
    seen: [...['c', 'False', 'c', 'c'], ...['?number', '?number', "{'a': [1, 2]}", '3', 'True'], ...['?', '?', 'True']],
  },
];

describe("Python's library", () => {
  for (const { about, before, body, seen: wanted } of CASES)
    test(about, async () => {
      expect(await seen(body, before)).toEqual(wanted);
    });
});
