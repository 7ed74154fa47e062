// What is PyTorch's own: twins in the gallery, and weights from a file.
import { match } from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { until } from '../../scripts/workbench/page.mjs';
import { placeOf } from './modules.mjs';
import { panelOf } from './panel.mjs';

const FILE = 'danetPosition.py';
const NAME = 'PositionAttention';

/** A safetensors file of tensors that are all zeros. */
function zeros(shapes) {
  let end = 0;
  const header = Object.entries(shapes).map(([name, shape]) => {
    const from = end;
    end += 4 * shape.reduce((all, size) => all * size, 1);
    return [name, { dtype: 'F32', shape, data_offsets: [from, end] }];
  });
  const text = Buffer.from(JSON.stringify(Object.fromEntries(header)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, Buffer.alloc(end)]);
}

const conv = (name, out, channels) => ({ [`${name}.weight`]: [out, channels, 1, 1], [`${name}.bias`]: [out] });

/** The state of the module at its example's sizes: 64 channels, reduced to 8. */
const STATE = { ...conv('query', 8, 64), ...conv('key', 8, 64), ...conv('value', 64, 64), gamma: [1] };

export function pythonSuite({ workbench, pytorch }) {
  const { page } = workbench;
  const panel = panelOf(workbench);

  /** Answers the editor's own file dialog, which is a quick input in a browser: it lists the folder of what is typed. */
  async function openInDialog(path) {
    const input = page.locator('.quick-input-widget input.input').first();
    await input.waitFor({ state: 'visible' });
    await until('the dialog to take the path', async () => {
      await input.fill(path, { timeout: 4000 });
      await page
        .locator('.quick-input-list .monaco-list-row', { hasText: basename(path) })
        .first()
        .click({ timeout: 4000 });
      await input.waitFor({ state: 'hidden', timeout: 4000 });
      return true;
    });
  }

  describe('PyTorch', () => {
    it('opens a mechanism of the gallery with its twin beside it', async () => {
      await workbench.command('View: Close All Editors');
      await workbench.command('Attention Shapes: Open Gallery');
      const input = page.locator('.quick-input-widget input.input').first();
      await input.fill('sagan.py');
      await page.locator('.quick-input-list .monaco-list-row', { hasText: 'sagan.py' }).first().click();
      await until('both files', async () => {
        const tabs = await page.locator('.tab').evaluateAll((found) => found.map((tab) => tab.getAttribute('data-resource-name')));
        return tabs.includes('sagan.py') && tabs.includes('sagan.ts');
      });
      await workbench.command('View: Close All Editors');
    });

    it('loads weights from a safetensors file, and says which do not fit', async () => {
      const { line } = placeOf(pytorch, FILE, `class ${NAME}`);
      const fits = join(pytorch, 'zeros.safetensors');
      const other = join(pytorch, 'other.safetensors');
      await workbench.goTo(FILE, line);
      await workbench.command('Attention Shapes: Run Attention Block');
      match(await panel.outcome(NAME), /^Ran on webgl/);
      writeFileSync(fits, zeros(STATE));
      writeFileSync(other, zeros({ ...STATE, gamma: [2], spare: [1] }));
      await panel.frame.locator('#load').click();
      await openInDialog(other);
      await until('what does not fit', async () => /belongs to nothing/.test(await panel.text('#refusal p')));
      await panel.frame.locator('#load').click();
      await openInDialog(fits);
      await until('the name of the file', async () => (await panel.text('attention-weights .name')) === 'zeros.safetensors');
      match(await panel.outcome(NAME), /All \d+ shapes as predicted/);
      await panel.frame.locator('#drop').click();
      match(await panel.outcome(NAME), /^Ran on webgl/);
    });
  });
}
