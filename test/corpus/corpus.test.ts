/** Every module of the corpus runs as it is, and the recorder sees what its names held. */
import { describe, expect, it } from 'vitest';
import { record } from '../recorder/recorder';
import { CORPUS, requestOf } from './cases';

describe('the corpus runs under the recorder', () => {
  it.each(CORPUS.map((item) => [item.id, item] as const))('%s', async (_, item) => {
    const truth = await record(requestOf(item));
    expect(truth.outputs.length).toBeGreaterThan(0);
    expect(truth.values.length).toBeGreaterThan(0);
    expect(truth.values.filter((row) => row.sizes.length === 0 && row.kind !== 'tensor')).toEqual([]);
  });
});
