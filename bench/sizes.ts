/** What is shipped, in bytes. */
import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { line } from './statistics';

const kilobytes = (file: string): string => `${(statSync(file).size / 1000).toFixed(0)} kB`;
const VSIX = 'attention-shapes.vsix';

export async function measure(): Promise<string[]> {
  if (!existsSync(VSIX)) execFileSync('npm', ['run', '--silent', 'package'], { stdio: 'ignore' });
  return [
    line('VSIX', kilobytes(VSIX), '≤ 6000 kB'),
    line('the host’s bundle', kilobytes('dist/extension.js'), '≤ 200 kB'),
    line(
      'the worker’s, the command line’s, the runner’s, the panel’s',
      ['worker.js', 'cli.js', 'runner.js', 'webview/main.js'].map((name) => kilobytes(`dist/${name}`)).join(', '),
    ),
  ];
}
