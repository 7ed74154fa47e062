/** A file's readings share a bound of steps: what it leaves no room for is unknown, and says so. */
import { describe, expect, it } from 'vitest';
import { analyzeFile, createAnalyser } from '../../src/analysis/analyze';
import { surroundingsOf } from '../../src/analysis/surroundings';
import { readModule } from '../../src/interpret/index';
import { loadProgram } from '../../src/project/index';

const LOOP = `import torch

def endless(x):
    b, n, c = x.shape
    x = x.reshape(b, c, n)
    total = 0
    for i in range(3000):
        for j in range(3000):
            total = total + i * j
    return x.reshape(b, n * c)

def short(x):
    b, n, c = x.shape
    return x.reshape(b, n * c)
`;

const analyser = (text: string) => createAnalyser(async (path) => (path === '/m.py' ? text : undefined));

describe('a file that takes too many steps', () => {
  it('is unknown where it does, with the reason, and known elsewhere', async () => {
    const analysis = await analyzeFile('/m.py', analyser(LOOP));
    const outputs = new Map(analysis?.modules.map(({ name, graph }) => [name, graph.outputs[0]]));
    expect(outputs.get('endless')).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('steps') });
    expect(outputs.get('short')).toMatchObject({ kind: 'tensor' });
    expect(analysis?.diagnostics.filter(({ severity }) => severity === 'error' || severity === 'warning')).toEqual([]);
  });

  it('takes from what all of its readings have together', async () => {
    const program = await loadProgram('/m.py', analyser(LOOP));
    const source = program.module('/m.py');
    const [, , second] = source?.body ?? [];
    if (!source || second?.kind !== 'functionDefinition') throw new Error('no function');
    const read = (left: number) => {
      const meter = { left };
      const target = { kind: 'function', definition: second.definition } as const;
      const reading = readModule({ program, surroundings: surroundingsOf('python'), source, target, bindings: { training: false }, meter });
      return { reading, meter };
    };
    const whole = read(10_000);
    expect(whole.reading.stopped).toBeUndefined();
    expect(whole.meter.left).toBeLessThan(10_000);
    expect(read(2).reading.stopped).toMatch(/steps/);
    expect(read(-5).reading.stopped).toMatch(/steps/);
  });
});
