/** The hover of a module and of a value: what memory costs, where, and where a peak has another formula. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyzeFile, createAnalyser } from '../../src/analysis/analyze';
import { hoverAt } from '../../src/analysis/hover';
import type { FileAnalysis, Hover, View } from '../../src/analysis/types';

const GALLERY = join(import.meta.dirname, '../../media/gallery');
const VIEW: View = { hintStyle: 'short', sizesOf: () => ({}) };

async function read(path: string): Promise<FileAnalysis> {
  const file = join(GALLERY, path);
  const project = createAnalyser(async (name) => (name === file ? readFileSync(file, 'utf8') : undefined), GALLERY);
  return (await analyzeFile(file, project)) ?? expect.fail(path);
}

const POSITION = await read('pytorch/danetPosition.py');
const CHANNEL = await read('pytorch/danetChannel.py');
const SOURCE = readFileSync(join(GALLERY, 'pytorch/danetPosition.py'), 'utf8').split('\n');

function over(analysis: FileAnalysis, name: string): Hover {
  const module = analysis.modules.find((one) => one.name === name) ?? expect.fail(name);
  return hoverAt(analysis, module.span.line, module.span.column, VIEW) ?? expect.fail(name);
}

/** What a link's words lead to. */
function linksOf({ lines, places = [] }: Hover): readonly (readonly [words: string, line: number | undefined])[] {
  return [...lines.join('\n').matchAll(/\[([^\]]*)\]\(place:(\d+)\)/g)].map(([, words = '', place]) => [words, places[Number(place)]?.line] as const);
}

describe('the hover of a class', () => {
  it('leads to each line that it names', () => {
    const hover = over(POSITION, 'PositionAttention');
    const links = linksOf(hover);
    expect(links.length).toBeGreaterThan(5);
    for (const [words, line] of links) expect(words).toBe(`line ${line}`);
    const figures = hover.lines.filter((line) => !line.includes('by default')).join('\n');
    expect(figures.replaceAll(/\[line \d+\]\(place:\d+\)/g, '')).not.toMatch(/line \d/);
  });

  it('has the peak where most is alive, and the pieces where they are made', () => {
    const hover = over(POSITION, 'PositionAttention');
    const [, peak] = linksOf({ ...hover, lines: [hover.lines.join('\n').match(/inference peak, [^|]*/)?.[0] ?? ''] })[0] ?? [];
    expect(SOURCE[(peak ?? 0) - 1]).toContain('self.gamma * attended');
    const alive = hover.lines.find((line) => line.startsWith('Alive at the peak')) ?? '';
    for (const [, name = '', place] of alive.matchAll(/`(\w+)` [^,]*, \[line \d+\]\(place:(\d+)\)/g))
      expect(SOURCE[(hover.places?.[Number(place)]?.line ?? 0) - 1]).toContain(name);
  });

  it('names the largest of what is saved for backward', () => {
    const saved = over(POSITION, 'PositionAttention').lines.find((line) => line.startsWith('Saved for backward')) ?? '';
    expect(saved).toMatch(/^Saved for backward: `attention` 288\u00a0KiB, \[line \d+\]/);
    expect(saved).toMatch(/· \d more$/);
  });

  it('says where a peak has another formula, shortly', () => {
    const lines = over(CHANNEL, 'ChannelAttention').lines;
    expect(lines.find((line) => line.startsWith('Inference peak'))).toMatch(
      /^Inference peak as above while n ≥ 22 \(3·n ≥ c\) · n ≤ 21: `4·b·c·n \+ 12·b·c² \+ 4·b·c`, \[line 29\]\(place:\d+\)$/,
    );
  });

  it('says nothing of it where one formula goes for all', () => {
    expect(over(POSITION, 'PositionAttention').lines.some((line) => line.startsWith('Inference peak'))).toBe(false);
  });
});

describe('a formula of many terms', () => {
  const NAMES = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta', 'eta', 'theta'];
  const SUMS = NAMES.map((name) => `    ${name}_map = (${name} @ ${name}.transpose(0, 1)).softmax(-1)`).join('\n');
  const SHAPES = NAMES.map((name) => `    ${name}_rows, ${name}_columns = ${name}.shape\n`).join('');
  const source = `import torch\n\n\ndef maps(${NAMES.join(', ')}):\n${SHAPES}${SUMS}\n    return ${NAMES.map((name) => `${name}_map`).join(', ')}\n`;

  it('ends after a whole term where it is longer than a cell', async () => {
    const analysis = await analyzeFile(
      '/maps.py',
      createAnalyser(async (name) => (name === '/maps.py' ? source : undefined)),
    );
    const row =
      over(analysis ?? expect.fail(), 'maps')
        .lines.join('\n')
        .match(/inference peak.*/)?.[0] ?? '';
    expect(row).toMatch(/\| `(\d+·[a-z_]+(·[a-z_]+|²) \+ ){3,}…` \|$/);
  });
});

describe('the hover of a value', () => {
  it('leads to the lines between which it is alive', () => {
    const line = SOURCE.findIndex((text) => text.includes('attention = ')) + 1;
    const hover = hoverAt(POSITION, line, (SOURCE[line - 1] ?? '').indexOf('attention') + 1, VIEW) ?? expect.fail();
    expect(hover.lines.find((text) => text.startsWith('Alive'))).toMatch(/^Alive from \[line \d+\]\(place:0\) to (\[line \d+\]\(place:1\)|the end)$/);
    expect(hover.places?.[0]?.line).toBe(line);
  });
});
