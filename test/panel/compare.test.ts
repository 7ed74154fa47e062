import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser } from '../../scripts/workbench/browser.mjs';
import { makeCore } from '../../src/analysis/core';
import { createSession, type Session } from '../../src/analysis/session';
import { cancellable } from '../../src/protocol/channel';
import type { FromCompare, NewBlock, ToCompare } from '../../src/protocol/compareMessages';
import { type PanelServer, servePanel } from './server';

const OPTIONS = { sizes: {}, hintStyle: 'short', severities: {}, maxFileBytes: 1e6 } as const;
const WAITING = cancellable().cancellation;
const gallery = (file: string, module: string): NewBlock => ({ file: join(process.cwd(), 'media', 'gallery', file), module, precision: 'float32' });

const SELF = gallery('pytorch/selfAttention.py', 'SelfAttention');
const PATCHES = gallery('pytorch/pvtSpatialReduction.py', 'SpatialReductionAttention');
const POSITION = gallery('pytorch/danetPosition.py', 'PositionAttention');
const CHANNEL = gallery('pytorch/danetChannel.py', 'ChannelAttention');
const IN_TFJS = gallery('typescript/selfAttention.ts', 'SelfAttention');

const WINDOWS: NewBlock = { file: '/windows.py', module: 'Windows', precision: 'float32' };
const WINDOWS_SOURCE = `from torch import nn


class Windows(nn.Module):
    def __init__(self, window=7):
        super().__init__()
        self.window = window

    def forward(self, x):
        b, c, h, w = x.shape
        s = self.window
        x = x.view(b, c, h // s, s, w // s, s).permute(0, 2, 4, 3, 5, 1).reshape(-1, s * s, c)
        return (x @ x.transpose(1, 2)).softmax(-1) @ x
`;

type Price = Extract<FromCompare, { kind: 'price' }>;

let browser: Browser;
let server: PanelServer;
let session: Session;
let page: Page;
/** What the host does with a question: by default it asks the worker's session. */
let host: (question: Price) => Promise<ToCompare | undefined>;
/** What the panel said, over all its pages. */
let said: FromCompare[];

const tell = (message: ToCompare) => page.evaluate((text) => window.postMessage(JSON.parse(text), '*'), JSON.stringify(message));

async function priced({ id, file, module, setting, sweep, fits }: Price): Promise<ToCompare> {
  const found = await session.price({ kind: 'price', file, module, options: OPTIONS, setting, ...(sweep && { sweep }), ...(fits && { fits }) }, WAITING);
  return found ? { kind: 'priced', id, priced: found } : { kind: 'unpriced', id, reason: `${module} is no longer in this file.`, passing: false };
}

async function received(message: FromCompare): Promise<void> {
  said.push(message);
  if (message.kind === 'ready') await tell({ kind: 'words', words: {} });
  if (message.kind !== 'price') return;
  const answer = await host(message);
  if (answer) await tell(answer);
}

beforeAll(async () => {
  session = createSession(makeCore, async (file) => (file === WINDOWS.file ? WINDOWS_SOURCE : readFile(file, 'utf8').catch(() => null)));
  [browser, server] = await Promise.all([launchBrowser(), servePanel('webview/compare/main.ts')]);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  server?.close();
});

beforeEach(async () => {
  [said, host] = [[], priced];
  page = await browser.newPage({ viewport: { width: 900, height: 900 } });
  await page.exposeFunction('asked', received);
});

/** Whatever a test did, the policy stopped nothing and the page did not fail. */
afterEach(async () => {
  const stopped = await page.evaluate(() => (window as unknown as { stopped: string[] }).stopped);
  await page.close();
  expect(stopped).toEqual([]);
  expect(said.filter(({ kind }) => kind === 'log')).toEqual([]);
});

const blockAt = (at: number) => page.locator('compare-block').nth(at);
const field = (at: number, symbol: string) => blockAt(at).locator(`[data-symbol="${symbol}"] input`);
const cells = (at: number) => page.locator('compare-table tr[data-block]').nth(at).locator('td');
const cell = (at: number, head: string) => page.locator('compare-table tr[data-block]').nth(at).locator(`td[data-head="${head}"]`);
const curves = () => page.locator('compare-chart g[data-curve]');

/** Waits until what is read is as wanted: the panel asks after pauses, and a busy machine takes its time. */
const soon = (read: () => Promise<unknown>) => expect.poll(read, { timeout: 40_000, interval: 50 });

async function open(...blocks: NewBlock[]): Promise<void> {
  await page.goto(server.url);
  await soon(async () => said.some(({ kind }) => kind === 'ready')).toBe(true);
  await tell({ kind: 'add', blocks });
  await soon(() => page.locator('compare-table .value').count()).toBeGreaterThan(0);
}

const selectOption = async (select: ReturnType<Page['locator']>, text: string): Promise<void> => {
  await select.click();
  await select
    .locator('li')
    .filter({ hasText: new RegExp(`^\\s*${text}\\s*$`) })
    .click();
};

describe('the panel that compares', () => {
  it('puts several blocks at the same places and prices them', async () => {
    await open(SELF, PATCHES, POSITION);
    await soon(() => cell(2, 'Attention map').innerText()).toBe('8.0 MiB');
    expect(await Promise.all([field(0, 'n'), field(1, 'n'), field(1, 'h'), field(2, 'h'), field(2, 'w')].map((each) => each.inputValue()))).toEqual([
      '1024',
      '1024',
      '32',
      '32',
      '32',
    ]);
    // b·heads·n² numbers of four bytes, and with patches of 4 by 4 a sixteenth as many keys.
    expect(await cell(0, 'Attention map').innerText()).toBe('32.0 MiB');
    expect(await cell(1, 'Attention map').innerText()).toBe('1.0 MiB');
    expect(await cells(0).count()).toBe(6);
    await soon(() => curves().count()).toBe(3);
    await soon(() => page.locator('compare-fits .value').count()).toBeGreaterThanOrEqual(10);
  });

  it('puts a block of windows at the nearest image that they divide: its own arguments stay', async () => {
    await open(SELF, gallery('pytorch/interlaced.py', 'ShortRangeAttention'), WINDOWS);
    const shown = () => Promise.all([field(1, 'rows'), field(1, 'h'), field(2, 'window'), field(2, 'h'), field(2, 'w')].map((each) => each.inputValue()));
    await soon(shown).toEqual(['8', '32', '7', '35', '35']);
  });

  it('shows one block as the editor does, and follows what is changed of it', async () => {
    await open(SELF);
    await soon(() => cell(0, 'Attention map').innerText()).toBe('18.0 KiB');
    await field(0, 'heads').fill('8');
    await soon(() => cell(0, 'Attention map').innerText()).toBe('36.0 KiB');
    await field(0, 'dim').fill('128');
    await soon(() => cell(0, 'Parameters').innerText()).toBe('65.7 k');
    await selectOption(blockAt(0).locator('[data-setting="precision"]'), 'float16');
    await soon(() => cell(0, 'Attention map').innerText()).toBe('18.0 KiB');
    await selectOption(blockAt(0).locator('[data-setting="attention"]'), 'attention fused');
    await soon(() => cell(0, 'Attention map').innerText()).toBe('0 B');
    await blockAt(0).locator('button[data-action="reset"]').click();
    await soon(() => field(0, 'heads').inputValue()).toBe('4');
  });

  it('says which need a setting breaks, and has no figures for it', async () => {
    await open(SELF);
    await soon(() => field(0, 'dim').inputValue()).toBe('64');
    await field(0, 'heads').fill('5');
    await soon(() => blockAt(0).locator('attention-notice p').innerText()).toContain('dim % heads == 0');
    expect(await cell(0, 'Attention map').innerText()).toBe('?');
    expect(await field(0, 'dim').inputValue()).toBe('64');
    await field(0, 'heads').fill('0');
    await soon(() => blockAt(0).locator('[data-symbol="heads"]').getAttribute('invalid')).toBe('');
    await field(0, 'heads').fill('2');
    await soon(() => cell(0, 'Attention map').innerText()).toBe('9.0 KiB');
    expect(await blockAt(0).locator('attention-notice').count()).toBe(0);
  });

  it('sets all blocks at once, has one block twice, and lets go of one', async () => {
    await open(SELF, POSITION);
    await soon(() => cell(1, 'Attention map').innerText()).toBe('8.0 MiB');
    const all = page.locator('.all compare-settings');
    await all.locator('[data-symbol="b"] input').fill('1');
    await soon(() => Promise.all([0, 1].map((at) => cell(at, 'Attention map').innerText()))).toEqual(['16.0 MiB', '4.0 MiB']);
    await blockAt(0).locator('button[data-action="duplicate"]').click();
    await field(1, 'heads').fill('16');
    await soon(() => page.locator('compare-table tr[data-block] .name').allInnerTexts()).toEqual([
      'SelfAttention (heads=4)',
      'SelfAttention (heads=16)',
      'PositionAttention',
    ]);
    await soon(() => cell(1, 'Attention map').innerText()).toBe('64.0 MiB');
    await blockAt(0).locator('button[data-action="remove"]').click();
    await soon(() => page.locator('compare-block h3').allInnerTexts()).toEqual(['SelfAttention', 'PositionAttention']);
  });

  it('reads the curves by key and by pointer', async () => {
    await open(SELF, POSITION);
    await soon(() => curves().count()).toBe(2);
    const chart = page.locator('compare-chart svg.chart');
    await chart.focus();
    await page.keyboard.press('Home');
    await soon(() => page.locator('compare-chart output').innerText()).toMatch(/h = w = 16\s.*SelfAttention \d/s);
    await page.keyboard.press('ArrowRight');
    await soon(() => page.locator('compare-chart output').innerText()).toMatch(/h = w = 20/);
    await page.keyboard.press('Escape');
    await soon(() => page.locator('compare-chart output').innerText()).toMatch(/Point at the chart/);
    const { x = 0, y = 0, width = 0 } = (await chart.boundingBox()) ?? {};
    await page.mouse.move(x + width / 2, y + 100);
    await soon(() => page.locator('compare-chart output').innerText()).toMatch(/h = w = \d+/);
    expect(await chart.getAttribute('aria-label')).toMatch(/SelfAttention: .* at h = w = 16, .* at h = w = 256/);
  });

  it('marks where curves cross, says it in words, and follows the range and the figure', async () => {
    await open(POSITION, CHANNEL);
    await soon(() => curves().count()).toBe(2);
    const chart = page.locator('compare-chart svg.chart');
    await page.locator('[data-end="from"] input').fill('4');
    await page.keyboard.press('Tab');
    // Places against places, or channels against channels: the map is the smaller one where there are fewer of them.
    await selectOption(page.locator('#figure'), 'Attention map');
    await soon(() => page.locator('#marks li').first().innerText()).toMatch(/^ChannelAttention is smaller than PositionAttention from h = w [=≈] 8 on\.$/);
    expect(await page.locator('#marks li').nth(1).innerText()).toMatch(/^PositionAttention passes 16 GiB at h = w ≈ \d+\.$/);
    expect(await page.locator('compare-chart .crossing').count()).toBe(1);
    await selectOption(page.locator('#figure'), 'MACs');
    await page.locator('[data-end="to"] input').fill('64');
    await page.keyboard.press('Tab');
    await soon(() => chart.getAttribute('aria-label')).toMatch(/MACs at h = w = 64/);
    await selectOption(page.locator('#along'), 'b');
    await soon(() => chart.getAttribute('aria-label')).toMatch(/at b = 1/);
  });

  it('marks the memory that a GPU has, and finds what fits in it', async () => {
    await open(SELF);
    await page.locator('compare-toolbar .usual button', { hasText: '24' }).click();
    await soon(() => page.locator('compare-fits table').getAttribute('aria-label')).toBe('What fits in 24 GiB');
    await soon(() => page.locator('compare-fits .value').count()).toBe(4);
    const [batch = ''] = await page.locator('compare-fits .value').allInnerTexts();
    const largest = Number(/^b = (\d+)$/.exec(batch)?.[1]);
    const peakAt = async (b: number) => {
      const answer = await session.price(
        { kind: 'price', ...SELF, options: OPTIONS, setting: { sizes: { b }, precision: 'float32', attention: 'written', training: true } },
        WAITING,
      );
      return answer?.prices.figures.peakInference.value ?? Number.NaN;
    };
    expect(await peakAt(largest)).toBeLessThanOrEqual(24 * 2 ** 30);
    expect(await peakAt(largest + 1)).toBeGreaterThan(24 * 2 ** 30);
    await page.locator('#memory input').fill('1');
    await page.keyboard.press('Tab');
    await soon(() => page.locator('compare-fits table').getAttribute('aria-label')).toBe('What fits in 1 GiB');
  });

  it('opens a row’s formulas, and says why something is not known', async () => {
    await open(IN_TFJS, SELF);
    await soon(() => cell(0, 'Saved for backward').innerText()).toBe('?');
    expect(await cell(0, 'Saved for backward').getAttribute('title')).toMatch(/gradient/);
    await soon(() => page.locator('compare-table tr[data-block] .name').allInnerTexts()).toEqual([
      'SelfAttention (selfAttention.ts)',
      'SelfAttention (selfAttention.py)',
    ]);
    await page.locator('compare-table button[aria-expanded="false"]').first().click();
    await soon(() => page.locator('compare-table dl').innerText()).toMatch(/gradient/);
    await page.locator('compare-table button[aria-expanded="false"]').click();
    await soon(() => page.locator('compare-table dl').nth(1).innerText()).toContain('4·b·heads·n²');
    await selectOption(page.locator('#figure'), 'Saved for backward');
    await soon(() => curves().count()).toBe(1);
    expect(await page.locator('compare-chart svg.chart').innerHTML()).toContain('has no curve');
  });

  it('says that peaks of tfjs and of PyTorch are of two kinds where both stand there', async () => {
    await open(SELF);
    expect(await page.locator('#peaks').count()).toBe(0);
    await tell({ kind: 'add', blocks: [IN_TFJS] });
    await soon(() => page.locator('#peaks').innerText()).toMatch(/allocator.*dispose/);
    await page.locator('#copy').click();
    await soon(async () => said.flatMap((message) => (message.kind === 'copy' ? [message.text] : []))[0]).toMatch(/\nPeaks here are of two kinds/);
    await page.locator('compare-block').nth(1).locator('button').last().click();
    await soon(() => page.locator('#peaks').count()).toBe(0);
  });

  it('starts in the number type of the settings, and prices what comes later as what is there', async () => {
    await open({ ...SELF, precision: 'float16' });
    await soon(() => cell(0, 'Attention map').innerText()).toBe('9.0 KiB');
    expect(
      await blockAt(0)
        .locator('[data-setting="precision"]')
        .evaluate((select: HTMLSelectElement) => select.value),
    ).toBe('float16');
    await tell({ kind: 'add', blocks: [POSITION] });
    await soon(() => page.locator('compare-block').count()).toBe(2);
    expect(
      await blockAt(1)
        .locator('[data-setting="precision"]')
        .evaluate((select: HTMLSelectElement) => select.value),
    ).toBe('float16');
  });

  it('copies its table as Markdown, with the settings that it holds under', async () => {
    await open(SELF);
    await soon(() => cell(0, 'Attention map').innerText()).toBe('18.0 KiB');
    await page.locator('#copy').click();
    await soon(async () => said.some(({ kind }) => kind === 'copy')).toBe(true);
    const text = said.flatMap((message) => (message.kind === 'copy' ? [message.text] : [])).join('');
    expect(text.split('\n')[0]).toMatch(/^\| Block \| Attention map \| .* \| MACs \| FLOPs \| Sizes \|$/);
    expect(text).toContain('| SelfAttention | 18.0 KiB |');
    expect(text).toContain('dim=64 heads=4 b=2 n=24');
    expect(text.trimEnd().split('\n').at(-1)).toBe('float32, attention as written, training mode.');
    await soon(() => page.locator('.head [role="status"]').innerText()).toBe('Copied.');
  });

  it('comes back as it was left', async () => {
    await open(SELF);
    await field(0, 'heads').fill('8');
    await soon(() => cell(0, 'Attention map').innerText()).toBe('36.0 KiB');
    await page.locator('compare-toolbar .usual button', { hasText: '80' }).click();
    await page.reload();
    await soon(() => cell(0, 'Attention map').innerText()).toBe('36.0 KiB');
    expect(await page.locator('#memory input').inputValue()).toBe('80');
    expect(await field(0, 'heads').inputValue()).toBe('8');
  });

  it('asks again when a file has changed, keeps its figures while that does not parse, and drops those of a block that is gone', async () => {
    await open(SELF);
    await soon(() => cell(0, 'Attention map').innerText()).toBe('18.0 KiB');
    host = async ({ id }) => ({ kind: 'unpriced', id, reason: 'The code does not parse.', passing: true });
    await tell({ kind: 'changed', file: SELF.file });
    await soon(() => blockAt(0).locator('attention-notice p').innerText()).toBe('The code does not parse. The figures are of before.');
    expect(await cell(0, 'Attention map').innerText()).toBe('18.0 KiB');
    host = async ({ id }) => ({ kind: 'unpriced', id, reason: 'SelfAttention is no longer in this file.', passing: false });
    await tell({ kind: 'changed', file: SELF.file });
    await soon(() => blockAt(0).locator('attention-notice p').innerText()).toBe('Not priced: SelfAttention is no longer in this file.');
    expect(await page.locator('compare-table .value').count()).toBe(0);
    host = priced;
    await tell({ kind: 'changed', file: SELF.file });
    await soon(() => cell(0, 'Attention map').innerText()).toBe('18.0 KiB');
  });

  it('drops an answer that was overtaken', async () => {
    await open(SELF);
    await soon(() => cell(0, 'Attention map').innerText()).toBe('18.0 KiB');
    const held: Price[] = [];
    host = async (question) => {
      held.push(question);
      return undefined;
    };
    await field(0, 'heads').fill('8');
    await soon(async () => held.filter(({ of }) => of.startsWith('prices')).length).toBe(1);
    await field(0, 'heads').fill('16');
    await soon(async () => held.filter(({ of }) => of.startsWith('prices')).length).toBe(2);
    const [first, second] = held.filter(({ of }) => of.startsWith('prices'));
    if (!first || !second) throw new Error('two questions were to be held');
    await tell(await priced(second));
    await soon(() => cell(0, 'Attention map').innerText()).toBe('72.0 KiB');
    await tell(await priced(first));
    await page.waitForTimeout(100);
    expect(await cell(0, 'Attention map').innerText()).toBe('72.0 KiB');
  });

  it('asks for blocks where it has none, shows a block in the editor, and adds none twice', async () => {
    await page.goto(server.url);
    await page.locator('#add').click();
    await soon(async () => said.map(({ kind }) => kind)).toEqual(['ready', 'choose']);
    await tell({ kind: 'add', blocks: [SELF] });
    await tell({ kind: 'add', blocks: [SELF, POSITION] });
    await soon(() => page.locator('compare-block').count()).toBe(2);
    await blockAt(0).locator('a').click();
    await soon(async () => said.find(({ kind }) => kind === 'reveal')).toEqual({ kind: 'reveal', file: SELF.file, module: SELF.module });
  });

  it.each([360, 700, 1500])('has room for everything at a width of %i', async (width) => {
    await page.setViewportSize({ width, height: 800 });
    await open(SELF, PATCHES, POSITION);
    await soon(() => curves().count()).toBe(3);
    const wide = await page.locator('compare-panel').evaluate((panel) => panel.scrollWidth - panel.clientWidth);
    expect(wide).toBeLessThanOrEqual(0);
    const beyond = await page
      .locator('compare-table .scroll, compare-fits .scroll')
      .evaluateAll((all) => all.map((each) => each.scrollWidth - each.clientWidth));
    expect(Math.max(...beyond)).toBeLessThanOrEqual(0);
  });
});
