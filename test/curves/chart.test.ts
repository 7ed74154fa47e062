/** Charts of drawn curves in drawn rooms: nothing covers anything, nothing leaves the picture, and the SVG says it all. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boxOf, distance, guessedWidth, meet, runsThrough, spread, within } from '../../src/curves/geometry';
import { chart, svgOf } from '../../src/curves/index';
import type { Box, Chart, ChartSource, ChartText } from '../../src/curves/types';
import { elementsOf, parseXml, textOf } from './xml';

const label = fc.oneof(
  fc.constantFrom('SelfAttention', 'CrissCrossAttention', 'PAM_Module', 'SpatialReductionAttention[sr_ratio=4]', 'C'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
);
const point = fc.record({
  at: fc.integer({ min: 1, max: 8192 }),
  value: fc.oneof(fc.integer({ min: 0, max: 2 ** 20 }), fc.double({ min: 1, max: 1e18, noNaN: true })),
});
const source: fc.Arbitrary<ChartSource> = fc.record(
  {
    title: label,
    quantity: fc.constantFrom('bytes', 'count'),
    unit: fc.constant('MACs'),
    size: fc.constantFrom('h = w', 'n'),
    curves: fc.array(fc.record({ label, points: fc.array(point, { maxLength: 13 }) }), { maxLength: 12 }),
    limit: fc.record({ value: fc.integer({ min: 2 ** 20, max: 2 ** 40 }), label: fc.constant('24 GiB') }),
    notes: fc.array(fc.lorem({ maxCount: 12 }), { maxLength: 3 }),
    without: fc.array(fc.record({ label, reason: fc.lorem() }), { maxLength: 2 }),
  },
  { requiredKeys: ['title', 'quantity', 'size', 'curves'] },
);
const room = fc.record({ width: fc.integer({ min: 280, max: 1400 }), height: fc.integer({ min: 200, max: 900 }) });

const isThere = <T>(one: T | undefined): one is T => one !== undefined;

/** All that is written, but for a limit's label, which has to stand at its line. */
const textsOf = (made: Chart): readonly ChartText[] =>
  [
    made.title,
    made.horizontal.title,
    made.vertical.title,
    ...[...made.horizontal.ticks, ...made.vertical.ticks].map((tick) => tick.label),
    ...made.lines.map(({ name }) => name),
    ...made.crossings.map((crossing) => crossing.label),
    ...made.legend.map((entry) => entry.label),
    ...made.notes,
    made.empty,
  ].filter(isThere);

const box = (text: ChartText): Box => boxOf(text, guessedWidth);
/** A little smaller: boxes that only touch do not cover each other. */
const core = ({ x, y, width, height }: Box): Box => ({ x: x + 0.6, y: y + 0.6, width: Math.max(0.1, width - 1.2), height: height - 1.2 });

describe('a chart', () => {
  it('writes nothing over anything, and all of it within the picture', () => {
    fc.assert(
      fc.property(source, room, (shown, size) => {
        const made = chart(shown, size);
        const texts = textsOf(made).filter(({ text }) => text.trim() !== '');
        const boxes = texts.map(box).map(core);
        const picture = { x: 0, y: 0, width: made.width, height: made.height };
        expect(texts.filter((_, at) => !within(boxes[at] ?? picture, picture)).map(({ text }) => text)).toEqual([]);
        const covered = boxes.flatMap((one, at) =>
          boxes.slice(0, at).flatMap((other, second) => (meet(one, other) ? [[texts[at]?.text, texts[second]?.text]] : [])),
        );
        expect(covered).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps its lines in the plot, and its labels off the lines', () => {
    fc.assert(
      fc.property(source, room, (shown, size) => {
        const { lines, plot, crossings, limit } = chart(shown, size);
        const around = { x: plot.x - 0.01, y: plot.y - 0.01, width: plot.width + 0.02, height: plot.height + 0.02 };
        for (const { points } of lines) for (const { x, y } of points) expect(within({ x, y, width: 0, height: 0 }, around)).toBe(true);
        for (const { x, y, label: text } of crossings) {
          expect(within({ x, y, width: 0, height: 0 }, around)).toBe(true);
          if (text) expect(lines.some(({ points }) => runsThrough(points, box(text)))).toBe(false);
          // No other mark is as near to it.
          const nearer = text ? crossings.filter((other) => distance(other, box(text)) <= distance({ x, y }, box(text))) : [];
          if (text) expect(nearer.map(({ crossing }) => crossing.at)).toEqual([crossings.find((one) => one.label === text)?.crossing.at]);
        }
        if (limit) expect(limit.y).toBeGreaterThanOrEqual(around.y);
      }),
    );
  });

  it('writes at a crossing the size that is known of it, in the picture and in words', () => {
    const powers = (power: number) => [1, 100].map((at) => ({ at, value: 10 ** 6 * (at / 10.2) ** power }));
    const curves = [
      { label: 'steep', points: powers(2) },
      { label: 'flat', points: powers(1) },
    ];
    const shown: ChartSource = { title: 't', quantity: 'bytes', size: 'n', curves };
    const plain = chart(shown, { width: 800, height: 480 });
    expect(plain.crossings.map(({ label: text }) => text?.text)).toEqual(['n ≈ 10']);
    expect(plain.description).toContain('from n ≈ 10 on');
    const [crossing] = plain.crossings.map((one) => one.crossing);
    const made = chart({ ...shown, crossings: crossing ? [{ ...crossing, first: 11 }] : [] }, { width: 800, height: 480 });
    expect(made.crossings.map(({ x, y, label: text }) => [x, y, text?.text])).toEqual(plain.crossings.map(({ x, y }) => [x, y, 'n = 11']));
    expect(made.description).toContain('flat is smaller than steep from n = 11 on');
  });

  it('tells no two of its lines apart by colour alone', () => {
    const curves = Array.from({ length: 24 }, (_, at) => ({ label: `block ${at}`, points: [{ at: 1, value: at + 1 }] }));
    const styles = chart({ title: 't', quantity: 'count', size: 'n', curves }, { width: 900, height: 900 }).lines.map(({ style }) => style);
    expect(new Set(styles.map((style) => JSON.stringify(style))).size).toBe(24);
    expect(new Set(styles.slice(0, 6).map(({ dash }) => dash.join())).size).toBe(6);
    expect(new Set(styles.slice(0, 6).map(({ marker }) => marker)).size).toBe(6);
  });

  it('writes bytes in powers of two with units of 1024, counts in those of 1000', () => {
    const points = [
      { at: 16, value: 3 * 2 ** 19 },
      { at: 256, value: 5 * 2 ** 30 },
    ];
    const ticks = (quantity: 'bytes' | 'count') =>
      chart({ title: 't', quantity, size: 'h = w', curves: [{ label: 'a', points }] }, { width: 800, height: 480 }).vertical.ticks.map(
        ({ value, label: text }) => ({ value, text: text?.text }),
      );
    expect(ticks('bytes')).toEqual([
      { value: 2 ** 20, text: '1 MiB' },
      { value: 2 ** 22, text: '4 MiB' },
      { value: 2 ** 24, text: '16 MiB' },
      { value: 2 ** 26, text: '64 MiB' },
      { value: 2 ** 28, text: '256 MiB' },
      { value: 2 ** 30, text: '1 GiB' },
      { value: 2 ** 32, text: '4 GiB' },
    ]);
    expect(ticks('count').map(({ text }) => text)).toEqual(['1 M', '10 M', '100 M', '1 G', '10 G']);
    const sizes = chart({ title: 't', quantity: 'bytes', size: 'h = w', curves: [{ label: 'a', points }] }, { width: 800, height: 480 }).horizontal.ticks;
    expect(sizes.map(({ label: text }) => text?.text)).toEqual(['16', '32', '64', '128', '256']);
  });

  it('names lines at their ends where there is room, else below', () => {
    const curves = ['one', 'other'].map((name, at) => ({ label: name, points: [{ at: 1, value: 2 ** at }] }));
    const wide = chart({ title: 't', quantity: 'bytes', size: 'n', curves }, { width: 800, height: 400 });
    expect({ names: wide.lines.map(({ name }) => name?.text), legend: wide.legend }).toEqual({ names: ['one', 'other'], legend: [] });
    const narrow = chart({ title: 't', quantity: 'bytes', size: 'n', curves }, { width: 320, height: 400 });
    expect({ names: narrow.lines.map(({ name }) => name), legend: narrow.legend.map((entry) => entry.label.text) }).toEqual({
      names: [undefined, undefined],
      legend: ['one', 'other'],
    });
  });

  it('draws a limit that is near, and tells of one that is far', () => {
    const curves = [{ label: 'a', points: [{ at: 1, value: 2 ** 20 }] }];
    const of = (value: number) =>
      chart({ title: 't', quantity: 'bytes', size: 'n', curves, limit: { value, label: 'the limit' } }, { width: 600, height: 400 });
    expect(of(2 ** 24).limit?.label.text).toBe('the limit');
    expect(of(2 ** 24).notes).toEqual([]);
    expect(of(2 ** 40).limit).toBeUndefined();
    expect(of(2 ** 40).notes.map(({ text }) => text)).toEqual(['the limit is far from all that is shown.']);
  });
});

describe('its SVG', () => {
  it('is well-formed, with a title and a description, whatever blocks are called', () => {
    fc.assert(
      fc.property(source, room, (shown, size) => {
        const made = chart(shown, size);
        const root = parseXml(svgOf(made));
        expect(root.name).toBe('svg');
        expect(root.attributes.get('viewBox')).toMatch(/^0 0 [\d.]+ [\d.]+$/);
        const [title, description] = root.children.filter((child) => typeof child !== 'string');
        expect([title?.name, description?.name]).toEqual(['title', 'desc']);
        expect(elementsOf(root, 'path').every(({ attributes }) => !/NaN|Infinity|undefined/.test(attributes.get('d') ?? ''))).toBe(true);
      }),
    );
  });

  it('says at each point what it stands for', () => {
    const curves = [
      {
        label: 'A<B>',
        points: [
          { at: 16, value: 2 ** 20 },
          { at: 32, value: 2 ** 22 },
        ],
      },
    ];
    const root = parseXml(svgOf(chart({ title: 'Peak', quantity: 'bytes', size: 'h = w', curves }, { width: 700, height: 400 })));
    expect(elementsOf(root, 'title').map(textOf)).toEqual(['Peak', 'A<B>: 1.0 MiB, h = w = 16', 'A<B>: 4.0 MiB, h = w = 32']);
    expect(elementsOf(root, 'desc').map(textOf)).toEqual(['Peak. A<B>: 1.0 MiB at h = w = 16, 4.0 MiB at h = w = 32.']);
    expect(elementsOf(root, 'style').map(textOf).join()).toContain('prefers-color-scheme:dark');
  });
});

describe('heights that are spread', () => {
  it('keep their order and a gap, stay within their bounds, and move only where they must', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 12 }), (wanted) => {
        const made = spread(wanted, 17, [0, 400]);
        const order = wanted.map((_, at) => at).sort((a, b) => (made[a] ?? 0) - (made[b] ?? 0));
        for (const [at, index] of order.entries()) {
          const height = made[index] ?? Number.NaN;
          expect(height).toBeGreaterThanOrEqual(0);
          expect(height).toBeLessThanOrEqual(400 + 1e-9);
          if (at === 0) continue;
          const before = order[at - 1] ?? 0;
          expect(height - (made[before] ?? 0)).toBeGreaterThanOrEqual(17 - 1e-9);
          expect(wanted[before]).toBeLessThanOrEqual(wanted[index] ?? 0);
        }
        const sorted = [...wanted].sort((a, b) => a - b);
        if (sorted.every((height, at) => at === 0 || height - (sorted[at - 1] ?? 0) >= 17)) expect(made).toEqual(wanted);
      }),
    );
  });
});
