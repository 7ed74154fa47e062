// A browser that cannot draw: the block runs all the same, and the panel says on what and why.
import { match, ok } from 'node:assert/strict';
import { panelOf } from './panel.mjs';

export function noWebglSuite({ openPlain, modules }) {
  describe('without WebGL', () => {
    it('falls back, says so, and runs', async () => {
      const workbench = await openPlain();
      const { name, file, line } = modules.find((module) => module.file === 'selfAttention.ts');
      await workbench.goTo(file, line);
      await workbench.command('Attention Shapes: Run Attention Block');
      const panel = panelOf(workbench);
      const words = await panel.outcome(name);
      match(words, /^Ran on (wasm|cpu)/);
      match(words, /All \d+ shapes as predicted/);
      match(words, /All values finite/);
      ok(/WebGL/.test(await panel.text('#fallback p')), 'the panel does not say why');
      await workbench.close();
    });
  });
}
