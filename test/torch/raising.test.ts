/** Small calls that torch refuses: each is an error on the line that raises. */
import { describe, expect, it } from 'vitest';
import { errorsOf, read } from './reading';
import { raisingCalls } from './truths';

/** What has nothing to do with shapes: names that are nowhere, and truth of several values. A false alarm would be worse than silence. */
const SILENT = new Set(['bad-attribute', 'bad-torch-attribute', 'bad-module-missing-attribute', 'bad-bool-of-tensor']);

describe('a call that torch refuses', () => {
  const cases = raisingCalls().filter(({ id }) => !SILENT.has(id));

  it.each(cases.map((call) => [call.id, call] as const))('%s is an error on its line', async (_, call) => {
    const found = errorsOf(await read(call, true));
    expect(found.map((each) => Number.parseInt(each, 10))).toContain(call.line);
  });
});
