/** What is read, and what is said of what is not. */
import { describe, expect, it } from 'vitest';
import { analyzeFile, createAnalyser } from '../../src/analysis/analyze';
import { traceModule } from '../../src/analysis/trace';

async function read(source: string) {
  const project = createAnalyser(async (path) => (path === '/m.js' ? `const tf = require('@tensorflow/tfjs');\n${source}` : undefined));
  const analysis = await analyzeFile('/m.js', project);
  if (!analysis) throw new Error('nothing was read');
  const modules = analysis.modules.map((module) => traceModule(module, false, (file) => file, []));
  return {
    names: modules.map(({ name }) => name),
    outputs: modules.map(({ outputs }) => outputs.map(({ shape }) => JSON.stringify(shape)).join(' ')),
    unknown: modules.flatMap(({ unknown }) => unknown.map(({ line, name, reason }) => `${line} ${name}: ${reason}`)),
    errors: analysis.diagnostics.filter(({ severity }) => severity === 'error').map(({ code, span }) => `${code}@${span.line}`),
    syntax: analysis.diagnostics.filter(({ code }) => code === 'syntax').map(({ span, message }) => `${span.line}: ${message}`),
  };
}

describe('a long chain', () => {
  const chain = (links: number) => `function f(x) { return x${'.add(1)'.repeat(links)}; }`;

  it.each([100, 450])('of %i calls is read', async (links) => {
    expect(await read(chain(links))).toMatchObject({ outputs: ['["b","n","c"]'], errors: [], syntax: [] });
  });

  it('beyond what is read is said, as often as the file is read', async () => {
    const said = ['2: this was not read: the source nests too deeply here'];
    expect((await read(chain(2000))).syntax).toEqual(said);
    expect((await read(chain(2000))).syntax).toEqual(said);
  });

  it('stays one optional chain', async () => {
    const source = 'function f(x) { const o = null; const y = o?.a.b(1)[2].c ?? x.softmax(); return y.add(1); }';
    expect(await read(source)).toMatchObject({ outputs: ['["b","n","c"]'], errors: [] });
  });
});

describe('what may be no tensor', () => {
  it.each([
    [
      'what a function from outside gives',
      'function f(model, x) { const names = model.getNames(); const a = names.slice().concat(["a"]); return tf.add(x, 1); }',
    ],
    [
      'what it gives from a tensor',
      "function f(model, x) { const a = model.run(x.add(1)); a.slice(); a.reverse('a'); a.sum('x').slice(); return tf.add(x, 1); }",
    ],
    ['a list that is sliced', "function f(list, x) { const a = list.slice(1); const b = list.concat(['a']); const c = list.reverse(); return tf.add(x, 1); }"],
    ['a text that is sliced', "function f(name, x) { const a = name.slice(1) + name.concat('b'); return tf.add(x, 1); }"],
  ])('breaks no rule of a tensor: %s', async (_, source) => {
    expect(await read(source)).toMatchObject({ names: ['f'], outputs: ['["b","n","c"]'], errors: [] });
  });

  it.each([
    ['slice(s).softmax()', '["b - s","n","c"]'],
    ['slice([0, 0, 1], [-1, -1, 2])', '["b","n","2"]'],
    ['reverse().softmax()', '["b","n","c"]'],
    ['reverse(1)', '["b","n","c"]'],
  ])('is one where its arguments or what is done with it tell: %s', async (call, output) => {
    expect(await read(`function f(x, s) { return x.${call}; }`)).toMatchObject({ outputs: [output], errors: [] });
  });

  it('is held to the rules where it surely is one', async () => {
    expect(await read('function f(x) { const y = x.softmax(); return y.slice(); }')).toMatchObject({ errors: ['missing-argument@2'] });
  });
});

describe('functions in an object', () => {
  it.each([
    ['module.exports = { attn(x) { return x.softmax(); }, other: (x) => x.add(1) };', ['attn', 'other']],
    ['export const obj = { forward(x) { return x.softmax(); } };', ['obj.forward']],
    ['export default { call: (x) => x.softmax() };', ['call']],
    ['exports.block = { inner: { mix(x) { return x.softmax(); } } };', ['block.inner.mix']],
    ['const obj = { a: class { call(x) { return x.softmax(); } } };', ['a']],
  ])('are modules: %s', async (source, names) => {
    const { names: found, outputs } = await read(source);
    expect(found).toEqual(names);
    expect(outputs).toEqual(names.map(() => '["b","n","c"]'));
  });

  it('are read with the object as their `this`, as the file left it', async () => {
    const source = `const block = { units: 4, project(x) { return tf.layers.dense({ units: this.units }).apply(x); }, forward(x) { return this.project(x).add(this.bias); } };
block.bias = tf.zeros([4]);`;
    expect(await read(source)).toMatchObject({ names: ['block.project', 'block.forward'], outputs: ['["b","n","4"]', '["b","n","4"]'], errors: [] });
  });

  it('are found wrong where they are wrong', async () => {
    const source = 'module.exports = {\n  attn(x) { return tf.matMul(tf.zeros([2, 3]), tf.zeros([4, 5])).add(x); },\n};';
    expect((await read(source)).errors).toEqual(['matmul-mismatch@3']);
  });

  it('that work on no tensor are none', async () => {
    const source = `const config = { epochs: 3, callbacks: { onEpochEnd: (epoch, logs) => console.log(epoch, logs.loss.toFixed(3)), onTrainEnd() { return this.epochs; } } };
module.exports = { config, name: (model) => model.name.slice(1), rows: (rows) => rows.map((row) => row.concat([1])).reverse(), ...config };`;
    expect(await read(source)).toMatchObject({ names: [], errors: [], syntax: [] });
  });
});

describe('a result that is not known', () => {
  it.each([
    [
      'const f = (x, n) => Array.from({ length: n }, () => x.slice([0, 0, 0], [-1, -1, 4])).reduce((a, b) => tf.concat([a, b], -1));',
      '2 return: its shape depends on how many items are reduced: it has n items',
    ],
    ['const f = (x, n) => Array.from({ length: n }, () => x.softmax());', '2 return: it is a list of `n` tensors alike'],
    ['function* f(x) { yield x.softmax(); }', "2 return: a generator's items are not followed"],
    ['function f(x) { while (x.mean().arraySync() > 0) { x = tf.concat([x, x]); } return x; }', '2 return: its shape depends on how often the loop runs'],
  ])('has a reason: %s', async (source, reason) => {
    const { names, unknown, errors } = await read(source);
    expect(names).toEqual(['f']);
    expect(unknown).toContain(reason);
    expect(errors).toEqual([]);
  });

  it('of a loop without an end is told once', async () => {
    const { unknown, names } = await read('function f(x) { while (true) { x = tf.concat([x, x]); } return x; }');
    expect(names).toEqual(['f']);
    expect(unknown.length).toBeLessThan(4);
  });

  it.each([
    ['1e20', 'a size of 100000000000000000000 is more than any tensor has'],
    ['1.5', 'a size of 1.5 is not whole'],
  ])('for a size of %s names what is wrong with it', async (size, words) => {
    const project = createAnalyser(async (path) =>
      path === '/m.js' ? `const tf = require('@tensorflow/tfjs');\nfunction f() { return tf.ones([${size}, 10]); }` : undefined,
    );
    const { diagnostics } = (await analyzeFile('/m.js', project)) ?? { diagnostics: [] };
    expect(diagnostics.map(({ message }) => message)).toEqual([expect.stringContaining(words)]);
  });
});
