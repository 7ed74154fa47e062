// The panel that compares blocks, as it is seen.
import { equal, match } from 'node:assert/strict';
import { until } from '../../scripts/workbench/page.mjs';
import { placeOf } from './modules.mjs';

const FILE = 'selfAttention.py';
const ROW = '.quick-input-list .monaco-list-row';

/** The panel inside its two frames. */
export function comparePanelOf({ page }) {
  const frame = page.locator('iframe.webview.ready').last().contentFrame().locator('iframe#active-frame').contentFrame();
  const row = (name) => frame.locator('compare-table tr[data-block]').filter({ has: frame.locator('.name', { hasText: new RegExp(`^\\s*${name}\\s*$`) }) });
  const figure = async (name, head) => (await row(name).locator(`td[data-head="${head}"]`).innerText({ timeout: 4000 })).trim();
  return {
    frame,
    /** Waits for a figure of a block to be as wanted. */
    figure: (name, head, wanted) =>
      until(`${head} of ${name} to be ${wanted}`, async () => {
        const found = await figure(name, head);
        if (found === wanted) return true;
        throw new Error(`it is ${found}`);
      }),
    field: (name, symbol) => frame.locator('compare-block', { has: frame.locator('h3', { hasText: name }) }).locator(`[data-symbol="${symbol}"] input`),
  };
}

/** Chooses blocks beside the one at the cursor: each by what leaves it alone in the list. */
export async function chooseBlocks(workbench, ...others) {
  const { page } = workbench;
  await workbench.command('Attention Shapes: Compare Attention Blocks');
  const input = page.locator('.quick-input-widget input.input').first();
  for (const [filter, label] of others) {
    const found = page.locator(ROW, { hasText: label }).first();
    await until(`${label} in the list`, async () => {
      await input.fill(filter, { timeout: 4000 });
      return found.isVisible();
    });
    await found.click();
  }
  await until('all of them chosen', async () => (await page.locator('.quick-input-count').first().innerText()).startsWith(String(others.length + 1)));
  await page.keyboard.press('Enter');
}

/** The same workbench, as it was left: with a file to open it would show that alone. */
function withoutFile(url) {
  const address = new URL(url);
  const pairs = JSON.parse(address.searchParams.get('payload') ?? '[]');
  address.searchParams.set('payload', JSON.stringify(pairs.filter(([what]) => what !== 'openFile')));
  return address.href;
}

export function compareSuite({ workbench, pytorch }) {
  const panel = comparePanelOf(workbench);
  const { page } = workbench;
  const place = placeOf(pytorch, FILE, 'class SelfAttention');
  const NAME = 'SelfAttention';
  const MAP = 'Attention map';

  describe('comparing', () => {
    it('prices the block at the cursor beside one of another file, at the same sizes', async () => {
      await workbench.command('View: Close All Editors');
      await workbench.goTo(FILE, place.line);
      await chooseBlocks(workbench, ['danetPosition.py', 'PositionAttention']);
      await panel.figure(NAME, MAP, '32.0 MiB');
      await panel.figure('PositionAttention', MAP, '8.0 MiB');
      await until('both curves', async () => (await panel.frame.locator('compare-chart g[data-curve]').count()) === 2);
    });

    it('follows what is changed of a block', async () => {
      await panel.field(NAME, 'heads').fill('8');
      await panel.figure(NAME, MAP, '64.0 MiB');
      await until('what fits', async () => (await panel.frame.locator('compare-fits .value').count()) === 8);
    });

    it('copies its table as Markdown', async () => {
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await panel.frame.locator('#copy').click();
      const text = await until('the table in the clipboard', async () => {
        const copied = await page.evaluate(() => navigator.clipboard.readText());
        return copied.startsWith('| Block |') && copied;
      });
      match(text, /\| SelfAttention \| 64\.0 MiB \|/);
      match(text, /heads=8 b=2 n=1024/);
    });

    it('follows the code', async () => {
      await workbench.goTo(FILE, place.line, 'class SelfAttention'.length + 1);
      await page.keyboard.type('More');
      const words = () => panel.frame.locator('compare-block attention-notice p').first().innerText({ timeout: 4000 });
      await until('a word of it', async () => (await words()).includes('no longer in this file'));
      await workbench.goTo(FILE, place.line);
      await workbench.command('File: Revert File');
      await panel.figure(NAME, MAP, '64.0 MiB');
    });

    it('comes back when it was hidden', async () => {
      await workbench.clickTab('Compare Attention Blocks');
      await workbench.goTo('cbam.py', 1, 1, 2);
      await workbench.clickTab('Compare Attention Blocks');
      await panel.figure(NAME, MAP, '64.0 MiB');
      equal(await panel.field(NAME, 'heads').inputValue(), '8');
    });

    it('comes back with the window', async () => {
      await page.goto(withoutFile(page.url()));
      await page.locator('.monaco-workbench .part.editor').first().waitFor();
      await workbench.clickTab('Compare Attention Blocks');
      await panel.figure(NAME, MAP, '64.0 MiB');
      await panel.figure('PositionAttention', MAP, '8.0 MiB');
      equal(await panel.field(NAME, 'heads').inputValue(), '8');
      // It is the one panel still: what is added comes to it.
      await workbench.goTo(FILE, place.line);
      await chooseBlocks(workbench, ['danetChannel.py', 'ChannelAttention']);
      await until('the third', async () => (await panel.frame.locator('compare-block').count()) === 3);
      equal(await page.locator('.tab', { hasText: 'Compare Attention Blocks' }).count(), 1);
      await workbench.command('View: Close All Editors');
    });
  });
}
