// `npm test`: the checks, then every suite, whatever became of the one before it; the last line sums them all.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { cached } from './workbench/folders.mjs';
import { report } from './workbench/results.mjs';

const CHECKS = ['typecheck', 'lint', 'deps', 'build'];
const SUITES = ['unit', 'host', 'e2e'];

function npmRun(script) {
  console.log(`\n— ${script}`);
  const started = performance.now();
  const { status } = spawnSync('npm', ['run', '--silent', script], { stdio: 'inherit', shell: process.platform === 'win32' });
  console.log(`— ${script}: ${status === 0 ? 'good' : 'failed'}, ${((performance.now() - started) / 1000).toFixed(0)} s`);
  return status === 0;
}

rmSync(cached('results'), { recursive: true, force: true });
report(
  'checks',
  CHECKS.map((title) => (npmRun(title) ? { title } : { title, error: 'failed' })),
);
for (const suite of SUITES) npmRun(`test:${suite}`);
console.log();
const { status } = spawnSync(process.execPath, ['.ci/results.mjs', 'checks', ...SUITES], { stdio: 'inherit' });
process.exit(status ?? 1);
