// Every module of the gallery, in the editor and in the panel.
import { deepEqual, match, ok } from 'node:assert/strict';
import { until } from '../../scripts/workbench/page.mjs';
import { panelOf } from './panel.mjs';

const shapeWords = ({ shape }) => shape.join(', ');

function hasLens(workbench, { file, line, head }) {
  it('has a lens that says what it costs', async () => {
    await workbench.goTo(file, line);
    const words = await until(`a lens above ${head}`, () => workbench.lensAbove(head));
    match(words, /Run Attention Block/);
    for (const word of [/→/, /peak/i, /param/i, /MAC/]) match(words, word);
  });
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB'];

/** What WebGL held is within a twentieth of what was predicted. */
function isHeldAsPredicted(words) {
  const [held, predicted] = [...words.matchAll(/([\d.]+)\s(B|KiB|MiB|GiB)/g)].map(([, number, unit]) => Number(number) * 1024 ** UNITS.indexOf(unit));
  ok(/^Held in WebGL\s/.test(words) && Math.abs(held - predicted) <= held / 20, words);
}

function moduleSuite({ workbench }, module) {
  const { name, file, line, row, attention } = module;

  describe(`${file} ${name}`, () => {
    it('has a tensor to point at', () => ok(row, 'no assigned tensor of known shape'));

    it('shows its shape on hover', async () => {
      await workbench.goTo(file, row.line, row.column);
      await workbench.hover(shapeWords(row));
    });

    it('shows it as a hint', async () => {
      await workbench.goTo(file, row.line, row.column);
      await until(`a hint with ${shapeWords(row)}`, async () => (await workbench.cursorLine()).includes(shapeWords(row)));
    });

    if (attention) hasLens(workbench, module);

    it('runs from the palette on WebGL as predicted', async () => {
      await workbench.goTo(file, line);
      await workbench.command('Attention Shapes: Run Attention Block');
      const panel = panelOf(workbench);
      const words = await panel.outcome(name);
      match(words, /^Ran on webgl/);
      match(words, /All \d+ shapes as predicted/);
      match(words, /All values finite/);
      isHeldAsPredicted(await panel.text('#webgl'));
      deepEqual(await panel.bad(), []);
      ok((await panel.ranShapes()).some((shape) => shape.includes('as predicted')));
    });
  });
}

export function gallerySuite(context) {
  describe('gallery', () => {
    for (const ending of ['.ts', '.py']) {
      const files = new Set(context.modules.filter(({ attention, file }) => attention && file.endsWith(ending)).map(({ file }) => file));
      it(`has a mechanism in each of its ${ending} files`, () => ok(files.size >= 11, [...files].join(', ')));
    }
    for (const module of context.modules) moduleSuite(context, module);
  });
}
