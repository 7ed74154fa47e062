/** `typing`: types are read by the front end; as values they are harmless. */

import { FALSE, type ModuleValue, type NativeValue, native, unknown, type Value } from '../../../value/index';
import { holdingBase, plainBase } from '../bases';
import { DICT, LIST, SET, TUPLE } from '../builtins';
import { classOf, unionOf } from '../classes';
import { argument, type Call, moduleOf, openList } from '../reading';
import { dataclassTransform } from './dataclasses';
import { NAMED_TUPLE } from './records';

/** A type of which values are only told to be so. */
const type = (name: string): NativeValue => classOf(name, () => unknown(`\`${name}\` makes no values`), [], { base: plainBase(name) });

/** `Union[int, str]`, `Optional[int]`: what is asked of it is asked of each; of several no more is known than that. */
const union = (name: string): NativeValue => ({ ...type(name), item: (index) => (index.kind === 'item' ? unionOfItem(name, index.value) : undefined) });

function unionOfItem(name: string, item: Value): Value {
  const classes = item.kind === 'list' ? item.items : [item];
  return unionOf(name === 'Optional' ? [...classes, { kind: 'null' }] : classes);
}

const same = (name: string): NativeValue => native(name, (args) => argument(args, 0));

const newType: Call = (args) => same(args.positional[0]?.kind === 'string' ? args.positional[0].value : 'NewType');

const named: readonly (readonly [string, Value])[] = [
  ['TYPE_CHECKING', FALSE],
  ['NamedTuple', NAMED_TUPLE],
  ['TypedDict', { ...type('TypedDict'), base: holdingBase('TypedDict') }],
  ['dataclass_transform', native('typing.dataclass_transform', dataclassTransform)],
  ['cast', native('typing.cast', (args) => argument(args, 1))],
  ['NewType', native('typing.NewType', newType)],
  ...['overload', 'final', 'runtime_checkable', 'no_type_check', 'override', 'assert_type', 'reveal_type'].map((name) => [name, same(name)] as const),
  ['TypeVar', native('typing.TypeVar', () => type('TypeVar'))],
  ['ParamSpec', native('typing.ParamSpec', () => type('ParamSpec'))],
  ['TypeVarTuple', native('typing.TypeVarTuple', () => type('TypeVarTuple'))],
  ['Union', union('Union')],
  ['Optional', union('Optional')],
  ['List', { ...LIST, item: () => LIST }],
  ['Tuple', { ...TUPLE, item: () => TUPLE }],
  ['Dict', { ...DICT, item: () => DICT }],
  ['Set', { ...SET, item: () => SET }],
  ['get_type_hints', native('typing.get_type_hints', () => unknown('types are not followed as values'))],
  ['get_args', native('typing.get_args', () => openList('types are not followed as values', true))],
  ['get_origin', native('typing.get_origin', () => unknown('types are not followed as values'))],
];

/** `typing` and `typing_extensions`. */
export const typingModule = (name: string): ModuleValue =>
  moduleOf(name, named, (wanted) => (wanted.startsWith('__') ? unknown('it is not followed') : type(wanted)));
