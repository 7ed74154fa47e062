import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser } from '../../scripts/workbench/browser.mjs';
import { realOf } from '../../src/dim/index';
import { encodeGraph, exampleSizes, type ShapeGraph } from '../../src/graph/index';
import type { FromPanel, ModuleForRun, ToPanel } from '../../src/protocol/messages';
import { writeTensors } from '../../src/run/safetensors';
import { Builder, dim, selfAttention } from '../graph/builder';
import { type PanelServer, servePanel } from './server';

let browser: Browser;
let server: PanelServer;
let page: Page;

beforeAll(async () => {
  [browser, server] = await Promise.all([launchBrowser(), servePanel()]);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  server?.close();
});

beforeEach(async () => {
  page = await browser.newPage({ viewport: { width: 900, height: 800 } });
});

/** Whatever a test did, the policy stopped nothing and the page did not fail. */
afterEach(async () => {
  const stopped = await page.evaluate(() => (window as unknown as { stopped: string[] }).stopped);
  await page.close();
  expect(stopped).toEqual([]);
});

function moduleOf(graph: ShapeGraph): ModuleForRun {
  const example = exampleSizes(graph);
  return 'sizes' in example ? { graph: encodeGraph(graph), sizes: example.sizes } : { graph: encodeGraph(graph), sizes: null, reason: example.reason };
}

const show = (graph: ShapeGraph, more: Partial<Extract<ToPanel, { kind: 'show' }>> = {}): ToPanel => ({
  kind: 'show',
  file: 'hand.ts',
  version: 1,
  module: moduleOf(graph),
  limits: { maxBytes: 2 ** 28 },
  words: {},
  ...more,
});

const tell = (message: ToPanel) => page.evaluate((text) => window.postMessage(JSON.parse(text), '*'), JSON.stringify(message));
const posted = (): Promise<readonly FromPanel[]> => page.evaluate(() => (window as unknown as { posted: FromPanel[] }).posted);

async function waitFor<Kind extends FromPanel['kind']>(kind: Kind, times = 1): Promise<Extract<FromPanel, { kind: Kind }>> {
  const count = ([wanted, least]: [string, number]) =>
    (window as unknown as { posted: FromPanel[] }).posted.filter((each) => each.kind === wanted).length >= least;
  await page.waitForFunction(count, [kind, times] as [string, number], { timeout: 50_000 });
  return (await posted()).filter((each): each is Extract<FromPanel, { kind: Kind }> => each.kind === kind)[times - 1] as Extract<FromPanel, { kind: Kind }>;
}

async function open(message: ToPanel, before?: string): Promise<void> {
  if (before) await page.addInitScript(before);
  await page.goto(server.url);
  await waitFor('ready');
  await tell(message);
}

/** Words of the first element found, through every shadow root. */
const words = async (selector: string): Promise<string> => ((await page.locator(selector).first().textContent()) ?? '').replace(/\s+/g, ' ').trim();
const row = (name: string) => page.locator('attention-table tbody tr').filter({ has: page.locator('.title', { hasText: new RegExp(`^${name}$`) }) });

interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
const right = ({ x, width }: Rectangle): number => x + width;
const bottom = (box: Rectangle | null): number => (box ? box.y + box.height : Number.NaN);

/** `1.20 s` in milliseconds. */
const milliseconds = (text = ''): number => Number.parseFloat(text) * (text.endsWith(' ms') ? 1 : 1000);

/** Every WebGL context that is made can be lost from outside. */
const LOSABLE = `
  window.contexts = [];
  for (const { prototype } of [HTMLCanvasElement, OffscreenCanvas]) {
    const getContext = prototype.getContext;
    prototype.getContext = function (kind, ...rest) {
      const context = getContext.call(this, kind, ...rest);
      if (kind.startsWith('webgl') && context) window.contexts.push(context);
      return context;
    };
  }
`;
const NO_WEBGL = `
  const getContext = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (kind, ...rest) { return kind.startsWith('webgl') ? null : getContext.call(this, kind, ...rest); };
  window.OffscreenCanvas = undefined;
`;

/** Long enough to be stopped: many steps, one after the other. */
function longGraph(steps: number): ShapeGraph {
  const builder = new Builder();
  builder.symbol('n', 'data', 64);
  let x = builder.input('x', ['n', 'n']);
  for (let step = 0; step < steps; step += 1) x = builder.op('softmax', [builder.op('matmul', [x, x], { transposeA: false, transposeB: false })], { axis: -1 });
  return builder.graph([x]);
}

describe('the panel', () => {
  it('runs a block on WebGL, and shows each step with what ran', async () => {
    await open(show(selfAttention()));
    expect(await waitFor('ran')).toMatchObject({ module: 'Hand', backend: 'webgl', disagreements: 0, finite: true });
    expect(await words('vscode-badge')).toBe('webgl');
    expect(await words('attention-header .status')).toMatch(/ Memory as predicted\. All \d+ shapes as predicted\. All values finite\.$/);
    const cells = await row('attention').locator('td').allInnerTexts();
    expect(cells[0]).toContain('(b, n, n)');
    expect(cells[1]).toMatch(/^\(2, 24, 24\)/);
    expect(cells.slice(2).every((cell) => cell.trim() !== '')).toBe(true);
    expect(await page.locator('attention-picture g.box.map').count()).toBe(1);
  });

  it('says what WebGL held beside what was predicted, and why it is more than the tensors', async () => {
    await open(show(selfAttention(), { module: { ...moduleOf(selfAttention()), sizes: { b: 2, n: 512, c: 64 } } }));
    await waitFor('ran');
    expect(await words('#webgl')).toMatch(/^Held in WebGL ([\d.]+) MiB predicted \1 MiB: tensors [\d.]+ MiB, softmax’s own [\d.]+ MiB$/);
    expect(await page.locator('#webgl').getAttribute('title')).toMatch(/^The most that textures took at once, weights included, during softmax in line \d+\./);
  });

  it('draws the attention map first, and reads its values by pointer and by key', async () => {
    await open(show(selfAttention()));
    await waitFor('ran');
    const map = page.locator('attention-heat-map canvas.map');
    expect(await map.getAttribute('aria-label')).toBe('Heat map, 24 rows and 24 columns. Arrow keys read the values.');
    await map.focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight']) await page.keyboard.press(key);
    expect(await words('attention-heat-map output')).toMatch(/^\[0, 1, 1\] = \d/);
    const colours = await map.evaluate((canvas) => new Set((canvas as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, 24, 24).data).size);
    expect(colours).toBeGreaterThan(20);
    await page.locator('attention-inspector vscode-textfield input').fill('1');
    await map.hover({ position: { x: 3, y: 3 } });
    expect(await words('attention-heat-map output')).toMatch(/^\[1, 0, 0\] = \d/);
  });

  it('leads from its figures to what other settings would cost', async () => {
    await open(show(selfAttention()));
    await page.locator('attention-figures #compare').click();
    expect(await waitFor('compare')).toEqual({ kind: 'compare', file: 'hand.ts', module: 'Hand' });
  });

  it('goes from a step to its line, and from a line to its step', async () => {
    await open(show(selfAttention()));
    await waitFor('ran');
    await row('q').click();
    expect(await waitFor('reveal')).toEqual({ kind: 'reveal', file: 'hand.ts', line: 12, column: 3 });
    expect(await row('q').getAttribute('aria-selected')).toBe('true');
    await tell({ kind: 'cursor', line: 17 });
    await page.waitForFunction(
      () =>
        document.querySelector('attention-panel')?.shadowRoot?.querySelector('attention-table')?.shadowRoot?.querySelector('tr.chosen .title')?.textContent ===
        'scores',
    );
    await page.keyboard.press('ArrowDown');
    await row('scores').focus();
    await page.keyboard.press('ArrowDown');
    expect(await row('scaled').getAttribute('aria-selected')).toBe('true');
  });

  it('runs again at once at other sizes, and tells them', async () => {
    await open(show(selfAttention()));
    await waitFor('ran');
    await page.locator('vscode-textfield[data-symbol="n"] input').fill('7');
    await waitFor('ran', 2);
    expect((await row('attention').locator('td').allInnerTexts())[1]).toMatch(/^\(2, 7, 7\)/);
    expect(await waitFor('sizes')).toMatchObject({ file: 'hand.ts', module: 'Hand', sizes: { b: 2, n: 7, c: 64 } });
  });

  it('names the need that sizes break, and does not run', async () => {
    const builder = new Builder();
    builder.need('8', 'divides', 'c');
    await open(show(selfAttention(builder)));
    await waitFor('ran');
    await page.locator('vscode-textfield[data-symbol="c"] input').fill('12');
    expect((await waitFor('failed')).reason).toContain('`c % 8 == 0` does not hold');
    expect(await words('#broken p')).toBe('At these sizes this does not hold: c % 8 == 0');
    await page.locator('vscode-textfield[data-symbol="c"] input').fill('');
    await page.locator('vscode-textfield[data-symbol="c"] input').fill('16');
    expect(await waitFor('ran', 2)).toMatchObject({ finite: true });
  });

  it('says what it will hold, and refuses more than the limit', async () => {
    await open(show(selfAttention(), { limits: { maxBytes: 100_000 } }));
    expect((await waitFor('failed')).reason).toMatch(/^it would hold .* KiB, and the limit is 97\.7 KiB$/);
    expect(await words('#forecast')).toMatch(/^Peak as run here .* KiB .* KiB with weights, limit 97\.7 KiB$/);
    expect(await words('#refusal p')).toMatch(/^It is not run: it would hold/);
  });

  it('refuses a tensor larger than the largest texture', async () => {
    await open(show(selfAttention(), { module: { ...moduleOf(selfAttention()), sizes: { b: 1, n: 30_000, c: 1 } }, limits: { maxBytes: 2 ** 40 } }));
    expect((await waitFor('failed')).reason).toBe('a tensor of [1, 30000, 30000] is larger than any texture of this device');
  });

  it('refuses what cannot be executed, in words', async () => {
    const builder = new Builder();
    const x = builder.input('x', ['n']);
    const y = builder.node('unknown', [x], { reason: 'no rule for `tf.fft`' }, [{ shape: [dim('n')], dtype: 'float32' }]);
    await open(show(builder.graph([y])));
    expect((await waitFor('failed')).reason).toBe('a step is not known, because no rule for `tf.fft`');
    expect(await page.locator('attention-table tbody tr').count()).toBe(2);
  });

  it('shows where shapes differ from the prediction', async () => {
    const graph = selfAttention();
    const nodes = graph.nodes.map((node) =>
      node.op === 'softmax' ? { ...node, outputs: [{ shape: [dim('b'), dim('n'), dim('n + 1')], dtype: 'float32' as const }] } : node,
    );
    await open(show({ ...graph, nodes }));
    expect(await waitFor('ran')).toMatchObject({ disagreements: 1 });
    expect(await words('attention-header .status')).toContain('1 shapes differ from what was predicted.');
  });

  it('shows a graph that cannot be read as a problem, and the next one as usual', async () => {
    await open(show(selfAttention(), { module: { graph: { version: 9 } as never, sizes: null } }));
    await page.locator('attention-notice').waitFor();
    expect(await words('attention-notice p')).toMatch(/^This block cannot be shown: graph\.version: expected 1/);
    await tell(show(selfAttention()));
    await waitFor('ran');
  });

  it('can be cancelled, and run again', async () => {
    await open(show(longGraph(400), { module: { ...moduleOf(longGraph(400)), sizes: { n: 64 } } }));
    await page.locator('#cancel').click();
    await page.locator('#run').waitFor();
    expect(await words('#refusal p')).toBe('Cancelled.');
    expect((await posted()).filter(({ kind }) => kind === 'ran')).toEqual([]);
    await tell(show(selfAttention(), { version: 2 }));
    await waitFor('ran');
  });

  it('stays usable when the code changes during a run, and when the file is gone', async () => {
    await open(show(longGraph(60)));
    await tell({ kind: 'stale', reason: 'The code has changed.' });
    await page.locator('#notice').waitFor();
    expect(await words('#notice p')).toBe('The code has changed.');
    await tell(show(selfAttention(), { version: 2 }));
    const ran = await waitFor('ran');
    expect(ran.module).toBe('Hand');
    expect(await page.locator('#notice').count()).toBe(0);
    expect(await row('attention').count()).toBe(1);
    await tell({ kind: 'gone', reason: 'The file was closed.' });
    expect(await words('#notice p')).toBe('The file was closed.');
    await page.locator('#run').click();
    await waitFor('ran', 2);
  });

  it('starts again after its device was lost, and says so', async () => {
    await open(show(longGraph(300)), LOSABLE);
    await page.waitForFunction(() =>
      document.querySelector('attention-panel')?.shadowRoot?.querySelector('vscode-badge, attention-header')?.shadowRoot?.querySelector('vscode-badge'),
    );
    await page.evaluate(() => {
      for (const context of (window as unknown as { contexts: WebGL2RenderingContext[] }).contexts) context.getExtension('WEBGL_lose_context')?.loseContext();
    });
    expect(await waitFor('ran')).toMatchObject({ backend: 'webgl', finite: true, disagreements: 0 });
    expect((await posted()).filter(({ kind }) => kind === 'log')).toEqual([
      { kind: 'log', level: 'warn', text: 'The graphics device was lost. It was started again.' },
    ]);
    expect(await words('#notice p')).toBe('The graphics device was lost. It was started again.');
  });

  it('stops while it is hidden, and runs when it is seen again', async () => {
    await open(show(selfAttention()));
    await waitFor('ran');
    const hide = (state: string) =>
      page.evaluate((visibility) => {
        Object.defineProperty(document, 'visibilityState', { value: visibility, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, state);
    await hide('hidden');
    await expect.poll(async () => (await row('attention').locator('td').allInnerTexts())[1]?.trim(), { timeout: 10_000 }).toBe('');
    await hide('visible');
    await waitFor('ran', 2);
    expect((await row('attention').locator('td').allInnerTexts())[1]).toMatch(/^\(2, 24, 24\)/);
  });

  it('keeps the chosen step over a reload', async () => {
    await open(show(selfAttention()));
    await waitFor('ran');
    await row('v').click();
    await page.reload();
    await waitFor('ready');
    await tell(show(selfAttention()));
    await waitFor('ran');
    expect(await row('v').getAttribute('aria-selected')).toBe('true');
  });

  it('falls back where there is no WebGL, and says so', async () => {
    await open(show(selfAttention()), NO_WEBGL);
    expect(await waitFor('ran')).toMatchObject({ backend: 'wasm', finite: true, disagreements: 0 });
    expect(await words('#fallback p')).toBe('Running on wasm: this window has no WebGL 2');
  });

  it('falls back to the plain back end where WebAssembly does not start either', async () => {
    await open(show(selfAttention()), `${NO_WEBGL} window.WebAssembly = undefined;`);
    expect(await waitFor('ran')).toMatchObject({ backend: 'cpu', finite: true, disagreements: 0 });
    expect(await words('#fallback p')).toContain('Running on cpu');
  });

  it('says its words in another language', async () => {
    await open(show(selfAttention(), { words: { Run: '运行', 'All values finite.': '所有值均有限。' } }));
    await waitFor('ran');
    expect(await words('#run')).toBe('运行');
    expect(await words('attention-header .status')).toContain('所有值均有限。');
  });

  it('names the first run, in which shaders are compiled, apart from what a run takes', async () => {
    await open(show(selfAttention()));
    const first = await waitFor('ran');
    const status = await words('attention-header .status');
    const [, warm, cold] =
      /^Ran on webgl in (.+? m?s), the least of [2-7] runs; the first time, with [1-9]\d* shaders to compile, in (.+? m?s)\./.exec(status) ?? [];
    expect([status, milliseconds(warm)]).toEqual([status, expect.closeTo(first.ms, -1)]);
    expect(milliseconds(cold)).toBeGreaterThan(milliseconds(warm));
    await page.locator('#run').click();
    await waitFor('ran', 2);
    expect(await words('attention-header .status')).toMatch(/^Ran on webgl in [\d.]+ m?s, the least of [2-7] runs\. Memory/);
  });

  it('tells what is held here from what the code as written holds', async () => {
    await open(show(selfAttention()));
    await waitFor('ran');
    expect(await words('#forecast')).toMatch(/^Peak as run here [\d.]+ KiB [\d.]+ KiB with weights, limit 256 MiB$/);
    expect(await words('#written')).toMatch(/^Peak as written [\d.]+ KiB freed by tidy and dispose alone$/);
    expect(await page.locator('#forecast').getAttribute('title')).toMatch(/freed at its last use.*: .*n.* bytes$/);
  });

  it('says why there is no figure for sizes beyond counting, and for what is not known', async () => {
    await open(show(selfAttention()));
    await waitFor('ran');
    await page.locator('vscode-textfield[data-symbol="n"] input').fill('1000000000');
    await waitFor('failed');
    expect(await words('#map')).toBe('Attention map over 8.0 PiB more than can be counted exactly');
    expect(await words('#written')).toBe('Peak as written over 8.0 PiB more than can be counted exactly');
    expect(await words('#forecast')).toMatch(/^Peak as run here \d.* EiB .* EiB with weights, limit 256 MiB$/);
    expect(await words('#macs')).toBe('MACs over 9.0 P more than can be counted exactly');
    const builder = new Builder();
    const x = builder.input('x', ['n']);
    const y = builder.node('unknown', [x], { reason: 'no rule for `tf.fft`' }, [{ shape: null, dtype: 'float32' }]);
    await tell(show(builder.graph([y])));
    await waitFor('failed', 2);
    expect(await words('#written')).toBe('Peak as written not known a size on the way is not known');
  });

  const drawn = () => page.locator('attention-picture svg.drawing').boundingBox();
  const boxes = async () => Promise.all((await page.locator('attention-picture g.box').all()).map(async (box) => box.boundingBox()));
  const inside = (inner: Rectangle | null, outer: Rectangle | null) =>
    inner && outer && inner.x >= outer.x - 1 && inner.y >= outer.y - 1 && right(inner) <= right(outer) + 1 && bottom(inner) <= bottom(outer) + 1;

  it.each([400, 800, 1400])('opens the picture fitted, at a width of %d', async (width) => {
    await page.setViewportSize({ width, height: 800 });
    await open(show(selfAttention()));
    await waitFor('ran');
    const [frame, tools, all] = [await drawn(), await page.locator('attention-picture .tools').boundingBox(), await boxes()];
    expect(all.length).toBeGreaterThan(5);
    expect(all.filter((box) => !inside(box, frame))).toEqual([]);
    expect(bottom(tools)).toBeLessThanOrEqual((frame?.y ?? 0) + 1);
  });

  it('opens a picture that would be too small at its inputs, and follows the steps', async () => {
    await open(show(longGraph(60)));
    await waitFor('ran');
    const input = page.locator('attention-picture g.box.input');
    expect(inside(await input.boundingBox(), await drawn())).toBe(true);
    await page.locator('attention-table tbody tr').nth(60).click();
    expect(inside(await input.boundingBox(), await drawn())).toBe(false);
    expect(inside(await page.locator('attention-picture g.box.chosen').boundingBox(), await drawn())).toBe(true);
    await page.locator('attention-picture #fit').click();
    expect(inside(await input.boundingBox(), await drawn())).toBe(true);
  });

  it.each([320, 400, 600, 800, 1000, 1300, 1700])('shows every column of its table, at a width of %d', async (width) => {
    await page.setViewportSize({ width, height: 800 });
    await open(show(selfAttention()));
    await waitFor('ran');
    const [across, room] = await page.locator('attention-table .scroll').evaluate((table) => [table.scrollWidth, table.clientWidth]);
    expect(across).toBeLessThanOrEqual(room ?? 0);
    const cells = await row('attention').locator('td').all();
    expect(await Promise.all(cells.map((cell) => cell.isVisible()))).toEqual(cells.map(() => true));
  });

  /** Symbols as long as people name them. */
  function longNames(): ShapeGraph {
    const builder = new Builder();
    const [batch, length, width] = ['config.maximumBatchSize', 'config.sequenceLength', 'config.embeddingDimension'];
    for (const name of [batch, length, width]) builder.symbol(name, 'data', 4);
    const x = builder.input('x', [batch, length, width]);
    const split = builder.op('reshape', [x], { shape: [batch, length, `${width}//2`, 2].map((text) => realOf(dim(text))) }, 'separatedByAttentionHeads');
    return builder.graph([builder.op('transpose', [split], { perm: [0, 2, 1, 3] }, 'x')]);
  }

  it.each([700, 900, 1300, 1600])('keeps long shapes within its table and its boxes, at a width of %d', async (width) => {
    await page.setViewportSize({ width, height: 900 });
    await open(show(longNames()));
    await waitFor('ran');
    const [across, room] = await page.locator('attention-table .scroll').evaluate((table) => [table.scrollWidth, table.clientWidth]);
    expect(across).toBeLessThanOrEqual(room ?? 0);
    const over = await page.locator('attention-picture g.box').evaluateAll((boxes) =>
      boxes.flatMap((box) => {
        const edge = box.querySelector('rect')?.getBoundingClientRect().right ?? 0;
        return [...box.querySelectorAll('text')].filter((text) => text.getBoundingClientRect().right > edge).map((text) => text.textContent);
      }),
    );
    expect(over).toEqual([]);
    expect(await page.locator('attention-picture g.box text.shape').first().textContent()).toMatch(/^\(config\.maximum.*…$/);
  });

  it('says why steps have no times where timing them would take too long', async () => {
    await open(show(selfAttention()), "AbortSignal.timeout = () => AbortSignal.abort('late');");
    await waitFor('ran');
    expect(await words('attention-header .status')).toMatch(
      /^Ran on webgl for the first time, .* The steps were not timed one by one: that would take longer than 4\.00 s\. /,
    );
    expect((await row('attention').locator('td').allInnerTexts())[2]).toBe('not timed');
    expect((await row('x').locator('td').allInnerTexts())[2]).toBe('');
  });

  it('keeps what was typed over what the host still says of before, and says what is wrong with it', async () => {
    await open(show(selfAttention()));
    await waitFor('ran');
    const sizes = { b: 2, n: 24, c: 64 };
    const field = (symbol: string) => page.locator(`vscode-textfield[data-symbol="${symbol}"] input`);
    await field('c').fill('32');
    expect(await waitFor('sizes')).toMatchObject({ sizes: { ...sizes, c: 32 } });
    await field('n').fill('-3');
    // The host's answer to the first edit comes after the second.
    await tell(show(selfAttention(), { module: { ...moduleOf(selfAttention()), sizes: { ...sizes, c: 32 } } }));
    expect((await waitFor('failed')).reason).toBe('size `n` must be a whole number from 0 on');
    expect(await words('#refusal p')).toBe('It is not run: size `n` must be a whole number from 0 on.');
    expect([await field('c').inputValue(), await field('n').inputValue()]).toEqual(['32', '-3']);
    await field('n').fill('5');
    expect(await waitFor('sizes', 2)).toMatchObject({ sizes: { ...sizes, c: 32, n: 5 } });
    await tell(show(selfAttention(), { module: { ...moduleOf(selfAttention()), sizes: { ...sizes, c: 32, n: 5 } } }));
    await waitFor('ran', 2);
    expect((await row('attention').locator('td').allInnerTexts())[1]).toMatch(/^\(2, 5, 5\)/);
    // What the editor then says by itself is taken.
    await tell(show(selfAttention(), { module: { ...moduleOf(selfAttention()), sizes: { ...sizes, c: 32, n: 24 } } }));
    await waitFor('ran', 3);
    expect(await field('n').inputValue()).toBe('24');
  });

  it('runs an empty block, as the command line does', async () => {
    await open(show(selfAttention()));
    await waitFor('ran');
    await page.locator('vscode-textfield[data-symbol="b"] input').fill('0');
    expect(await waitFor('ran', 2)).toMatchObject({ disagreements: 0, finite: true });
    const cells = await row('attention').locator('td').allInnerTexts();
    expect(cells[1]).toMatch(/^\(0, 24, 24\)/);
    expect(cells.slice(4)).toEqual(['', '', '', 'yes']);
    expect(await words('#map')).toBe('Attention map 0 B');
    expect(await words('#fallback p')).toBe('Running on cpu: WebGL does not take empty tensors');
    await page.locator('vscode-textfield[data-symbol="b"] input').fill('3');
    expect(await waitFor('ran', 3)).toMatchObject({ backend: 'webgl', disagreements: 0 });
    expect(await page.locator('#fallback').count()).toBe(0);
  });

  it('calls the items of a list by their places', async () => {
    const builder = new Builder();
    builder.symbol('n', 'data', 6);
    const x = builder.input('x', ['n', 6]);
    const first = builder.op('split', [x], { sizes: 3, axis: 1 });
    const parts = [0, 1, 2].map((output) => ({ ...first, output }));
    builder.names('parts', parts);
    const [q = first, k = first] = parts;
    builder.op('add', [q, k], {}, 'sum');
    await open(show(builder.graph([builder.op('add', [q, k])])));
    await waitFor('ran');
    expect(await row('parts\\[0\\], parts\\[1\\], parts\\[2\\]').count()).toBe(1);
    await row('parts\\[0\\], parts\\[1\\], parts\\[2\\]').click();
    expect(await words('attention-inspector h2')).toBe('Values of parts[0]');
  });

  it('says what was found wrong in the code before it says how the run went', async () => {
    const errors = [{ line: 7, message: 'the inner sizes 3 and 4 differ' }];
    await open(show(selfAttention(), { module: { ...moduleOf(selfAttention()), errors } }));
    await waitFor('ran');
    expect(await words('#errors p')).toBe('The code has an error: what runs here may not be what it does. Line 7: the inner sizes 3 and 4 differ.');
    const [notice, status] = [await page.locator('#errors').boundingBox(), await page.locator('attention-header .status').boundingBox()];
    expect(bottom(notice)).toBeLessThanOrEqual(status?.y ?? 0);
    await tell(show(selfAttention()));
    await page.locator('#errors').waitFor({ state: 'detached' });
  });

  describe('with weights from a file', () => {
    const matrix = (size: number, value: number) => ({ shape: [size, size], dtype: 'float32' as const, data: new Float32Array(size * size).fill(value) });
    const checkpoint = (names: readonly string[], size = 64): Uint8Array => writeTensors(new Map(names.map((name) => [name, matrix(size, 0)])));
    const give = (bytes: Uint8Array | undefined, more: object = {}) =>
      page.evaluate(
        ([message, values]) => window.postMessage({ ...(message as object), ...(values ? { bytes: Uint8Array.from(values as number[]) } : {}) }, '*'),
        [{ kind: 'weights', file: 'hand.ts', module: 'Hand', name: 'hand.safetensors', ...more }, bytes ? [...bytes] : null] as const,
      );
    const output = async () => (await row('out').locator('td').allInnerTexts()).slice(4, 7);

    it('asks for one, runs with it, and draws again', async () => {
      await open(show(selfAttention()));
      await waitFor('ran');
      expect(await words('attention-weights .name')).toBe('as constructed');
      const drawn = await output();
      await page.locator('#load').click();
      expect(await waitFor('loadWeights')).toEqual({ kind: 'loadWeights', file: 'hand.ts', module: 'Hand' });
      await give(checkpoint(['q', 'k', 'v']));
      await waitFor('ran', 2);
      expect(await words('attention-weights .name')).toBe('hand.safetensors');
      expect(await output()).toEqual(['0', '0', '0']);
      await page.locator('#drop').click();
      await waitFor('ran', 3);
      expect(await output()).toEqual(drawn);
      expect(await waitFor('dropWeights')).toEqual({ kind: 'dropWeights' });
      expect(await page.locator('#drop').isVisible()).toBe(false);
    });

    it('names each weight that is missing, spare or misshapen, and does not run', async () => {
      await open(show(selfAttention()));
      await waitFor('ran');
      await give(checkpoint(['q', 'w'], 8));
      expect((await waitFor('failed')).reason).toBe(
        'weight `q` has shape [8, 8], but [64, 64] is needed; weight `k` is missing; weight `v` is missing; weight `w` belongs to nothing',
      );
      await page.locator('#drop').click();
      await waitFor('ran', 2);
    });

    it('says why a file is not read, and keeps what it had', async () => {
      await open(show(selfAttention()));
      await waitFor('ran');
      await give(new TextEncoder().encode('this is no tensor file'));
      await page.locator('#weightsProblem').waitFor();
      expect(await words('#weightsProblem p')).toMatch(/^The weights are not read: hand\.safetensors is not a safetensors file/);
      await give(undefined, { problem: 'the file takes 3 MB, and the limit is 1 MB' });
      await expect.poll(() => words('#weightsProblem p')).toBe('The weights are not read: the file takes 3 MB, and the limit is 1 MB');
      expect(await words('attention-weights .name')).toBe('as constructed');
    });

    it('takes none that are another block’s, and none for a block without weights', async () => {
      await open(show(selfAttention()));
      await waitFor('ran');
      await give(checkpoint(['q', 'k', 'v']), { module: 'Other' });
      await page.locator('#run').click();
      await waitFor('ran', 2);
      expect(await words('attention-weights .name')).toBe('as constructed');
      const builder = new Builder();
      builder.symbol('n', 'data', 4);
      await tell(show(builder.graph([builder.op('softmax', [builder.input('x', ['n'])], { axis: 0 })])));
      await waitFor('ran', 3);
      expect(await page.locator('#load').count()).toBe(0);
    });
  });

  it('can be read where the editor has no colour for what is chosen', async () => {
    await page.emulateMedia({ forcedColors: 'active', colorScheme: 'dark' });
    await open(show(selfAttention()));
    await waitFor('ran');
    await row('attention').click();
    const paint = (selector: string, property: string) =>
      page.locator(`attention-picture g.chosen ${selector}`).evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property);
    expect([await paint('rect', 'fill'), await paint('text.title', 'fill'), await paint('tspan.op', 'fill')]).toEqual([
      'rgb(0, 0, 0)',
      'rgb(255, 255, 255)',
      'rgb(255, 255, 255)',
    ]);
    expect(Number.parseFloat(await paint('rect', 'stroke-width'))).toBeGreaterThan(3);
    expect(await row('attention').evaluate((element) => getComputedStyle(element).outlineStyle)).toBe('solid');
    await page.emulateMedia({ forcedColors: 'none' });
    await page.evaluate(() => {
      for (const [name, colour] of [
        ['foreground', 'white'],
        ['editorWidget-background', 'black'],
      ])
        document.documentElement.style.setProperty(`--vscode-${name}`, colour ?? '');
    });
    expect([await paint('rect', 'fill'), await paint('text.title', 'fill')]).toEqual(['rgb(0, 0, 0)', 'rgb(255, 255, 255)']);
  });

  it('is narrow without being cut', async () => {
    await page.setViewportSize({ width: 400, height: 800 });
    await open(show(selfAttention()));
    await waitFor('ran');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(400);
  });
});
