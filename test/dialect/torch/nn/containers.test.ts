/** Containers, copies and helpers of other libraries: what they hold, under which names, and what comes out of them. */
import { expect, it } from 'vitest';
import { NN, partsOf, stateDictOf } from '../../../../src/dialect/torch/nn/index';
import { outsideLibrary } from '../../../../src/dialect/torch/outside/index';
import { asSize, type InstanceValue, list, number, object, string, type Value } from '../../../../src/value/index';
import { call, sizesOf, type TestHost, tensor, testHost, value } from './host';

function make(host: TestHost, name: string, positional: readonly Value[] = [], named: Readonly<Record<string, unknown>> = {}): InstanceValue {
  const cls = NN[name];
  const made = cls
    ? host.call(cls, call(`nn.${name}`, positional, Object.fromEntries(Object.entries(named).map(([key, item]) => [key, value(item)]))))
    : undefined;
  if (made?.kind !== 'instance') throw new Error(`nn.${name} makes no object`);
  return made;
}

const run = (host: TestHost, module: Value, ...shapes: readonly (readonly number[])[]): unknown =>
  sizesOf(
    host.call(
      module,
      call(
        'self.m',
        shapes.map((shape) => tensor(shape)),
      ),
    ),
  );

const linear = (host: TestHost, from: number, to: number): InstanceValue => make(host, 'Linear', [number(from), number(to)]);
const names = (module: InstanceValue): string[] => stateDictOf(module).map(([name]) => name);
const item = (at: number) => ({ kind: 'item', value: number(at) }) as const;

it('runs a sequence in order, under the names of its places', () => {
  const host = testHost();
  const made = make(host, 'Sequential', [linear(host, 3, 5), make(host, 'ReLU'), linear(host, 5, 7)]);
  expect(run(host, made, [2, 3])).toEqual([2, 7]);
  expect(names(made)).toEqual(['0.weight', '0.bias', '2.weight', '2.bias']);
  expect(partsOf(made).map(([name]) => name)).toEqual(['0', '1', '2']);
  expect(host.problems).toEqual([]);
});

it('takes names from an ordered dict, and gives the items as fields', () => {
  const host = testHost();
  const items = object(
    [
      ['first', linear(host, 3, 5)],
      ['second', linear(host, 5, 2)],
    ],
    'map',
  );
  const made = make(host, 'Sequential', [items]);
  expect(names(made)).toEqual(['first.weight', 'first.bias', 'second.weight', 'second.bias']);
  expect(run(host, host.member(made, 'second'), [4, 5])).toEqual([4, 2]);
});

it('grows by append, extend and add_module', () => {
  const host = testHost();
  const made = make(host, 'Sequential');
  host.invoke(host.member(made, 'append'), linear(host, 3, 4));
  host.invoke(host.member(made, 'extend'), list([linear(host, 4, 5)]));
  host.invoke(host.member(made, 'add_module'), string('last'), linear(host, 5, 6));
  expect(run(host, made, [2, 3])).toEqual([2, 6]);
  expect(names(made).filter((name) => name.endsWith('weight'))).toEqual(['0.weight', '1.weight', 'last.weight']);
});

it('gives items by place, from the end too, and slices as sequences', () => {
  const host = testHost();
  const made = make(host, 'Sequential', [linear(host, 3, 5), linear(host, 5, 7), linear(host, 7, 2)]);
  expect(run(host, made.native?.item?.(made, item(-1), host) ?? list([]), [4, 7])).toEqual([4, 2]);
  const slice = { kind: 'slice', start: value(null), stop: number(2), step: value(null) } as const;
  expect(run(host, made.native?.item?.(made, slice, host) ?? list([]), [4, 3])).toEqual([4, 7]);
  made.native?.item?.(made, item(3), host);
  expect(host.problems.map(({ code }) => code)).toEqual(['item-out-of-range']);
});

it('holds modules under keys', () => {
  const host = testHost();
  const made = make(host, 'ModuleDict', [object([['q', linear(host, 3, 4)]], 'map')]);
  expect(names(made)).toEqual(['q.weight', 'q.bias']);
  expect(run(host, made.native?.item?.(made, { kind: 'item', value: string('q') }, host) ?? list([]), [2, 3])).toEqual([2, 4]);
});

it('copies modules with weights of their own', () => {
  const host = testHost();
  const made = make(host, 'Sequential', [linear(host, 3, 5)]);
  const copy = host.invoke(host.member(made, '__deepcopy__'));
  if (copy.kind !== 'instance') throw new Error('it is not copied');
  expect(names(copy)).toEqual(names(made));
  expect(run(host, copy, [2, 3])).toEqual([2, 5]);
});

it('walks modules and weights with their paths', () => {
  const host = testHost();
  const made = make(host, 'Sequential', [linear(host, 3, 5), make(host, 'Sequential', [make(host, 'BatchNorm1d', [number(5)])])]);
  const named = host.invoke(host.member(made, 'named_parameters'));
  const paths = named.kind === 'list' ? named.items.map((pair) => (pair.kind === 'list' && pair.items[0]?.kind === 'string' ? pair.items[0].value : '')) : [];
  expect(paths).toEqual(['0.weight', '0.bias', '1.0.weight', '1.0.bias']);
  expect(names(made)).toContain('1.0.num_batches_tracked');
});

const outside = (host: TestHost, library: string, name: string): Value => outsideLibrary(library)?.get(name, host) ?? list([]);

it('knows the small helpers of timm', () => {
  const host = testHost();
  const mlp = host.call(outside(host, 'timm.models.layers', 'Mlp'), call('Mlp', [number(8), number(16)]));
  expect(run(host, mlp, [2, 5, 8])).toEqual([2, 5, 8]);
  const patches = host.call(outside(host, 'timm.layers', 'PatchEmbed'), call('PatchEmbed', [number(32), number(8), number(3), number(10)]));
  expect(run(host, patches, [2, 3, 32, 32])).toEqual([2, 16, 10]);
  expect(asSize(host.member(patches, 'num_patches'))?.text).toBe('16');
  const divisible = host.call(outside(host, 'timm.layers', 'make_divisible'), call('make_divisible', [number(37), number(8)]));
  expect(asSize(divisible)?.text).toBe('40');
});

it('makes layers of configurations as mmcv does', () => {
  const host = testHost();
  const named = { padding: value(1), norm_cfg: value({ type: 'GN', num_groups: 2 }), act_cfg: value({ type: 'GELU' }) };
  const made = host.call(outside(host, 'mmcv.cnn', 'ConvModule'), call('ConvModule', [number(4), number(6), number(3)], named));
  expect(run(host, made, [2, 4, 5, 5])).toEqual([2, 6, 5, 5]);
  expect(made.kind === 'instance' ? names(made) : []).toEqual(['conv.weight', 'gn.weight', 'gn.bias']);
  const pair = host.call(outside(host, 'mmcv.cnn', 'build_norm_layer'), call('build_norm_layer', [value({ type: 'BN' }), number(4)], { postfix: number(1) }));
  expect(pair.kind === 'list' ? pair.items[0] : undefined).toEqual(string('bn1'));
  expect(run(host, pair.kind === 'list' ? (pair.items[1] ?? list([])) : list([]), [2, 4, 3, 3])).toEqual([2, 4, 3, 3]);
});

it('makes sequences as torchvision does', () => {
  const host = testHost();
  const conv = host.call(outside(host, 'torchvision.ops', 'Conv2dNormActivation'), call('Conv2dNormActivation', [number(3), number(8)]));
  expect(run(host, conv, [2, 3, 6, 6])).toEqual([2, 8, 6, 6]);
  expect(conv.kind === 'instance' ? names(conv) : []).toEqual(['0.weight', '1.weight', '1.bias', '1.running_mean', '1.running_var', '1.num_batches_tracked']);
  const mlp = host.call(outside(host, 'torchvision.ops', 'MLP'), call('MLP', [number(4), value([8, 2])]));
  expect(run(host, mlp, [3, 4])).toEqual([3, 2]);
});
