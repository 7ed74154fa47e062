/** The gallery against its papers' formulas, written out place by place in plain loops. */
import { describe, expect, it } from 'vitest';
import { GALLERY, requestOf } from './corpus/cases';
import { record } from './recorder/recorder';
import type { Truth } from './recorder/types';

type Vector = readonly number[];

async function run(id: string): Promise<Truth> {
  const item = GALLERY.find((each) => each.id === id);
  if (!item) throw new Error(`no case ${id}`);
  return record({ ...requestOf(item), values: true, warm: true, moveWeights: true });
}

const sum = (values: Vector): number => values.reduce((total, value) => total + value, 0);
const dot = (a: Vector, b: Vector): number => sum(a.map((value, index) => value * (b[index] ?? Number.NaN)));
const softmax = (scores: Vector): number[] => {
  const most = Math.max(...scores);
  const raised = scores.map((score) => Math.exp(score - most));
  return raised.map((value) => value / sum(raised));
};
const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** Rows of a matrix that is stored flat. */
const rowsOf = (data: Vector, width: number): number[][] => range(data.length / width).map((row) => data.slice(row * width, (row + 1) * width));

/** A row times a matrix [in, out]. */
const times = (row: Vector, matrix: readonly Vector[]): number[] =>
  range(matrix[0]?.length ?? 0).map((out) =>
    dot(
      row,
      matrix.map((line) => line[out] ?? Number.NaN),
    ),
  );

/** The values weighted by attention of one query over some keys. */
const attend = (scores: Vector, values: readonly Vector[]): number[] => {
  const weights = softmax(scores);
  return range(values[0]?.length ?? 0).map((channel) =>
    dot(
      weights,
      values.map((value) => value[channel] ?? Number.NaN),
    ),
  );
};

/** The tokens of each image in a batch. */
const images = (truth: Truth, input = 0): number[][][] => {
  const { sizes, data = [] } = truth.inputs[input] ?? { sizes: [] };
  const tokens = rowsOf(data, sizes.at(-1) ?? 1);
  const length = tokens.length / (sizes[0] ?? 1);
  return range(sizes[0] ?? 0).map((index) => tokens.slice(index * length, (index + 1) * length));
};

const weight = (truth: Truth, path: string): number[][] => {
  const found = truth.weights?.find((each) => each.path === path);
  if (!found) throw new Error(`no weight ${path} among ${truth.weights?.map((each) => each.path)}`);
  return rowsOf(found.data, found.shape.at(-1) ?? 1);
};
const number = (truth: Truth, path: string): number => weight(truth, path)[0]?.[0] ?? Number.NaN;

function expectClose(truth: Truth, expected: readonly number[]): void {
  const data = truth.outputs[0]?.data ?? [];
  expect(data).toHaveLength(expected.length);
  expect(Math.max(...data.map((value, index) => Math.abs(value - (expected[index] ?? Number.NaN)) / (1 + Math.abs(value))))).toBeLessThan(1e-4);
}

/** x + gamma * attended, for every token. */
const residual = (x: readonly Vector[], attended: readonly Vector[], gamma: number): number[] =>
  x.flatMap((token, place) => token.map((value, channel) => value + gamma * (attended[place]?.[channel] ?? Number.NaN)));

describe('the gallery means what the papers say', () => {
  it('DANet position: each place over all places', async () => {
    const truth = await run('danet-position');
    const [query, key, value] = ['query', 'key', 'value'].map((path) => weight(truth, path)) as [number[][], number[][], number[][]];
    const expected = images(truth).flatMap((x) => {
      const keys = x.map((token) => times(token, key));
      const values = x.map((token) => times(token, value));
      const attended = x.map((token) =>
        attend(
          keys.map((each) => dot(times(token, query), each)),
          values,
        ),
      );
      return residual(x, attended, number(truth, 'gamma'));
    });
    expectClose(truth, expected);
  });

  it('DANet channel: each channel over all channels, the least alike weighing most', async () => {
    const truth = await run('danet-channel');
    const expected = images(truth).flatMap((x) => {
      const channels = range(x[0]?.length ?? 0).map((channel) => x.map((token) => token[channel] ?? Number.NaN));
      const attended = channels.map((channel) => {
        const energy = channels.map((other) => dot(channel, other));
        return attend(
          energy.map((each) => Math.max(...energy) - each),
          channels,
        );
      });
      const places = x.map((_, place) => attended.map((channel) => channel[place] ?? Number.NaN));
      return residual(x, places, number(truth, 'gamma'));
    });
    expectClose(truth, expected);
  });

  it('criss-cross: each place over its row and its column, itself once', async () => {
    const truth = await run('criss-cross');
    const [, height = 0, width = 0] = truth.inputs[0]?.sizes ?? [];
    const [query, key, value] = ['query', 'key', 'value'].map((path) => weight(truth, path)) as [number[][], number[][], number[][]];
    const expected = images(truth).flatMap((x) => {
      const attended = x.map((token, place) => {
        const [row, column] = [Math.floor(place / width), place % width];
        const inColumn = range(height)
          .filter((other) => other !== row)
          .map((other) => other * width + column);
        const inRow = range(width).map((other) => row * width + other);
        const seen = [...inColumn, ...inRow].map((other) => x[other] ?? []);
        return attend(
          seen.map((other) => dot(times(token, query), times(other, key))),
          seen.map((other) => times(other, value)),
        );
      });
      return residual(x, attended, number(truth, 'gamma'));
    });
    expectClose(truth, expected);
  });

  it.each([
    ['interlaced-long-range', (row: number, column: number) => `${row % 2} ${column % 3}`],
    ['interlaced-short-range', (row: number, column: number) => `${Math.floor(row / 2)} ${Math.floor(column / 3)}`],
  ] as const)('%s: each place over its group', async (id, groupOf) => {
    const truth = await run(id);
    const width = truth.inputs[0]?.sizes[2] ?? 1;
    const [query, key, value] = ['query', 'key', 'value'].map((path) => weight(truth, `attention.${path}`)) as [number[][], number[][], number[][]];
    const expected = images(truth).flatMap((x) => {
      const group = (place: number) => groupOf(Math.floor(place / width), place % width);
      return x.flatMap((token, place) => {
        const seen = x.filter((_, other) => group(other) === group(place));
        const scores = seen.map((other) => dot(times(token, query), times(other, key)) / Math.sqrt(query[0]?.length ?? 1));
        return attend(
          scores,
          seen.map((other) => times(other, value)),
        );
      });
    });
    expectClose(truth, expected);
  });

  it('efficient attention: queries over their depth, keys over the places', async () => {
    const truth = await run('efficient-function');
    const [queries, keys, values] = [0, 1, 2].map((input) => images(truth, input)) as [number[][][], number[][][], number[][][]];
    const heads = 2;
    const part = (row: Vector, head: number) => row.slice((head * row.length) / heads, ((head + 1) * row.length) / heads);
    const expected = queries.flatMap((image, batch) =>
      image.flatMap((row) =>
        range(heads).flatMap((head) => {
          const q = softmax(part(row, head));
          const normalised = q.map((_, depth) => softmax((keys[batch] ?? []).map((each) => part(each, head)[depth] ?? Number.NaN)));
          const weights = range(image.length).map((place) =>
            dot(
              q,
              normalised.map((each) => each[place] ?? Number.NaN),
            ),
          );
          const seen = (values[batch] ?? []).map((each) => part(each, head));
          return range(seen[0]?.length ?? 0).map((channel) =>
            dot(
              weights,
              seen.map((each) => each[channel] ?? Number.NaN),
            ),
          );
        }),
      ),
    );
    expectClose(truth, expected);
  });

  it('PVT: each place over one key and value for every patch', async () => {
    const truth = await run('pvt');
    const [heads, side, height, width] = [2, 2, 4, 6];
    const [query, keyValue, reduction, output] = ['queryKernel', 'keyValueKernel', 'reductionKernel', 'outputKernel'].map((path) =>
      weight(truth, path),
    ) as number[][][];
    const [gamma = [], beta = []] = ['gamma', 'beta'].map((path) => weight(truth, path)[0] ?? []);
    const normalise = (row: Vector) => {
      const mean = sum(row) / row.length;
      const deviation = Math.sqrt(sum(row.map((each) => (each - mean) ** 2)) / row.length + 1e-6);
      return row.map((each, index) => ((each - mean) / deviation) * (gamma[index] ?? Number.NaN) + (beta[index] ?? Number.NaN));
    };
    const expected = images(truth).flatMap((x) => {
      const channels = x[0]?.length ?? 0;
      const patches = range((height * width) / side ** 2).map((patch) => {
        const [down, across] = [Math.floor(patch / (width / side)), patch % (width / side)];
        const places = range(side).flatMap((row) => range(side).map((column) => (down * side + row) * width + across * side + column));
        return normalise(
          times(
            places.flatMap((place) => x[place] ?? []),
            reduction ?? [],
          ),
        );
      });
      const projected = patches.map((patch) => times(patch, keyValue ?? []));
      return x.flatMap((token) => {
        const q = times(token, query ?? []);
        const size = channels / heads;
        const merged = range(heads).flatMap((head) => {
          const part = (row: Vector, from: number) => row.slice(from + head * size, from + (head + 1) * size);
          const scores = projected.map((each) => dot(part(q, 0), part(each, 0)) / Math.sqrt(size));
          return attend(
            scores,
            projected.map((each) => part(each, channels)),
          );
        });
        return times(merged, output ?? []);
      });
    });
    expectClose(truth, expected);
  });
});
