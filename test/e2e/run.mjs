// The suite on the installed package, in a browser: one server and one workbench for all of it. An argument keeps only the tests that match it.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Mocha from 'mocha';
import { launchBrowser } from '../../scripts/workbench/browser.mjs';
import { cached } from '../../scripts/workbench/folders.mjs';
import { serveInstalled } from '../../scripts/workbench/installed.mjs';
import { openWorkbench } from '../../scripts/workbench/page.mjs';
import { report, say } from '../../scripts/workbench/results.mjs';
import { compareSuite } from './compare.mjs';
import { gallerySuite } from './gallery.mjs';
import { memorySuite } from './memory.mjs';
import { findingsIn, modulesIn } from './modules.mjs';
import { noWebglSuite } from './noWebgl.mjs';
import { panelSuite } from './panelLife.mjs';
import { pythonSuite } from './python.mjs';
import { slipSuite } from './slips.mjs';

const SETTINGS = {
  'editor.stickyScroll.enabled': false,
  'editor.minimap.enabled': false,
  'editor.inlayHints.maximumLength': 0,
  'typescript.validate.enable': false,
};

const FAILURES = cached('failures');

/** Keeps every WebGL context that a page makes, so that a test can take one away. */
function keepContexts() {
  globalThis.drawingContexts = [];
  for (const { prototype } of [HTMLCanvasElement, OffscreenCanvas]) {
    const { getContext } = prototype;
    prototype.getContext = function (kind, ...rest) {
      const context = getContext.call(this, kind, ...rest);
      if (context && kind.startsWith('webgl')) globalThis.drawingContexts.push(context);
      return context;
    };
  }
}

/** All that the suites work with. */
async function prepare() {
  const { folder: gallery, address } = await serveInstalled({ settings: SETTINGS });
  const [folder, pytorch] = ['typescript', 'pytorch'].map((name) => join(gallery, name));
  const workbench = await openWorkbench(await launchBrowser(), address, { prepare: (page) => page.addInitScript(keepContexts) });
  const openPlain = async () => openWorkbench(await launchBrowser({ webgl: false }), address);
  const slips = { 'surveySlips.ts': await findingsIn(folder, 'surveySlips.ts'), 'surveySlips.py': await findingsIn(pytorch, 'surveySlips.py') };
  return { folder, pytorch, workbench, openPlain, modules: [...(await modulesIn(folder)), ...(await modulesIn(pytorch))], slips };
}

/** A picture of the moment of a failure. */
async function photograph({ page }, title) {
  mkdirSync(FAILURES, { recursive: true });
  const path = join(FAILURES, `${title.replace(/\W+/g, '-')}.png`);
  await page.screenshot({ path, timeout: 10_000 }).catch(() => {});
  return path;
}

/** Runs the suites and gives what came of each test; one that was passed over has failed. */
function runSuites(suites, context, filter) {
  const mocha = new Mocha({ ui: 'bdd', timeout: 180_000, reporter: 'base' });
  mocha.suite.emit('pre-require', globalThis, 'e2e', mocha);
  if (filter) mocha.grep(filter);
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') console.log(await photograph(context.workbench, this.currentTest.fullTitle()));
  });
  for (const suite of suites) suite(context);
  const outcomes = [];
  const note = (outcome) => {
    outcomes.push(outcome);
    say(outcome);
  };
  return new Promise((resolve) => {
    const runner = mocha.run(() => resolve(outcomes));
    runner.on('pass', (test) => note({ title: test.fullTitle() }));
    runner.on('pending', (test) => note({ title: test.fullTitle(), error: 'was not run' }));
    runner.on('fail', (test, error) => note({ title: test.fullTitle(), error: error.stack ?? String(error) }));
  });
}

const outcomes = await runSuites([gallerySuite, slipSuite, panelSuite, pythonSuite, memorySuite, compareSuite, noWebglSuite], await prepare(), process.argv[2]);
process.exit(report('e2e', outcomes));
