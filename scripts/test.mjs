// `npm test`: the checks, then every suite, whatever became of the one before it; the last line sums them all.
import { spawn, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { cached } from './workbench/folders.mjs';
import { report } from './workbench/results.mjs';

/** The first takes as long as all the others, which run one after the other beside it. */
const [LONGEST, ...OTHERS] = ['typecheck', 'lint', 'deps', 'build'];
const SUITES = ['unit', 'host', 'e2e'];
const SHELL = process.platform === 'win32';

const seconds = (since) => ((performance.now() - since) / 1000).toFixed(0);

function suite(name) {
  console.log(`\n— ${name}`);
  const started = performance.now();
  const { status } = spawnSync('npm', ['run', '--silent', name], { stdio: 'inherit', shell: SHELL });
  console.log(`— ${name}: ${status === 0 ? 'good' : 'failed'}, ${seconds(started)} s`);
}

/** Runs a check and says all of it at its end: checks that run at one time would speak across each other. */
function check(name) {
  const started = performance.now();
  const child = spawn('npm', ['run', '--silent', name], { stdio: ['ignore', 'pipe', 'pipe'], shell: SHELL });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => said.push(text));
  return new Promise((done) => {
    child.on('close', (code) => {
      console.log(`\n— ${name}\n${Buffer.concat(said)}— ${name}: ${code === 0 ? 'good' : 'failed'}, ${seconds(started)} s`);
      done(code === 0 ? { title: name } : { title: name, error: 'failed' });
    });
  });
}

async function inTurn(names) {
  const outcomes = [];
  for (const name of names) outcomes.push(await check(name));
  return outcomes;
}

rmSync(cached('results'), { recursive: true, force: true });
report('checks', (await Promise.all([check(LONGEST), inTurn(OTHERS)])).flat());
for (const name of SUITES) suite(`test:${name}`);
console.log();
const { status } = spawnSync(process.execPath, ['.ci/results.mjs', 'checks', ...SUITES], { stdio: 'inherit' });
process.exit(status ?? 1);
