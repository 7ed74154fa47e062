/** The same pairs on WebGL, in a browser. */
import { build } from 'esbuild';
import { launchBrowser } from '../scripts/workbench/browser.mjs';
import { blocks, report } from './blocks';
import type { Block, Measured } from './pairs';

interface Page {
  measureOnWebgl(block: Block): Promise<Measured>;
}

export async function measure(): Promise<string[]> {
  const { outputFiles } = await build({ entryPoints: ['bench/page.ts'], bundle: true, write: false, format: 'iife', logLevel: 'error' });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ content: outputFiles[0]?.text ?? '' });
    const measured: Measured[] = [];
    for (const block of await blocks()) measured.push(await page.evaluate((one) => (globalThis as unknown as Page).measureOnWebgl(one), block));
    return report(measured);
  } finally {
    await browser.close();
  }
}
