// How much is alive at each line, as it is drawn: bars in the margin, bytes behind the lines; and the hover's links.
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { until } from '../../scripts/workbench/page.mjs';
import { placeOf } from './modules.mjs';

const FILE = 'danetPosition.py';
const TOGGLE = 'Attention Shapes: Toggle Memory by Line';
const EDITOR = '.editor-group-container.active .monaco-editor';

export function memorySuite({ workbench, pytorch }) {
  const { page } = workbench;

  /** The bytes that are drawn behind lines, by the text of the line. */
  const behind = () =>
    page.locator(`${EDITOR} .view-lines .view-line`).evaluateAll((lines) =>
      lines.flatMap((line) =>
        [...line.querySelectorAll('span')].flatMap((span) => {
          const { content } = getComputedStyle(span, '::after');
          return /\d (B|KiB|MiB)/.test(content) ? [{ code: line.textContent.replaceAll('\u00a0', ' ').trim(), bytes: content.replaceAll('"', '') }] : [];
        }),
      ),
    );

  /** The pictures in the margin. */
  const bars = () =>
    page
      .locator(`${EDITOR} .margin-view-overlays *, ${EDITOR} .glyph-margin-widgets *`)
      .evaluateAll((all) => all.map((one) => getComputedStyle(one).backgroundImage).filter((picture) => picture.includes('svg+xml')));

  const at = (found, code) => found.find((one) => one.code.startsWith(code))?.bytes;

  describe('memory by line', () => {
    it('is not there until it is switched on', async () => {
      await workbench.goTo(FILE, placeOf(pytorch, FILE, 'energy = ').line);
      deepEqual([await behind(), await bars()], [[], []]);
    });

    it('draws the bytes behind each line that makes something, and a bar for each', async () => {
      await workbench.command(TOGGLE);
      const found = await until('bytes', async () => {
        const drawn = await behind();
        return drawn.length > 5 && drawn;
      });
      match(at(found, 'energy'), /^504 KiB$/);
      match(at(found, 'return self.gamma'), /^1\.1 MiB · peak$/);
      equal(found.filter(({ bytes }) => bytes.includes('peak')).length, 1);
      const pictures = await bars();
      equal(pictures.length, found.length);
      ok(new Set(pictures).size > 3, 'bars of several lengths');
    });

    it('follows what is typed', async () => {
      await workbench.goTo(FILE, placeOf(pytorch, FILE, 'attention = ').line);
      await page.keyboard.press('End');
      await page.keyboard.press('Enter');
      await page.keyboard.type('del energy');
      await until('the peak elsewhere', async () => at(await behind(), 'attention') === '792 KiB · peak');
      equal(at(await behind(), 'return self.gamma'), '792 KiB');
      await workbench.command('File: Revert File');
      await until('as before', async () => at(await behind(), 'return self.gamma') === '1.1 MiB · peak');
    });

    it('is gone when it is switched off', async () => {
      await workbench.command(TOGGLE);
      await until('nothing', async () => (await behind()).length + (await bars()).length === 0);
    });
  });

  describe('the hover of a class', () => {
    it('leads to the line where most is alive', async () => {
      const { line } = placeOf(pytorch, FILE, 'class PositionAttention');
      await workbench.goTo(FILE, line, 8);
      await workbench.hover('inference peak');
      const peak = placeOf(pytorch, FILE, 'return self.gamma').line;
      await page.locator('.monaco-hover:not(.hidden) tr', { hasText: 'inference peak' }).locator('a').click();
      await until('the cursor there', async () => (await workbench.activeLine()) === peak);
    });
  });
}
