import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { BUNDLES, violations } from '../../esbuild.mjs';

/** Bundles a text as the named bundle would be, in memory, and says what it holds against the rules. */
async function check(name, contents, options = {}) {
  const bundle = BUNDLES[name];
  const stdin = { contents, resolveDir: '.', loader: 'ts' };
  const { metafile } = await build({
    logLevel: 'silent',
    outfile: bundle.out,
    ...bundle.options,
    stdin,
    bundle: true,
    metafile: true,
    write: false,
    ...options,
  });
  return violations(name, bundle, metafile);
}

const TFJS = "import * as tf from '@tensorflow/tfjs-core'; console.log(tf.add);";

it.each(['extension', 'worker', 'cli'])('refuses tfjs in the %s bundle', async (name) => {
  expect(await check(name, TFJS)).toContainEqual(expect.stringMatching(`^${name}: holds tfjs`));
});

it('refuses tfjs that is left to be loaded later', async () => {
  expect(await check('worker', TFJS, { external: ['@tensorflow/*'] })).toEqual(['worker: holds tfjs (@tensorflow/tfjs-core)']);
});

it.each(['runner', 'webview'])('lets the %s bundle hold tfjs', async (name) => {
  expect(await check(name, TFJS)).toEqual([]);
});

it('lets every bundle name its types', async () => {
  expect(await check('extension', "import type * as tf from '@tensorflow/tfjs-core'; export const f = (x: tf.Tensor) => x;")).toEqual([]);
});

it.each(['node:fs', 'fs', 'fs/promises'])('refuses %s in a web bundle', async (path) => {
  expect(await check('webview', `import * as fs from '${path}'; console.log(fs);`, { external: [path] })).toEqual([`webview: a web bundle imports ${path}`]);
});

it('refuses a host bundle that is too large', async () => {
  expect(await check('extension', `console.log('${'x'.repeat(200_000)}');`)).toEqual([
    expect.stringMatching(/^dist\/extension\.js: \d+ bytes, more than 200000$/),
  ]);
});
