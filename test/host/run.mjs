// The suite inside the extension host of the embedded VS Code.
import { runInHost } from '../../scripts/workbench/inHost.mjs';
import { report, say } from '../../scripts/workbench/results.mjs';
import { outcomes, prepare, TESTS } from './workspace.mjs';

const LIMIT_MS = 240_000;

const { workspace, results, env } = prepare();
const permissions = ['clipboard-read', 'clipboard-write'];
const code = await runInHost({ folder: workspace, program: TESTS, env, limit: LIMIT_MS, permissions });
const found = outcomes(results, code);
found.forEach(say);
process.exit(report('host', found));
