// The suite inside the extension host of the embedded VS Code.
import { format } from 'node:util';
import { launchBrowser } from '../../scripts/workbench/browser.mjs';
import { ROOT } from '../../scripts/workbench/folders.mjs';
import { openWorkbench } from '../../scripts/workbench/page.mjs';
import { report, say } from '../../scripts/workbench/results.mjs';
import { startServer } from '../../scripts/workbench/server.mjs';
import { outcomes, prepare, TESTS } from './workspace.mjs';

const LIMIT_MS = 240_000;

/** Opens the workbench, which runs the suite by itself and says when it has ended. */
async function runSuite(server, workspace) {
  const browser = await launchBrowser();
  const payload = [
    ['extensionDevelopmentPath', ROOT.replace(/\/$/, '')],
    ['extensionTestsPath', TESTS],
  ];
  const ended = new Promise((resolve) => {
    const prepare = async (page) => {
      await page.exposeFunction('codeAutomationExit', resolve);
      await page.exposeFunction('codeAutomationLog', (type, args) => process.env.VERBOSE && console.log(type, format(...args)));
    };
    openWorkbench(browser, server.address({ folder: workspace, payload }), { prepare, permissions: ['clipboard-read', 'clipboard-write'] }).catch((error) =>
      resolve(error.message),
    );
    setTimeout(() => resolve('nothing in time'), LIMIT_MS);
  });
  const code = await ended;
  await browser.close();
  return code;
}

const { workspace, results, env } = prepare();
const code = await runSuite(await startServer({ env }), workspace);
const found = outcomes(results, code);
found.forEach(say);
process.exit(report('host', found));
