/** Hover, hints and lenses, asked as the editor asks. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { ConfigurationTarget, workspace } from 'vscode';
import { hintsOf, hoverAt, lensesOf } from './asked';
import { find, open, until } from './editor';

/** Sets one of our settings for a while. */
async function withSetting(name: string, value: unknown, action: () => Promise<void>): Promise<void> {
  const configuration = () => workspace.getConfiguration('attentionShapes');
  await configuration().update(name, value, ConfigurationTarget.Workspace);
  try {
    await action();
  } finally {
    await configuration().update(name, undefined, ConfigurationTarget.Workspace);
  }
}

export function readerSuite(): void {
  describe('hover', () => {
    it('says the shape of a name, the operator and the example', async () => {
      const { document } = await open('one/attention.ts');
      const words = await hoverAt(document, 'scores');
      ok(words.includes('b, n, n'), words);
      match(words, /matmul|matMul/);
      match(words, /float32/);
    });

    it('follows an import into another file', async () => {
      const { document } = await open('one/attention.ts');
      const words = await hoverAt(document, 'k = ');
      ok(words.includes('b, n, 32'), words);
    });

    it('says nothing where no tensor is', async () => {
      const { document } = await open('one/attention.ts');
      equal((await hoverAt(document, 'private')).includes('float32'), false);
    });

    it('can be switched off', async () => {
      const { document } = await open('one/attention.ts');
      await withSetting('hover.enabled', false, async () => {
        await until('no hover', async () => !(await hoverAt(document, 'scores')).includes('b, n, n'));
      });
      await until('the hover again', async () => (await hoverAt(document, 'scores')).includes('b, n, n'));
    });
  });

  describe('hints', () => {
    it('stand behind assigned names', async () => {
      const { document } = await open('one/attention.ts');
      const hints = await hintsOf(document);
      ok(hints.get(find(document, 'scores').start.line)?.includes('(b, n, n)'), JSON.stringify([...hints]));
      ok(hints.get(find(document, 'q = ').start.line)?.includes('(b, n, 32)'), JSON.stringify([...hints]));
    });

    it('can be switched off', async () => {
      const { document } = await open('one/attention.ts');
      await withSetting('hints.enabled', false, async () => {
        await until('no hints', async () => (await hintsOf(document)).size === 0);
      });
      await until('the hints again', async () => (await hintsOf(document)).size > 0);
    });
  });

  describe('lenses', () => {
    it('stand above an attention module and run it', async () => {
      const { document } = await open('one/attention.ts');
      const lenses = await lensesOf(document);
      const run = lenses.find(({ command }) => command?.command === 'attentionShapes.run');
      equal(run?.range.start.line, find(document, 'class TokenAttention').start.line);
      match(run?.command?.title ?? '', /Run Attention Block/);
      deepEqual(run?.command?.arguments?.[0]?.module, 'TokenAttention');
    });

    it('say shapes and costs', async () => {
      const { document } = await open('one/attention.ts');
      const words = (await lensesOf(document)).map(({ command }) => command?.title ?? '').join(' ');
      for (const word of [/→/, /map/i, /peak/i, /param/i, /MAC/]) match(words, word);
    });

    it('offer another size', async () => {
      const { document } = await open('one/attention.ts');
      ok((await lensesOf(document)).some(({ command }) => command?.command === 'attentionShapes.changeSizes'));
    });

    it('are not above what has no attention', async () => {
      const { document } = await open('one/weights.ts');
      deepEqual(await lensesOf(document), []);
    });

    it('use the sizes of the settings', async () => {
      const { document } = await open('one/attention.ts');
      const titles = async () => (await lensesOf(document)).map(({ command }) => command?.title ?? '').join(' ');
      await withSetting('sizes', { n: 77 }, async () => {
        await until('the size in a lens', async () => (await titles()).includes('77'));
      });
      await until('the size gone', async () => !(await titles()).includes('77'));
    });
  });
}
