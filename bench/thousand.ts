/** The file that the measures type in. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const GALLERY = resolve('media/gallery/typescript');

/** A line of a module's own kind. */
export const TYPED = '      const softer = q.mul(0.5).softmax(-1);';

/** The same in Python. */
export const PYTHON = { gallery: resolve('media/gallery/pytorch'), typed: '        softer = (0.5 * query).softmax(dim=-1)' } as const;

/** The modules of PyTorch's gallery one after the other, and once more under other names up to a thousand lines. */
export function thousandPythonLines(): string {
  const texts = readdirSync(PYTHON.gallery)
    .filter((name) => name.endsWith('.py') && !/slip/i.test(name))
    .map((name) => readFileSync(join(PYTHON.gallery, name), 'utf8').replace(/^"""[\s\S]*?"""\n/, ''));
  const isImport = /^(?:import|from) .*\n/gm;
  const head = [...new Set(texts.flatMap((text) => text.match(isImport) ?? []))].filter((line) => !/^from (?:\.|dan|inter)/.test(line)).join('');
  const body = texts.map((text) => text.replace(isImport, '').trim()).join('\n\n\n');
  let text = `${head}\n\n${body}\n`;
  for (let copy = 2; text.split('\n').length < 1000; copy += 1) text += `\n\n${body.replace(/^(class|def) (\w+)/gm, `$1 $2Again${copy}`)}\n`;
  const lines = text.split('\n');
  // It ends between two definitions.
  const end = lines.findLastIndex((line, at) => at <= 1000 && /^(?:class|def) /.test(line));
  return lines.slice(0, end).join('\n');
}

/** Where the line goes: before the first that names the scores of `query`. */
export const placeToTypeInPython = (text: string): number => text.lastIndexOf('\n', text.indexOf('energy = ')) + 1;

/** The gallery's modules one after the other, with one import of each name, and once more under other names up to a thousand lines. */
export function thousandLines(): string {
  const texts = readdirSync(GALLERY)
    .filter((name) => name.endsWith('.ts') && !/slip|mistake|helpers/i.test(name))
    .map((name) => readFileSync(join(GALLERY, name), 'utf8'));
  const body = texts.map((text) => text.replace(/^import .*\n/gm, '')).join('\n');
  const helpers = new Set(
    texts.flatMap((text) => [.../^import \{ (.*) \} from '.\/helpers';$/gm[Symbol.matchAll](text)].flatMap(([, names]) => (names ?? '').split(', '))),
  );
  const head = `import * as tf from '@tensorflow/tfjs';\nimport { ${[...helpers].join(', ')} } from './helpers';\n`;
  let text = head + body;
  for (let copy = 2; text.split('\n').length < 1000; copy += 1) text += body.replace(/\b(class|function) (\w+)/g, `$1 $2Again${copy}`);
  return text
    .split('\n')
    .slice(0, Math.max(1000, head.split('\n').length))
    .join('\n');
}

/** Where the line goes: behind the first that names `q`. */
export const placeToType = (text: string): number => text.indexOf('\n', text.indexOf('const q = ')) + 1;
