// Builds every bundle into dist/ and refuses one that holds what it must not: `node esbuild.mjs [--watch] [NAME…]`.
import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { basename, dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';

const NODE = { platform: 'node', format: 'cjs', target: 'node20' };
const WEB = { platform: 'browser', format: 'esm', target: 'es2022', loader: { '.ttf': 'file', '.woff2': 'file' }, assetNames: '[name]' };

/** The parser's module for bundlers asks where it is loaded from, which a CommonJS bundle cannot say. */
const PARSER = { 'web-tree-sitter': './node_modules/web-tree-sitter/web-tree-sitter.cjs' };

/** A file that a bundle loads only when it is needed stays a file of its own beside it: what is not needed is not even looked through. */
const apart = (filter, file) => ({
  name: `${file}-apart`,
  setup(build) {
    build.onResolve({ filter }, () => ({ path: `./${file}.js`, external: true }));
  },
});
const runnerApart = apart(/^\.\/runner$/, 'runner');
const compilerApart = apart(/^\.\/typescript\/index$/, 'typescript');
const LAZY = { 'dynamic-import': false };

/** `tfjs`: may hold tfjs. `limit`: most bytes. Everything else is esbuild's own. */
export const BUNDLES = {
  extension: { entry: 'src/extension/extension.ts', out: 'dist/extension.js', limit: 200_000, options: { ...NODE, external: ['vscode'] } },
  worker: { entry: 'src/worker/node.ts', out: 'dist/worker.js', limit: 3_000_000, options: { ...NODE, plugins: [compilerApart], supported: LAZY } },
  cli: {
    entry: 'src/cli/main.ts',
    out: 'dist/program.js',
    limit: 3_000_000,
    options: { ...NODE, plugins: [runnerApart, compilerApart], supported: LAZY },
  },
  // Starts the program from its compiled code: reading a source as large takes longer than most files do.
  launcher: { entry: 'src/cli/launcher.ts', out: 'dist/cli.js', limit: 10_000, options: { ...NODE, banner: { js: '#!/usr/bin/env node' } } },
  // TypeScript's compiler: most of what there is, and of no use to a Python file.
  typescript: { entry: 'src/frontend/typescript/index.ts', out: 'dist/typescript.js', options: NODE },
  // tfjs's packages say of their modules alone that importing them registers a back end.
  runner: { entry: 'src/cli/runner.ts', out: 'dist/runner.js', tfjs: true, options: { ...NODE, mainFields: ['module', 'main'] } },
  webview: { entry: 'webview/main.ts', out: 'dist/webview/main.js', tfjs: true, options: WEB },
  compare: { entry: 'webview/compare/main.ts', out: 'dist/webview/compare.js', limit: 400_000, options: WEB },
  hostTests: { entry: 'test/host/index.ts', out: 'dist/test/index.js', options: { ...NODE, external: ['vscode', 'mocha'] } },
  style: { entry: 'webview/style.css', out: 'dist/webview/style.css', options: WEB },
};

/** tfjs's wasm back end, and the parser of Python with its grammar, read their programs from beside the bundle. */
const COPIES = [
  'node_modules/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm',
  'node_modules/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
  'node_modules/web-tree-sitter/web-tree-sitter.wasm',
  'node_modules/tree-sitter-python/tree-sitter-python.wasm',
].map((from) => ({ from, to: `dist/wasm/${basename(from)}` }));

const isBuiltin = (path) => path.startsWith('node:') || builtinModules.includes(path.split('/')[0]);

/** What a built bundle holds against the rules, in words; empty where all is well. */
export function violations(name, bundle, metafile) {
  const found = [];
  const outputs = Object.entries(metafile.outputs).filter(([path]) => path.endsWith('.js'));
  const tfjs = Object.keys(metafile.inputs).filter((path) => path.includes('node_modules/@tensorflow/'));
  const imports = outputs.flatMap(([, output]) => output.imports.filter((one) => one.external).map((one) => one.path));
  tfjs.push(...imports.filter((path) => path.startsWith('@tensorflow/')));
  if (!bundle.tfjs && tfjs.length > 0) found.push(`${name}: holds tfjs (${tfjs[0]})`);
  const web = bundle.options.platform === 'browser';
  if (web) for (const path of imports.filter(isBuiltin)) found.push(`${name}: a web bundle imports ${path}`);
  for (const [path, output] of outputs) {
    if (bundle.limit && output.bytes > bundle.limit) found.push(`${path}: ${output.bytes} bytes, more than ${bundle.limit}`);
  }
  return found;
}

function optionsOf(bundle, watch) {
  return {
    entryPoints: [bundle.entry],
    outfile: bundle.out,
    bundle: true,
    metafile: true,
    minify: !watch,
    sourcemap: watch ? 'linked' : false,
    legalComments: 'none',
    logLevel: 'warning',
    alias: PARSER,
    ...bundle.options,
  };
}

const report = (name, bundle) => ({
  name: 'report',
  setup(build) {
    build.onEnd((result) => {
      for (const problem of result.metafile ? violations(name, bundle, result.metafile) : []) console.error(problem);
      console.log(`${name}: ${result.errors.length === 0 ? 'built' : 'failed'}`);
    });
  },
});

async function copyAll() {
  for (const { from, to } of COPIES) {
    await mkdir(dirname(to), { recursive: true });
    await copyFile(from, to);
  }
}

/** Keeps the program as this Node has compiled it after reading a file. */
function compile() {
  const source =
    'import torch\nclass A(torch.nn.Module):\n  def forward(self, x):\n    b, n, c = x.shape\n    return torch.softmax(x @ x.transpose(1, 2), -1) @ x\n';
  const args = ['dist/cli.js', 'check', '--stdin', '--stdin-filename', 'a.py'];
  execFileSync(process.execPath, args, { input: source, env: { ...process.env, ATTENTION_SHAPES_COMPILE: '1' } });
}

async function watchAll(names) {
  for (const name of names) {
    const options = optionsOf(BUNDLES[name], true);
    const context = await esbuild.context({ ...options, plugins: [...(options.plugins ?? []), report(name, BUNDLES[name])] });
    await context.watch();
  }
  console.log('watching');
}

async function buildAll(names) {
  const found = [];
  for (const name of names) {
    const { metafile } = await esbuild.build(optionsOf(BUNDLES[name], false));
    found.push(...violations(name, BUNDLES[name], metafile));
    for (const [path, output] of Object.entries(metafile.outputs)) console.log(`${path.padEnd(28)} ${(output.bytes / 1000).toFixed(0).padStart(7)} kB`);
  }
  return found;
}

async function main(args) {
  const watch = args.includes('--watch');
  const named = args.filter((arg) => !arg.startsWith('--'));
  const unknown = named.filter((name) => !(name in BUNDLES));
  if (unknown.length > 0) throw new Error(`no bundle is called ${unknown.join(', ')}; there are ${Object.keys(BUNDLES).join(', ')}`);
  if (named.length === 0 && !watch) await rm('dist', { recursive: true, force: true });
  const names = named.length > 0 ? named.flatMap((name) => (name === 'cli' ? ['cli', 'launcher'] : [name])) : Object.keys(BUNDLES);
  await copyAll();
  if (watch) return watchAll(names);
  // What was compiled of another source would be taken for this one's where both are as long.
  if (names.includes('cli')) await rm('dist/program.compiled', { force: true });
  const found = await buildAll(names);
  if (names.includes('cli')) compile();
  for (const problem of found) console.error(problem);
  if (found.length > 0) process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  main(process.argv.slice(2)).catch((error) => {
    if (!error.errors) console.error(error.message);
    process.exitCode = 1;
  });
}
