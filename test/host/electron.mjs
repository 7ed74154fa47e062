// The same suite inside a desktop VS Code: the one that VSCODE_EXECUTABLE names, else one that is downloaded.
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { cached, ROOT, temporary } from '../../scripts/workbench/folders.mjs';
import { report, say } from '../../scripts/workbench/results.mjs';
import { outcomes, prepare, TESTS } from './workspace.mjs';

async function executable() {
  if (process.env.VSCODE_EXECUTABLE) return process.env.VSCODE_EXECUTABLE;
  try {
    return await downloadAndUnzipVSCode({ cachePath: cached('vscode-test'), timeout: 30_000 });
  } catch (error) {
    console.error(`VS Code could not be downloaded: ${error.message}\nInstall it, and name its program with VSCODE_EXECUTABLE. No test was run.`);
    process.exit(1);
  }
}

/** Runs it; the exit code of the editor, or why there is none. */
async function runSuite(workspace, env) {
  const launchArgs = [
    workspace,
    '--disable-extensions',
    '--disable-workspace-trust',
    '--skip-welcome',
    '--no-sandbox',
    '--user-data-dir',
    temporary('desktop'),
  ];
  try {
    return await runTests({
      vscodeExecutablePath: await executable(),
      extensionDevelopmentPath: ROOT,
      extensionTestsPath: TESTS,
      extensionTestsEnv: env,
      launchArgs,
    });
  } catch (error) {
    return error.message;
  }
}

const { workspace, results, env } = prepare();
const found = outcomes(results, await runSuite(workspace, env));
found.forEach(say);
process.exit(report('electron', found));
