/** Signatures as text, and Python's calling convention. */
import { describe, expect, it } from 'vitest';
import { callLine, chosen, composed, either, type Line } from '../../../src/dialect/torch/line';
import { signatureOf } from '../../../src/dialect/torch/signature';
import type { Arguments, Value } from '../../../src/value/index';
import { call, tensor, testHost, value } from '../tfjs/host';

const x = tensor([2, 3]);
const named = (args: Arguments, names: { readonly [name: string]: unknown }): Arguments => ({
  ...args,
  named: new Map(Object.entries(names).map(([name, given]) => [name, value(given)] as const)),
});

/** What the line was bound to, or the problems' codes. */
function bound(signature: string, positional: readonly unknown[], names: { readonly [name: string]: unknown } = {}): unknown {
  const host = testHost('torch');
  let attributes: unknown;
  const line = composed(signature, (found): Value => {
    attributes = found.attributes;
    return found.tensor('input');
  });
  callLine(line, named(call('torch.f', [x, ...positional.map(value)]), names), host);
  return host.problems.length > 0 ? host.problems.map(({ code }) => code) : attributes;
}

describe('a signature', () => {
  it('has names, kinds, attributes and defaults', () => {
    const [first, second, third] = signatureOf("input, *shape: sizes as target, mode: word = 'same'").params;
    expect([first?.name, first?.kind.role, first?.optional]).toEqual(['input', 'operand', false]);
    expect([second?.variadic, second?.as]).toEqual([true, 'target']);
    expect([third?.keywordOnly, third?.fallback]).toEqual([true, 'same']);
  });

  it('refuses what is none', () => {
    expect(() => signatureOf('input: nothing')).toThrow();
    expect(() => signatureOf('in-put')).toThrow();
  });
});

describe('a call', () => {
  const size = (each: number) => ({ kind: 'number', value: each });

  it.each([
    ['input, dim: axis', [1], {}, { axis: 1 }],
    ['input, dim: axis', [], { dim: -1 }, { axis: -1 }],
    ['input, dim: axis, keepdim: keep = false', [], { axis: 1, keepdims: true }, { axis: 1, keepDims: true }],
    ['input, dim: axes = None', [], {}, {}],
    ['input, dim: axes = None', [[0, 1]], {}, { axes: [0, 1] }],
    ['input, *dims: axes', [0, 1], {}, { axes: [0, 1] }],
    ['input, *dims: axes', [[0, 1]], {}, { axes: [0, 1] }],
    ['input, p: number as rate = 0.5', [], {}, { rate: 0.5 }],
    ['input, dim: axis', [], {}, ['missing-argument']],
    ['input, dim: axis', [1, 2], {}, ['too-many-arguments']],
    ['input, dim: axis', [1], { dim: 1 }, ['repeated-argument']],
    ['input, dim: axis = 0', [], { dime: 1 }, ['unexpected-argument']],
    ['input, dim: axis = 0', [], { device: 'cpu' }, { axis: 0 }],
    ['input, dim: axis = 0, **', [], { anything: 1 }, { axis: 0 }],
    ['input, keepdim: keep', [1], {}, ['argument-type']],
    ['input: rank 3', [], {}, ['rank-mismatch']],
    ['input: rank 2+', [], {}, {}],
  ] as const)('of `%s` with %j %j', (signature, positional, names, expected) => {
    expect(bound(signature, positional, names)).toEqual(expected);
  });

  it('takes sizes one by one or as a list', () => {
    expect(bound('input, *shape: sizes', [2, 3])).toEqual({ shape: [size(2), size(3)] });
    expect(bound('input, *shape: sizes', [[2, 3]])).toEqual({ shape: [size(2), size(3)] });
  });

  it('is of the first overload that it fits', () => {
    const lines: readonly Line[] = ['input', 'input, dim: axis', 'input, other'].map((signature) => composed(signature, () => x));
    const line = either(lines[0] as Line, ...lines.slice(1));
    const text = (...positional: readonly Value[]): string => chosen(line, call('torch.max', positional)).signature.text;
    expect([text(x), text(x, value(1)), text(x, x)]).toEqual(['input', 'input, dim: axis', 'input, other']);
  });
});
