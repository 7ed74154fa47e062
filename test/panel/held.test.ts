/** What the panel says of the memory that WebGL held. */
import { expect, it } from 'vitest';
import type { TextureForecast } from '../../src/run/webgl/index';
import { heldNote, heldTitle } from '../../webview/held';
import { selfAttention } from '../graph/builder';

const MIB = 2 ** 20;
const graph = selfAttention();
const softmax = graph.nodes.find(({ op }) => op === 'softmax')?.id ?? 0;
const conv = graph.nodes.find(({ op }) => op === 'matmul')?.id ?? 0;

const foreseen = (parts: Partial<TextureForecast>): TextureForecast => {
  const { tensors = 0, packing = 0, copies = 0, own = 0 } = parts;
  return { bytes: tensors + packing + copies + own, node: softmax, tensors, packing, copies, own, steps: new Map(), unknown: [], ...parts };
};

const note = (forecast: TextureForecast, bytes = forecast.bytes, node = softmax): string =>
  heldNote({ measured: { bytes, node, steps: new Map() }, foreseen: forecast }, graph).replaceAll('\u00a0', ' ');

it('says what was predicted, and no more where tensors take nearly all of it', () => {
  expect(note(foreseen({ tensors: 40 * MIB, packing: MIB }))).toBe('predicted 41.0 MiB');
  expect(note(foreseen({ tensors: 2000, own: 3000 }))).toBe('predicted 4.9 KiB');
});

it('names what takes more than the tensors', () => {
  const parts = { tensors: 25 * MIB, packing: 3.5 * MIB, copies: 2 * MIB, own: 12 * MIB };
  expect(note(foreseen(parts))).toBe('predicted 42.5 MiB: tensors 25.0 MiB, packing 3.5 MiB, copied views 2.0 MiB, softmax’s own 12.0 MiB');
});

it('names what was not predicted, by the step in which it was taken', () => {
  expect(note(foreseen({ tensors: 20 * MIB }), 24 * MIB, conv)).toBe('predicted 20.0 MiB: 4.0 MiB in matmul not predicted');
  expect(note(foreseen({ tensors: 20 * MIB }), 15 * MIB, conv)).toBe('predicted 20.0 MiB: 5.0 MiB less in softmax than predicted');
  expect(note(foreseen({ tensors: 20 * MIB }), 20.5 * MIB)).toBe('predicted 20.0 MiB');
});

it('says of which steps it is not known what they need', () => {
  expect(note(foreseen({ tensors: MIB, unknown: [{ node: conv, uses: 'fft' }] }))).toBe('predicted 1.0 MiB: what matmul needs on the way is not known');
});

it('says during which step it was', () => {
  const title = heldTitle({ measured: { bytes: 1, node: softmax, steps: new Map() }, foreseen: foreseen({}) }, graph);
  expect(title).toContain(`during softmax in line ${graph.nodes[softmax]?.span.line}.`);
});
