/** The tables against tfjs itself: every name exists, and takes what the table says in that order. */
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { CHAINED } from '../../../src/dialect/tfjs/chained';
import { FUNCTIONS, FUSED, NAMESPACES } from '../../../src/dialect/tfjs/functional/index';
import type { Line } from '../../../src/dialect/tfjs/line';
import { declaredParameters } from './declarations';

const declared = declaredParameters();

/** Aliases and functions that tfjs declares under another name. */
const UNDER: Readonly<Record<string, string>> = { batchNorm: '/batchNorm', lowerBound: '/lowerBound', fromPixelsAsync: '/fromPixelsAsync' };

function parametersOf(folder: string, name: string): readonly string[] | undefined {
  return declared.get(UNDER[name] ?? `${folder}/${name}`) ?? [...declared].find(([key]) => key.endsWith(`/${name}`))?.[1];
}

const names = (line: Line): string[] => line.params.map((param) => param.name).filter((name) => !name.startsWith('__'));

/** The table may leave out what comes after the parameters that it names. */
function check(folder: string, name: string, line: Line): void {
  const parameters = parametersOf(folder, name);
  expect(parameters, `${folder}/${name} is declared`).toBeDefined();
  expect(names(line), name).toEqual((parameters ?? []).slice(0, names(line).length));
}

describe('functions of tf', () => {
  it.each(Object.entries(FUNCTIONS))('%s exists with these parameters', (name, line) => {
    expect(typeof (tf as unknown as Record<string, unknown>)[name]).toBe('function');
    check('', name, line);
  });

  it.each(
    Object.entries(NAMESPACES).flatMap(([space, lines]) => Object.entries(lines).map(([name, line]) => [`${space}.${name}`, space, name, line] as const)),
  )('%s exists with these parameters', (_, space, name, line) => {
    expect(typeof (tf as unknown as Record<string, Record<string, unknown>>)[space]?.[name]).toBe('function');
    check(space, name, line);
  });

  it.each(Object.entries(FUSED))('fused.%s takes these options', (name, line) => {
    const parameters = declared.get(`fused/${{ matMul: 'fusedMatMul', conv2d: 'fusedConv2d', depthwiseConv2d: 'fusedDepthwiseConv2d' }[name] ?? name}`);
    expect([...names(line)].sort()).toEqual([...(parameters ?? [])].sort());
  });

  it('leaves no operation of tfjs out', () => {
    const missing = [...declared]
      .filter(([key]) => key.startsWith('/'))
      .map(([key]) => key.slice(1))
      .filter((name) => typeof (tf as unknown as Record<string, unknown>)[name] === 'function' && FUNCTIONS[name] === undefined);
    expect(missing.sort()).toEqual(['cosineWindow', 'enclosingPowerOfTwo', 'op', 'print']);
  });
});

describe('chained functions', () => {
  it('are those that tensors have', () => {
    const own = new Set(Object.getOwnPropertyNames(tf.Tensor.prototype));
    expect([...CHAINED].filter((name) => !own.has(name))).toEqual([]);
    const functions = [...own].filter((name) => Object.hasOwn(FUNCTIONS, name) && !CHAINED.has(name));
    expect(functions).toEqual(['buffer', 'variable']);
  });
});
