import { describe, expect, it } from 'vitest';
import { applyReal, realOf, UNKNOWN } from '../../src/dim/index';
import { decodeGraph, encodeGraph, type GraphJson } from '../../src/graph/index';
import { Builder, dim, selfAttention } from './builder';

const throughText = (json: GraphJson): unknown => JSON.parse(JSON.stringify(json));

function rich() {
  const builder = new Builder();
  const x = builder.input('x', ['b', 'c//8', '3*h']);
  builder.node('unknown', [x], { reason: 'no rule' }, [{ shape: null, dtype: 'float32', unknown: 'no rule' }]);
  const size = realOf(dim('h*w'));
  const attributes = {
    shape: [size, -1],
    low: Number.NEGATIVE_INFINITY,
    none: null,
    deep: { scale: applyReal('rsqrt', realOf(dim('c'))) },
    zero: -0,
    flag: true,
    word: 'same',
  };
  const y = builder.node('fill', [], attributes, [{ shape: [UNKNOWN, dim('max(h, w)')], dtype: 'int32', unknown: 'a size' }]);
  builder.need('8', 'divides', 'c');
  builder.symbol('c', 'argument', 64);
  builder.dispose(y);
  return builder.graph([y, { kind: 'unknown', reason: 'why' }, { kind: 'dict', items: [{ key: 'x', value: { kind: 'tensor', ref: x } }] }]);
}

describe('a graph as JSON', () => {
  it('comes back as it was, through text', () => {
    for (const graph of [selfAttention(), rich()]) expect(decodeGraph(throughText(encodeGraph(graph)))).toEqual({ graph });
  });

  it('writes sizes in the one syntax', () => {
    const json = encodeGraph(rich());
    expect(json.nodes[0]?.outputs[0]?.shape).toEqual(['b', 'c//8', '3*h']);
    expect(json.nodes[2]?.outputs[0]?.shape?.[0]).toBe('?');
    expect(json.needs[0]).toMatchObject({ left: '8', right: 'c' });
  });
});

const hostile: readonly [what: string, edit: (json: Record<string, unknown>, nodes: Record<string, unknown>[]) => void, error: RegExp][] = [
  ['another version', (json) => Object.assign(json, { version: 2 }), /^graph\.version: expected 1, found 2$/],
  ['no nodes', (json) => delete json.nodes, /^graph\.nodes: expected a list, found undefined$/],
  [
    'a size that is none',
    (_, nodes) => Object.assign(nodes[0] ?? {}, { outputs: [{ shape: ['c//'], dtype: 'float32' }] }),
    /^graph\.nodes\[0\]\.outputs\[0\]\.shape\[0\]: expected a size/,
  ],
  [
    'a type that is none',
    (_, nodes) => Object.assign(nodes[0] ?? {}, { outputs: [{ shape: [], dtype: 'float3' }] }),
    /outputs\[0\]\.dtype: expected "float32" or /,
  ],
  ['an operand from later', (_, nodes) => Object.assign(nodes[1] ?? {}, { inputs: [{ node: 5, output: 0 }] }), /^graph\.nodes\[1\]\.inputs\[0\]: names step 5/],
  ['an output that is not there', (_, nodes) => Object.assign(nodes[2] ?? {}, { inputs: [{ node: 0, output: 3 }] }), /names output 3 of step 0/],
  ['an id out of place', (_, nodes) => Object.assign(nodes[1] ?? {}, { id: 7 }), /^graph\.nodes\[1\]\.id: is 7/],
  [
    'a negative line',
    (json) => Object.assign(json, { span: { file: 'a', line: -1, column: 1, endLine: 1, endColumn: 1 } }),
    /^graph\.span\.line: expected a whole number, found -1$/,
  ],
  [
    'a real that is none',
    (_, nodes) => Object.assign(nodes[0] ?? {}, { attributes: { a: { kind: 'evil' } } }),
    /attributes\.a\.kind: expected "number", "size" or "apply"/,
  ],
];

describe('hostile JSON', () => {
  it.each(hostile)('%s', (_, edit, error) => {
    const json = throughText(encodeGraph(selfAttention())) as Record<string, unknown>;
    edit(json, json.nodes as Record<string, unknown>[]);
    const decoded = decodeGraph(json);
    expect('error' in decoded ? decoded.error : 'accepted').toMatch(error);
  });

  it('is refused whatever it is', () => {
    for (const value of [null, 3, 'graph', [], {}, undefined, { version: 1 }, Number.NaN]) expect(decodeGraph(value)).toHaveProperty('error');
  });

  it('is refused when nested without end', () => {
    let attribute: unknown = 1;
    for (let depth = 0; depth < 100_000; depth += 1) attribute = [attribute];
    const json = throughText(encodeGraph(selfAttention())) as { nodes: { attributes: Record<string, unknown> }[] };
    (json.nodes[0] ?? { attributes: {} }).attributes.a = attribute;
    const decoded = decodeGraph(json);
    expect('error' in decoded ? decoded.error : 'accepted').toMatch(/nested too deeply$/);
  });
});
