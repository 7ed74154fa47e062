import { describe, expect, it } from 'vitest';
import { createSession, type MakeCore, type Read, sizesFor } from '../../src/analysis/session';
import type { FileAnalysis } from '../../src/analysis/types';
import { cancellable } from '../../src/protocol/channel';
import type { AnalysisOptions } from '../../src/protocol/messages';

const OPTIONS: AnalysisOptions = { sizes: {}, hintStyle: 'short', severities: {}, maxFileBytes: 1000 };
const WAITING = cancellable().cancellation;

function unasked(): never {
  throw new Error('not asked here');
}

/** A core whose hints are the texts that it read: the file's own, then those that it names in lines `import FILE`. */
function echo(onAnalyze?: (file: string) => void): MakeCore {
  const texts = new Map<FileAnalysis, string[]>();
  return (read) => ({
    async analyze(file) {
      onAnalyze?.(file);
      const text = (await read(file)) ?? '(none)';
      const dependencies = [...text.matchAll(/import (\S+)/g)].map(([, name]) => name ?? '');
      const analysis: FileAnalysis = { file, modules: [], diagnostics: [], dependencies };
      texts.set(analysis, [text, ...(await Promise.all(dependencies.map(async (name) => (await read(name)) ?? '(none)')))]);
      return analysis;
    },
    hints: (analysis) => (texts.get(analysis) ?? []).map((label, line) => ({ line, column: 1, label, tooltip: '' })),
    hover: (analysis, line) => ({ span: { file: analysis.file, line, column: 1, endLine: line, endColumn: 2 }, lines: [], born: [] }),
    lenses: () => [],
    forRun: () => unasked(),
    alive: () => [],
    price: () => unasked(),
    ties: () => unasked(),
    curve: () => unasked(),
    largest: () => unasked(),
  });
}

function open(files: { [file: string]: string }, makeCore = echo()) {
  const reads: string[] = [];
  const read: Read = async (file) => {
    reads.push(file);
    return files[file] ?? null;
  };
  const session = createSession(makeCore, read);
  const analyze = async (file: string, cancellation = WAITING) =>
    (await session.analyze({ kind: 'analyze', file, options: OPTIONS }, cancellation)).hints.map((hint) => hint.label);
  return { session, reads, analyze };
}

describe('a session', () => {
  it('reads each file once, until it is told that it changed', async () => {
    const files = { '/a.ts': 'import /b.ts', '/b.ts': 'one' };
    const { session, reads, analyze } = open(files);
    expect(await analyze('/a.ts')).toEqual(['import /b.ts', 'one']);
    files['/b.ts'] = 'two';
    expect(await analyze('/a.ts')).toEqual(['import /b.ts', 'one']);
    await session.changed({ kind: 'changed', file: '/b.ts', text: null }, WAITING);
    expect(await analyze('/a.ts')).toEqual(['import /b.ts', 'two']);
    expect(reads).toEqual(['/a.ts', '/b.ts', '/b.ts']);
  });

  it('takes a text that it is told over the stored one', async () => {
    const { session, reads, analyze } = open({ '/a.ts': 'stored' });
    await session.changed({ kind: 'changed', file: '/a.ts', text: 'typed' }, WAITING);
    expect(await analyze('/a.ts')).toEqual(['typed']);
    expect(reads).toEqual([]);
  });

  it('reads again what changes while it is analysed', async () => {
    const files = { '/a.ts': 'import /b.ts', '/b.ts': 'old' };
    let rounds = 0;
    const { session, analyze } = open(
      files,
      echo(() => {
        rounds += 1;
        if (rounds !== 1) return;
        setTimeout(() => undefined);
        queueMicrotask(() => {
          files['/b.ts'] = 'new';
          void session.changed({ kind: 'changed', file: '/b.ts', text: null }, WAITING);
        });
      }),
    );
    expect(await analyze('/a.ts')).toEqual(['import /b.ts', 'new']);
    expect(rounds).toBe(2);
  });

  it('leaves out what nobody waits for', async () => {
    const analysed: string[] = [];
    const { analyze } = open(
      { '/a.ts': 'a', '/b.ts': 'b' },
      echo((file) => analysed.push(file)),
    );
    const { cancellation, cancel } = cancellable();
    const dropped = analyze('/a.ts', cancellation);
    cancel();
    await expect(dropped).rejects.toThrow('cancelled');
    expect(await analyze('/b.ts')).toEqual(['b']);
    expect(analysed).toEqual(['/b.ts']);
  });

  it('goes on after an analysis that failed', async () => {
    const makeEcho = echo();
    const { analyze } = open({ '/a.ts': 'a' }, (read) => {
      const core = makeEcho(read);
      return { ...core, analyze: (file, options) => (file === '/bad.ts' ? Promise.reject(new Error('broken')) : core.analyze(file, options)) };
    });
    const [bad, good] = await Promise.allSettled([analyze('/bad.ts'), analyze('/a.ts')]);
    expect(bad).toMatchObject({ status: 'rejected', reason: new Error('broken') });
    expect(good).toMatchObject({ status: 'fulfilled', value: ['a'] });
  });

  it('hovers over what it knows alone', async () => {
    const { session, analyze } = open({ '/a.ts': 'a' });
    const hover = { kind: 'hover', file: '/a.ts', line: 3, column: 1 } as const;
    expect(await session.hover(hover, WAITING)).toBeNull();
    await analyze('/a.ts');
    expect(await session.hover(hover, WAITING)).toMatchObject({ span: { line: 3 } });
    await session.forget({ kind: 'forget', file: '/a.ts' }, WAITING);
    expect(await session.hover(hover, WAITING)).toBeNull();
  });

  it('has no graph of a module that is not there', async () => {
    const { session, analyze } = open({ '/a.ts': 'a' });
    await analyze('/a.ts');
    expect(await session.graph({ kind: 'graph', file: '/a.ts', module: 'Attention' }, WAITING)).toBeNull();
  });
});

it('puts the sizes of one module over those of all', () => {
  const options = { ...OPTIONS, sizes: { '*': { b: 1, h: 8 }, Attention: { h: 16 } } };
  expect(sizesFor(options, 'Attention')).toEqual({ b: 1, h: 16 });
  expect(sizesFor(options, 'Other')).toEqual({ b: 1, h: 8 });
});
