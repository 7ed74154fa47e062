/** `operator`: Python's operators as functions. */
import type { BinaryOperator } from '../../../program/types';
import { boolean, type Host, list, native, string, unknown, type Value } from '../../../value/index';
import { isLess, isSame } from '../comparing';
import { truthOf } from '../numbers';
import { operate } from '../operations';
import { argument, type Call, functions, moduleOf, reasonOf } from '../reading';

const BINARY: { readonly [name: string]: BinaryOperator } = {
  add: '+',
  concat: '+',
  sub: '-',
  mul: '*',
  matmul: '@',
  truediv: '/',
  floordiv: '//',
  mod: '%',
  pow: '**',
  and_: '&',
  or_: '|',
  xor: '^',
  lshift: '<<',
  rshift: '>>',
};

const decided = (truth: boolean | undefined, value: Value): Value =>
  truth === undefined ? unknown(reasonOf(value, 'the comparison is not decided'), 'boolean') : boolean(truth);

/** A comparison of two values; of tensors it is the tensor's own. */
function comparing(name: string, compare: (left: Value, right: Value, host: Host) => boolean | undefined): Call {
  return (args, host) => {
    const [left, right] = [argument(args, 0), argument(args, 1)];
    return left.kind === 'tensor' ? host.invoke(host.member(left, name), right) : decided(compare(left, right, host), left);
  };
}

const not = (truth: boolean | undefined): boolean | undefined => (truth === undefined ? undefined : !truth);

/** The item of a list, dict or object under a key. */
function itemOf(owner: Value, key: Value, host: Host): Value {
  const found = ['list', 'dict', 'string', 'instance'].includes(owner.kind) ? host.member(owner, '__getitem__') : undefined;
  return found && found.kind !== 'undefined' ? host.invoke(found, key) : unknown(reasonOf(owner, 'its items are not known'));
}

/** `itemgetter(…)`, `attrgetter(…)`: of several keys a tuple. */
const getter =
  (name: string, get: (owner: Value, key: Value, host: Host) => Value): Call =>
  (args) =>
    native(name, (given, host) => {
      const owner = argument(given, 0);
      const [only, ...more] = args.positional;
      return only && more.length === 0
        ? get(owner, only, host)
        : list(
            args.positional.map((key) => get(owner, key, host)),
            true,
          );
    });

const attributeOf = (owner: Value, key: Value, host: Host): Value =>
  key.kind === 'string' ? key.value.split('.').reduce<Value>((value, name) => host.member(value, name), owner) : unknown('the name is not known');

const negative: Call = (args, host) => operate('*', argument(args, 0), { kind: 'number', real: { kind: 'number', value: -1 } }, host);

const calls: { [name: string]: Call } = {
  itemgetter: getter('itemgetter', itemOf),
  attrgetter: getter('attrgetter', attributeOf),
  methodcaller: (args) =>
    native('methodcaller', (given, host) => {
      const name = argument(args, 0);
      return name.kind === 'string'
        ? host.call(host.member(argument(given, 0), name.value), { ...args, positional: args.positional.slice(1), spans: args.spans.slice(1) })
        : unknown('the name is not known');
    }),
  getitem: (args, host) => itemOf(argument(args, 0), argument(args, 1), host),
  neg: negative,
  pos: (args) => argument(args, 0),
  index: (args) => argument(args, 0),
  not_: (args, host) => decided(not(truthOf(argument(args, 0), host)), argument(args, 0)),
  truth: (args, host) => decided(truthOf(argument(args, 0), host), argument(args, 0)),
  eq: comparing('eq', isSame),
  ne: comparing('ne', (left, right, host) => not(isSame(left, right, host))),
  lt: comparing('lt', isLess),
  gt: comparing('gt', (left, right, host) => isLess(right, left, host)),
  le: comparing('le', (left, right, host) => not(isLess(right, left, host))),
  ge: comparing('ge', (left, right, host) => not(isLess(left, right, host))),
  is_: (args) =>
    ['string', 'number', 'unknown'].includes(argument(args, 0).kind)
      ? unknown('it is not decided', 'boolean')
      : boolean(argument(args, 0) === argument(args, 1)),
  contains: (args, host) => host.invoke(host.member(argument(args, 0), '__contains__'), argument(args, 1)),
  length_hint: () => unknown('it is not followed', 'number'),
};
for (const [name, operator] of Object.entries(BINARY)) {
  calls[name] = (args, host) => operate(operator, argument(args, 0), argument(args, 1), host);
  calls[`i${name.replace('_', '')}`] = calls[name];
}

export const OPERATOR = moduleOf('operator', [...functions('operator', calls), ['__name__', string('operator')]]);
