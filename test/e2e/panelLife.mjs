// What the panel lives through.
import { deepEqual, match, ok } from 'node:assert/strict';
import { until } from '../../scripts/workbench/page.mjs';
import { placeOf } from './modules.mjs';
import { panelOf } from './panel.mjs';

const FILE = 'selfAttention.ts';
const NAME = 'SelfAttention';

export function panelSuite({ workbench, folder }) {
  const panel = panelOf(workbench);
  const { page } = workbench;
  const place = placeOf(folder, FILE, `class ${NAME}`);
  const shown = (size) => async () => (await panel.ranShapes()).some((shape) => shape.includes(String(size)));

  describe('panel', () => {
    it('opens with a click on the lens', async () => {
      await workbench.command('View: Close All Editors');
      await workbench.goTo(FILE, place.line);
      await workbench.clickLens('Run Attention Block');
      match(await panel.outcome(NAME), /^Ran on webgl/);
    });

    it('runs again at sizes that are edited', async () => {
      await panel.setSize('n', 13);
      match(await panel.outcome(NAME, shown(13)), /All \d+ shapes as predicted/);
      await panel.setSize('n', 7);
      match(await panel.outcome(NAME, shown(7)), /All \d+ shapes as predicted/);
    });

    it('refuses sizes that are too large, and runs again at others', async () => {
      await panel.setSize('n', 1_000_000_000);
      await until('a refusal', async () => (await panel.text('#refusal p')).length > 0);
      await panel.setSize('n', 9);
      match(await panel.outcome(NAME, shown(9)), /^Ran on webgl/);
    });

    it('follows the cursor, and leads to the line of a step', async () => {
      const { line, column } = placeOf(folder, FILE, 'const scores');
      await workbench.goTo(FILE, line, column + 'const '.length);
      await until('the step', async () => (await panel.text('attention-table tr.chosen .title')).includes('scores'));
      await panel.frame.locator('attention-table tr', { hasText: 'merged' }).first().click();
      const target = placeOf(folder, FILE, 'const merged').line;
      await until('the line', async () => (await workbench.activeLine()) === target);
    });

    it('runs the block again when its code changes', async () => {
      const { line, column } = placeOf(folder, FILE, 'const attention = ');
      await workbench.goTo(FILE, line, column);
      await page.keyboard.type('const doubled = scores.mul(2);');
      await until('the new step', async () => (await panel.text('attention-table tbody')).includes('doubled'));
      match(await panel.outcome(NAME), /All \d+ shapes as predicted/);
      await workbench.goTo(FILE, line, column);
      await workbench.command('File: Revert File');
      await until('the step gone', async () => !(await panel.text('attention-table tbody')).includes('doubled'));
    });

    it('comes back when it was hidden', async () => {
      await workbench.clickTab(NAME);
      await workbench.goTo('cbam.ts', 1, 1, 2);
      await until('another tab before it', async () => !(await page.locator('iframe.webview.ready').first().isVisible()));
      await workbench.clickTab(NAME);
      match(await panel.outcome(NAME), /^Ran on webgl/);
    });

    it('survives a lost context', async () => {
      const frame = await panel.inside();
      const lost = await frame.evaluate(() => globalThis.drawingContexts.map((context) => context.getExtension('WEBGL_lose_context')?.loseContext()).length);
      ok(lost > 0, 'no context was there to lose');
      await panel.setSize('n', 10);
      const words = await panel.outcome(NAME, shown(10));
      match(words, /^Ran on webgl/);
      match(words, /All values finite/);
    });

    it('stays usable when its file is closed', async () => {
      await workbench.goTo(FILE);
      await workbench.command('View: Close Editor');
      await until('a word of it', async () => (await panel.text('#notice p')).length > 0);
      await panel.setSize('n', 11);
      match(await panel.outcome(NAME, shown(11)), /^Ran on webgl/);
      deepEqual(await panel.bad(), []);
    });
  });
}
