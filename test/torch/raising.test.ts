/** Small calls that torch refuses: each is an error on the line that raises. */
import { describe, expect, it } from 'vitest';
import { errorsOf, read } from './reading';
import { raisingCalls } from './truths';

describe('a call that torch refuses', () => {
  it.each(raisingCalls().map((call) => [call.id, call] as const))('%s is an error on its line', async (_, call) => {
    const found = errorsOf(await read(call, true));
    expect(found.map((each) => Number.parseInt(each, 10))).toContain(call.line);
  });
});
