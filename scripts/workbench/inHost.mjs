// Runs a program inside the extension host of the embedded VS Code, beside the extension as it stands in this repository.
import { format } from 'node:util';
import { launchBrowser } from './browser.mjs';
import { ROOT } from './folders.mjs';
import { openWorkbench } from './page.mjs';
import { startServer } from './server.mjs';

/** Opens a folder in a workbench, which calls the program's `run`; gives the exit code, or in words why there is none. */
export async function runInHost({ folder, program, env, limit, ...context }) {
  const server = await startServer({ env });
  const browser = await launchBrowser();
  const payload = [
    ['extensionDevelopmentPath', ROOT.replace(/\/$/, '')],
    ['extensionTestsPath', program],
  ];
  const ended = new Promise((resolve) => {
    const prepare = async (page) => {
      await page.exposeFunction('codeAutomationExit', resolve);
      await page.exposeFunction('codeAutomationLog', (type, args) => process.env.VERBOSE && console.log(type, format(...args)));
    };
    openWorkbench(browser, server.address({ folder, payload }), { prepare, ...context }).catch((error) => resolve(error.message));
    setTimeout(() => resolve('nothing in time'), limit).unref();
  });
  const code = await ended;
  await browser.close();
  server.stop();
  return code;
}
