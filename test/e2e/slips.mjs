// Mistakes: those of the survey, and one that is typed.
import { ok } from 'node:assert/strict';
import { until } from '../../scripts/workbench/page.mjs';
import { placeOf } from './modules.mjs';

export function slipSuite({ workbench, folder, slips }) {
  for (const [file, found] of Object.entries(slips))
    describe(`the survey’s slips, ${file}`, () => {
      it('are several', () => ok(found.length >= 7, `${found.length} findings`));

      for (const { line, column, code, message, severity } of found) {
        it(`line ${line}: ${severity} ${code} is underlined and says why`, async () => {
          await workbench.goTo(file, line, column);
          await until('a squiggle', () => workbench.squiggleOnCursorLine(severity));
          await workbench.hover(message);
        });
      }
    });

  describe('typing', () => {
    const file = 'selfAttention.ts';
    const before = 'tf.matMul(q, k, false, true';

    it('underlines a mistake while it is typed, and clears it when it is gone', async () => {
      const { line, column } = placeOf(folder, file, before);
      const { page } = workbench;
      const underlined = () => workbench.squiggleOnCursorLine('warning');
      await workbench.goTo(file, line, column + before.length);
      ok(!(await underlined()));
      for (let key = 0; key < 'true'.length; key++) await page.keyboard.press('Backspace');
      await page.keyboard.type('false');
      await until('a squiggle', underlined);
      ok(await workbench.isDirty(file), 'the file was saved');
      await page.keyboard.press('Escape');
      for (let key = 0; key < 'false'.length; key++) await page.keyboard.press('Backspace');
      await page.keyboard.type('true');
      await page.keyboard.press('Escape');
      await until('no squiggle', async () => !(await underlined()));
      await workbench.command('File: Revert File');
    });

    it('keeps the hints and lenses of what still stands', async () => {
      const { line } = placeOf(folder, file, 'const merged');
      await workbench.goTo(file, line, 1);
      const { page } = workbench;
      await page.keyboard.type('const half = tf.matMul(context, ');
      await workbench.goTo(file, line - 2, 1);
      await until('the hint above', async () => (await workbench.cursorLine()).includes('b, heads, n, units//heads'));
      await workbench.command('File: Revert File');
    });
  });
}
