/** Every finding has words of its own, and small broken programs show what they say. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyzeFile, createAnalyser } from '../../src/analysis/analyze';
import { DESCRIPTIONS } from '../../src/analysis/words/descriptions';
import { ENGLISH } from '../../src/analysis/words/english';
import { CODES } from '../../src/interpret/judging/words';

const SOURCES = path.join(import.meta.dirname, '../../src');

/** The program is the body of `f`, over tensors of one to five axes and one weight. */
const program = (body: string): string => `import * as tf from '@tensorflow/tfjs';
export function f(x: tf.Tensor3D, m: tf.Tensor4D, s: tf.Tensor2D, units = 64) {
  const [b, n, c] = x.shape;
  const [mb, h, w, mc] = m.shape;
  ${body}
}
`;

async function said(text: string): Promise<readonly { readonly key: string; readonly message: string }[]> {
  const analysis = await analyzeFile(
    '/words.ts',
    createAnalyser(async (file) => (file === '/words.ts' ? text : undefined)),
  );
  return (analysis?.diagnostics ?? []).filter(({ code }) => code !== 'needs').map(({ words, message }) => ({ key: words.code, message }));
}

const BROKEN: readonly (readonly [body: string, key: string, message: string])[] = [
  ['return tf.matMul(tf.ones([2, 3]), tf.ones([4, 5]));', 'matmul-mismatch.equal', '`tf.matMul` of (2, 3) · (4, 5): the inner sizes 3 and 4 differ'],
  [
    'return tf.matMul(tf.ones([2, 3]), tf.ones([5, 3]));',
    'matmul-mismatch.equal',
    '`tf.matMul` of (2, 3) · (5, 3): the inner sizes 3 and 5 differ; with the second operand transposed they would meet',
  ],
  [
    'return tf.matMul(x, x);',
    'matmul-mismatch.equal.coincidence',
    '`tf.matMul` of (b, n, c) · (b, n, c): the inner sizes are c and n, so it runs only where c happens to equal n; with the second operand transposed they would meet',
  ],
  ['return tf.matMul(tf.ones([2, 3, 4]), tf.ones([5, 4, 3]));', 'batch-mismatch.equal', '`tf.matMul` of (2, 3, 4) · (5, 4, 3): the batch sizes 2 and 5 differ'],
  ['return tf.add(tf.ones([2, 3]), tf.ones([2, 4]));', 'broadcast-mismatch.equal', '`tf.add` of (2, 3) and (2, 4): 3 and 4 meet on one axis, and neither is 1'],
  [
    'return x.add(x.transpose([0, 2, 1]));',
    'broadcast-mismatch.equal.coincidence',
    '`x.add` of (b, n, c) and (b, c, n): n and c meet on one axis, so it runs only where n happens to equal c',
  ],
  ['return tf.ones([4, 6]).reshape([5, 5]);', 'reshape-mismatch.equal', "`reshape` of (4, 6) to (5, 5): the number of elements is 24, the target's 25"],
  ['return tf.ones([4, 6]).reshape([5, -1]);', 'reshape-mismatch.divides', '`reshape` of (4, 6) to (5, -1): the number of elements, 24, does not divide by 5'],
  [
    'return x.reshape([b, n]);',
    'reshape-mismatch.equal.coincidence',
    "`x.reshape` of (b, n, c) to (b, n): the number of elements is b*c*n, the target's b*n, so it runs only where c happens to equal 1",
  ],
  [
    "return tf.conv2d(m, tf.ones([3, 3, 3, 8]) as tf.Tensor4D, 1, 'same').conv2d(tf.ones([3, 3, 4, 8]) as tf.Tensor4D, 1, 'same');",
    'channels-mismatch.equal',
    '`conv2d` of (mb, h, w, 8): the input has 8 channels, the weights (3, 3, 4, 8) take 4',
  ],
  [
    'return tf.layers.dense({ units: 4 }).apply(tf.ones([2]));',
    'layer-rank',
    '`tf.layers.dense(…).apply`: a Dense layer takes a tensor of rank at least 2, and is given rank 1',
  ],
  [
    'return tf.concat([tf.ones([2, 3]), tf.ones([4, 5])], 0);',
    'concat-mismatch.equal',
    '`tf.concat` of (2, 3) and (4, 5): 3 and 5 differ on an axis that is not joined',
  ],
  [
    'return tf.concat([x, x.mean(1, true)], 2);',
    'concat-mismatch.equal.coincidence',
    '`tf.concat` of (b, n, c) and (b, 1, c): n and 1 meet on an axis that is not joined, so it runs only where n happens to equal 1',
  ],
  [
    'return tf.stack([tf.ones([2, 3]), tf.ones([2, 4])]);',
    'stack-mismatch.equal',
    '`tf.stack` of (2, 3) and (2, 4): stacked tensors have one shape, but 3 and 4 differ',
  ],
  [
    'return tf.stack([x, x.transpose([0, 2, 1])]);',
    'stack-mismatch.equal.coincidence',
    '`tf.stack` of (b, n, c) and (b, c, n): stacked tensors have one shape, so it runs only where n happens to equal c',
  ],
  ['return tf.split(tf.ones([2, 7]), 2, 1);', 'split-mismatch.divides', '`tf.split` of (2, 7): 7 cannot be cut into 2 equal parts'],
  ['return tf.split(tf.ones([2, 7]), [3, 5], 1);', 'split-mismatch.equal', '`tf.split` of (2, 7): the parts add up to 8, the axis has 7'],
  ['return tf.slice(tf.ones([4, 6]), [0, 3], [4, 5]);', 'slice-out-of-range.atMost', '`tf.slice` of (4, 6): it reaches to 8, the axis ends at 6'],
  [
    "return tf.avgPool(tf.ones([1, 4, 4, 2]) as tf.Tensor4D, 5, 1, 'valid');",
    'window-too-large.atMost',
    '`tf.avgPool` of (1, 4, 4, 2): a window of 5 does not fit into 4',
  ],
  [
    "return tf.einsum('ij,jk->ik', tf.ones([2, 3]), tf.ones([4, 5]));",
    'einsum-mismatch.equal',
    '`tf.einsum` of (2, 3) and (4, 5): one letter stands for 3 and for 4',
  ],
  [
    "return tf.einsum('bij,bij->b', x, x.transpose([0, 2, 1]));",
    'einsum-mismatch.equal.coincidence',
    '`tf.einsum` of (b, n, c) and (b, c, n): one letter stands for n and for c, so it runs only where n happens to equal c',
  ],
  ["return tf.einsum('ij->ik', tf.ones([2, 3]));", 'einsum-mismatch.rule', '`tf.einsum` of (2, 3), "ij->ik": label "k" stands in no operand'],
  ["return tf.gather(tf.ones([4, 6]), tf.ones([2], 'int32'), 5);", 'axis-out-of-range.rule', '`tf.gather` of (4, 6), (2): there is no axis 5, it has 2'],
  ['return tf.squeeze(tf.ones([2, 3]), [1]);', 'shape-mismatch.equal', '`tf.squeeze` of (2, 3): the sizes 3 and 1 differ'],
  ['return tf.broadcastTo(tf.ones([2, 3]), [2, 4]);', 'shape-mismatch.equal', '`tf.broadcastTo` of (2, 3): the sizes 3 and 4 differ'],
  ['return x.sum(3);', 'axis-out-of-range.rule', '`x.sum` of (b, n, c): there is no axis 3, it has 3'],
  ['return x.transpose([0, 2]);', 'permutation-mismatch.rule', '`x.transpose` of (b, n, c): the permutation 0, 2 does not name each of 3 axes once'],
  ['return x.reshape([-1, -1]);', 'bad-argument.rule', '`x.reshape` of (b, n, c) to (-1, -1): 2 sizes are -1: one may be'],
  [
    "return tf.conv2d(m, tf.ones([3, 3, 3, 8]) as tf.Tensor4D, 2, 'same', 'NHWC', 2);",
    'bad-argument.rule',
    '`tf.conv2d` of (mb, h, w, mc), (3, 3, 3, 8): either strides or dilations must be 1',
  ],
  ['return tf.gather(x, tf.ones([2]));', 'dtype-mismatch.rule', '`tf.gather` of (b, n, c), (2): float32 is given, int32 is wanted'],
  ['const [p, q, r, t] = x.shape; return tf.ones([p, q, r, t]);', 'unpack-mismatch', '4 names take apart (b, n, c), which has 3'],
  ['x.add(1); return x;', 'unused-result', 'the result of `x.add` is dropped: it returns a new tensor and changes nothing in place'],
  ['return tf.matMul(x as never);', 'missing-argument', '`tf.matMul` lacks its argument `b`'],
  [
    'return tf.losses.absoluteDifference(tf.ones([2, 3]), tf.ones([3, 2]));',
    'same-shape',
    '`tf.losses.absoluteDifference` wants equal shapes, and is given (2, 3) and (3, 2): nothing broadcasts here',
  ],
  [
    'return s.matMul(tf.tensor2d([1, 2, 3, 4, 5], [2, 3]));',
    'tensor-elements',
    '`tf.tensor2d` of shape (2, 3) is given values of shape (5): the number of elements differs',
  ],
  ['return tf.image.grayscaleToRGB(tf.ones([1, 4, 4, 2]) as never);', 'grayscale', '`tf.image.grayscaleToRGB` wants a last axis of 1, and is given 2'],
  ['return tf.softmax(x.mean(-1, true));', 'softmax-single', '`tf.softmax` of (b, n, 1) runs over an axis of size 1: every weight is 1'],
  ['return [x.relu(), tf.layers.add().apply([x])];', 'merge-inputs', '`tf.layers.add(…).apply` merges at least 2 tensors, and is given 1'],
  [
    'return tf.layers.conv2d({ filters: 8, kernelSize: 3 }).apply(x);',
    'layer-rank',
    '`tf.layers.conv2d(…).apply`: a Conv2D layer takes a tensor of rank 4, and is given rank 3',
  ],
  ["return tf.layers.dense({ units: 4, activation: 'swoosh' as 'relu' }).apply(x);", 'activation', '`tf.layers.dense`: tfjs has no activation `swoosh`'],
  [
    'const i = tf.input({ shape: [4] }); return tf.relu(i as never);',
    'symbolic-tensor',
    '`tf.relu` is given a symbolic tensor for `x`: only layers apply to it',
  ],
  [
    "return tf.gatherND(tf.ones([4, 6]), tf.ones([2, 3], 'int32')).add(1);",
    'rank-mismatch.rule',
    '`tf.gatherND` of (4, 6), (2, 3): 3 axes are wanted, 2 given',
  ],
  ["return tf.gatherND(tf.ones([4, 6]), tf.ones([2, 3], 'int32'));", 'rank-mismatch.rule', '`tf.gatherND` of (4, 6), (2, 3): 3 axes are wanted, 2 given'],
  ["return tf.scatterND(tf.ones([2, 1], 'int32'), tf.ones([3]), [8]);", 'index-mismatch.equal', '`tf.scatterND` of (3): the indices do not fit, 3 and 2'],
  [
    "return tf.separableConv2d(m, tf.ones([3, 3, 4, 1]) as never, tf.ones([1, 1, 5, 8]) as never, 1, 'same');",
    'channels-mismatch.equal',
    '`tf.separableConv2d` of (mb, h, w, 4): the input has 4 channels, the weights (1, 1, 5, 8) take 5',
  ],
  [
    "return tf.depthwiseConv2d(tf.ones([1, 8, 8, 4]) as never, tf.ones([3, 3, 5, 1]) as never, 1, 'same');",
    'channels-mismatch.equal',
    '`tf.depthwiseConv2d` of (1, 8, 8, 4): the input has 4 channels, the weights (3, 3, 5, 1) take 5',
  ],
  [
    'return tf.batchNorm(tf.ones([2, 3]), tf.ones([4]), tf.ones([4]));',
    'channels-mismatch.equal',
    '`tf.batchNorm` of (2, 3): the input has 3 channels, the weights (4) take 4',
  ],
  [
    "return tf.where(tf.ones([2, 3], 'bool'), tf.ones([2, 3]), tf.ones([2, 4]));",
    'broadcast-mismatch.equal',
    '`tf.where` of (2, 3) and (2, 4): 3 and 4 meet on one axis, and neither is 1',
  ],
  ['return tf.topk(tf.ones([3]), 5);', 'slice-out-of-range.atMost', '`tf.topk` of (3): it reaches to 5, the axis ends at 3'],
  ['return tf.dot(tf.ones([3]), tf.ones([4]));', 'matmul-mismatch.equal', '`tf.dot` of (3) · (4): the inner sizes 3 and 4 differ'],
  ['return tf.pad(x, [[0, 0]]);', 'rank-mismatch.rule', '`tf.pad` of (b, n, c): 1 axes are wanted, 3 given'],
  ['return tf.tile(x, [2]);', 'rank-mismatch.rule', '`tf.tile` of (b, n, c): 1 axes are wanted, 3 given'],
  ["return tf.oneHot(tf.ones([3], 'int32'), 1);", 'bad-argument.rule', '`tf.oneHot` of (3): a depth of 1: 2 is the least'],
  ['return tf.linspace(0, 1, 0);', 'bad-argument.rule', '`tf.linspace`: a count of 0'],
  ['return tf.zeros([-1, 3]);', 'bad-argument.rule', '`tf.zeros` to (-1, 3): a size of -1'],
  [
    'return tf.layers.concatenate({ axis: 1 }).apply([tf.ones([2, 3, 4]), tf.ones([2, 3, 5])]);',
    'concat-mismatch.equal',
    '`tf.layers.concatenate(…).apply` of (2, 3, 4) and (2, 3, 5): 4 and 5 differ on an axis that is not joined',
  ],
  [
    'return tf.layers.multiply().apply([tf.ones([2, 3, 4]), tf.ones([2, 3, 5])]);',
    'broadcast-mismatch.equal',
    '`tf.layers.multiply(…).apply` of (2, 3, 4) and (2, 3, 5): 4 and 5 meet on one axis, and neither is 1',
  ],
  [
    'return tf.layers.reshape({ targetShape: [5, 5] }).apply(tf.ones([2, 3, 4]));',
    'reshape-mismatch.equal',
    "`tf.layers.reshape(…).apply` of (2, 3, 4) to (2, 5, 5): the number of elements is 24, the target's 50",
  ],
  [
    'return tf.layers.dot({ axes: 1 }).apply([tf.ones([2, 3]), tf.ones([2, 4])]);',
    'broadcast-mismatch.equal',
    '`tf.layers.dot(…).apply` of (2, 3) and (2, 4): 3 and 4 meet on one axis, and neither is 1',
  ],
  ['return [x.relu(), tf.range(5 as never, undefined as never)];', 'range-empty', '`tf.range` without an end is empty: it takes a start and an end'],
  [
    'const l = tf.layers.dense({ units: 4 }); l.apply(x); return tf.matMul(x, l.weights[0] as never);',
    'layer-variable',
    "`tf.matMul` is given a layer's variable for `b`: call its `read()`",
  ],
  ['return x.reshape([b, n, units / 7]);', 'defaults-break', '`x.reshape` of (b, n, c) needs units % 7 == 0, and the defaults break it: units = 64'],
  ['return tf.split(x, [3, 4], 2).concat(tf.split(x, [3, 5], 2));', 'split-mismatch.equal', '`tf.split` of (b, n, 7): the parts add up to 8, the axis has 7'],
  [
    'return tf.matMul(tf.concat([x, x], 0), x, false, true);',
    'batch-mismatch.equal',
    '`tf.matMul` of (2*b, n, c) · (b, n, c)ᵀ: the batch sizes 2*b and b differ',
  ],
  ['return tf.concat([tf.ones([2, 3]), tf.ones([2])]);', 'rank-mismatch.rule', '`tf.concat` of (2, 3), (2): 2 axes are wanted, 1 given'],
  ["return s.matMul(tf.ones([2, 3]), 5 as never).sum('a' as never);", 'argument-type', '`sum` wants a whole number for `axis`'],
  ["return tf.stack([x, 'text' as never]);", 'rank-mismatch.rule', '`tf.stack` of (b, n, c), (): 3 axes are wanted, 0 given'],
  [
    'return tf.zeros([units, 4]).matMul(tf.zeros([32, 4]), true);',
    'defaults-break',
    '`matMul` of (units, 4) and (32, 4) needs units == 32, and the defaults break it: units = 64',
  ],
];

describe('words', () => {
  it.each(BROKEN)('%s', async (body, key, message) => {
    expect(await said(program(body))).toEqual([{ key, message }]);
  });

  const has = (code: string): boolean => Object.keys(ENGLISH).some((key) => key === code || key.startsWith(`${code}.`));

  it('stand for every sort of mismatch that an operator can tell', () => {
    expect(Object.values(CODES).filter((code) => !has(code))).toEqual([]);
  });

  it('stand for every code that the sources name', () => {
    const codes = sourcesUnder(SOURCES, ['dialect', 'interpret', 'analysis']).flatMap((text) => [
      ...[...text.matchAll(/report\(\{ code: '([\w-]+)'/g)].map((found) => found[1] ?? ''),
      ...[...text.matchAll(/require\('(?:==|divides)'[^;]*?, '([a-z-]+)', /g)].map((found) => found[1] ?? ''),
      ...[...text.matchAll(/words = \{ code: '([\w-]+)'/g)].map((found) => found[1] ?? ''),
    ]);
    expect(codes.length).toBeGreaterThan(15);
    expect([...new Set(codes)].filter((code) => !has(code))).toEqual([]);
  });

  it('go with a description of each code, and of nothing else', () => {
    const related = (code: string) => code === 'need' || code.startsWith('born-');
    const codes = new Set(Object.keys(ENGLISH).map((key) => key.split('.')[0] ?? key));
    expect(Object.keys(DESCRIPTIONS).sort()).toEqual([...codes].filter((code) => !related(code)).sort());
    expect(Object.values(DESCRIPTIONS).filter((text) => !/^[A-Z`].*[^.]\.$/.test(text))).toEqual([]);
  });

  it('say what a module needs without repeating the code', async () => {
    const module = `import * as tf from '@tensorflow/tfjs';\nexport const f = (x: tf.Tensor2D, y: tf.Tensor2D) => tf.matMul(x, y);\n`;
    const analysis = await analyzeFile(
      '/needs.ts',
      createAnalyser(async (file) => (file === '/needs.ts' ? module : undefined)),
    );
    expect(analysis?.diagnostics.filter(({ code }) => code === 'needs').map(({ message }) => message)).toEqual([
      expect.stringMatching(/^it runs only where \w+ == \w+$/),
    ]);
  });

  it('have no holes, and end without a full stop', () => {
    const args = new Proxy({}, { get: (_, name) => (name === 'fits' ? '' : `<${String(name)}>`), ownKeys: () => [] });
    const texts = Object.values(ENGLISH).map((words) => words(args));
    expect(texts.filter((text) => /undefined|\.$|\s{2}/.test(text))).toEqual([]);
  });
});

function sourcesUnder(folder: string, rooms: readonly string[]): readonly string[] {
  return rooms.flatMap((room) => {
    const files = readdirSync(path.join(folder, room), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    return files.map((file) => readFileSync(path.join(folder, room, file), 'utf8'));
  });
}
