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
