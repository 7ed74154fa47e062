/** Operators that no back end has: computed from the values themselves, row by row. */
import { constant, type Dim } from '../dim/index';
import { isGiven, listOf, readFlag, readNumber, readNumbers } from './attributes';
import { readAxis, UNKNOWN_AXIS, withProblem } from './axes';
import { floated, heldAs } from './dtypes';
import { count, fromFront, operand } from './kernels';
import type { Attributes, BoundAttributes, DType, Operator, RuleContext, ShapeResult, Tensor, TensorType, Tfjs } from './operator';
import { reducedShape } from './reduction';
import { failure, mustEqual, result, results, sizeAt, tensorType, unknownShape } from './rules';

const missing = (operator: string): ShapeResult => failure([], 'argument', { operator, reason: 'an operand is missing' });

const made = (tf: Tfjs, values: readonly number[], shape: readonly number[], dtype: DType): Tensor =>
  tf.tensor(heldAs(dtype) === 'float32' ? Float32Array.from(values) : Int32Array.from(values), [...shape], heldAs(dtype) as 'float32');

/** Calls with each row along the axis; gives what it makes of them in the places of the rows' elements. */
async function alongRows(x: Tensor, axis: number, call: (row: readonly number[]) => readonly (readonly number[])[]): Promise<number[][]> {
  const values = Array.from(await x.data(), Number);
  const at = fromFront(axis, x.rank);
  const [length, after] = [x.shape[at] ?? 1, count(x.shape.slice(at + 1))];
  const lists: number[][] = [];
  for (let row = 0; row < (length === 0 ? 0 : x.size / length); row++) {
    const start = Math.floor(row / after) * length * after + (row % after);
    const outputs = call(Array.from({ length }, (_, place) => values[start + place * after] ?? 0));
    outputs.forEach((output, index) => {
      lists[index] ??= [];
      const base = Math.floor(row / after) * output.length * after + (row % after);
      output.forEach((value, place) => {
        (lists[index] as number[])[base + place * after] = value;
      });
    });
  }
  return lists;
}

/** Running extremes and where they were: the last of equals. */
function running(name: 'cumMax' | 'cumMin', beats: (value: number, held: number) => boolean): Operator {
  return {
    name,
    doc: `The running ${name === 'cumMax' ? 'greatest' : 'least'} value along \`axis\`, and its place: pytorch.org/docs/stable/generated/torch.${name.toLowerCase()}.html.`,
    reads: 'along',
    shape([x], attributes) {
      if (!x) return missing(name);
      const outputs = [x, tensorType(x.shape, 'int64')];
      const { axis, problem } = readAxis(attributes, 'axis', x.shape.length, 0);
      return axis === undefined ? withProblem(outputs, problem, UNKNOWN_AXIS) : results(outputs);
    },
    saved: () => ({ outputs: [1] }),
    async kernel(tf, inputs, attributes) {
      const x = operand(inputs, 0);
      const [values = [], places = []] = await alongRows(x, readNumber(attributes, 'axis', 0), (row) => {
        const held = row.reduce<number[]>((best, value, place) => {
          const last = best.at(-1) ?? 0;
          best.push(place === 0 || beats(value, row[last] ?? value) ? place : last);
          return best;
        }, []);
        return [held.map((place) => row[place] ?? 0), held];
      });
      return [made(tf, values, x.shape, x.dtype as DType), made(tf, places, x.shape, 'int32')];
    },
  };
}

function alongShape(name: string, x: TensorType | undefined, attributes: Attributes, dtypes: (x: TensorType) => readonly DType[]): ShapeResult {
  if (!x) return missing(name);
  const keep = readFlag(attributes, 'keepDims');
  const { axis, problem } = readAxis(attributes, 'axis', x.shape.length, -1);
  const shape: readonly Dim[] = axis === undefined ? unknownShape(keep ? x.shape.length : x.shape.length - 1) : reducedShape(x.shape, [axis], keep);
  const outputs = dtypes(x).map((dtype) => tensorType(shape, dtype));
  return axis === undefined ? withProblem(outputs, problem, UNKNOWN_AXIS) : results(outputs);
}

const keptShape = (x: Tensor, axis: number, keep: boolean): number[] => (keep ? x.shape.with(axis, 1) : x.shape.toSpliced(axis, 1));

/** The value that stands most often, the least of several, and its last place. */
function mostFrequent(row: readonly number[]): readonly [number, number] {
  const counts = new Map<number, number>();
  for (const value of row) counts.set(value, (counts.get(value) ?? 0) + 1);
  const most = Math.max(...counts.values());
  const value = Math.min(...[...counts].filter(([, times]) => times === most).map(([each]) => each));
  return [value, row.lastIndexOf(value)];
}

const mode: Operator = {
  name: 'mode',
  doc: 'The value that stands most often along `axis`, and its place: pytorch.org/docs/stable/generated/torch.mode.html.',
  reads: 'over',
  shape: ([x], attributes) => alongShape('mode', x, attributes, ({ dtype }) => [dtype, 'int64']),
  saved: () => ({ outputs: [1] }),
  async kernel(tf, inputs, attributes) {
    const x = operand(inputs, 0);
    const axis = fromFront(readNumber(attributes, 'axis', -1), x.rank);
    const [values = [], places = []] = await alongRows(x, axis, (row) => mostFrequent(row).map((value) => [value]));
    const shape = keptShape(x, axis, readFlag(attributes, 'keepDims'));
    return [made(tf, values, shape, x.dtype as DType), made(tf, places, shape, 'int32')];
  },
};

/** Between the two neighbours in order, by the distance. */
function quantileOf(row: readonly number[], q: number): number {
  const sorted = [...row].sort((a, b) => a - b);
  const place = q * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(place)] ?? 0, sorted[Math.ceil(place)] ?? 0];
  return low + (high - low) * (place - Math.floor(place));
}

function quantileShape(x: TensorType | undefined, attributes: Attributes): ShapeResult {
  if (!x) return missing('quantile');
  const several = Array.isArray(attributes.q) ? [constant(listOf(attributes.q).length)] : [];
  const keep = readFlag(attributes, 'keepDims');
  const all = !isGiven(attributes, 'axis');
  const { axis, problem } = readAxis(attributes, 'axis', x.shape.length, -1);
  const gone = all ? [...x.shape.keys()] : axis === undefined ? [] : [axis];
  const output = tensorType([...several, ...reducedShape(x.shape, gone, keep)], floated(x.dtype));
  return all || axis !== undefined ? { outputs: [output] } : withProblem([output], problem, UNKNOWN_AXIS);
}

const quantile: Operator = {
  name: 'quantile',
  doc: 'The values below which the shares `q` of the elements lie, along `axis` or over all: pytorch.org/docs/stable/generated/torch.quantile.html.',
  reads: 'over',
  shape: ([x], attributes) => quantileShape(x, attributes),
  saved: () => ({ inputs: [0] }),
  async kernel(tf, inputs, attributes) {
    const x = operand(inputs, 0);
    const all = !isGiven(attributes, 'axis');
    const keep = readFlag(attributes, 'keepDims');
    const axis = fromFront(readNumber(attributes, 'axis', -1), x.rank);
    const flat = all ? tf.reshape(x, [x.size]) : x;
    const shares = readNumbers(attributes, 'q') ?? [];
    const lists = await Promise.all(shares.map((q) => alongRows(flat, all ? 0 : axis, (row) => [[quantileOf(row, q)]])));
    if (all) flat.dispose();
    const shape = all ? (keep ? x.shape.map(() => 1) : []) : keptShape(x, axis, keep);
    const several = Array.isArray(attributes.q) ? [listOf(attributes.q).length] : [];
    return made(
      tf,
      lists.flatMap(([values = []]) => values),
      [...several, ...shape],
      'float32',
    );
  },
};

function squareShape(name: string, x: TensorType | undefined, context: RuleContext, drops: boolean): ShapeResult {
  if (!x) return missing(name);
  const rank = x.shape.length;
  const output = tensorType(drops ? x.shape.slice(0, -2) : x.shape, floated(x.dtype));
  if (rank < 2) return failure([output], 'rank', { operator: name, reason: `2 axes at least are wanted, ${rank} given` }, [{ input: 0 }]);
  const at = [
    { input: 0, axis: rank - 2 },
    { input: 0, axis: rank - 1 },
  ];
  return result(output.shape, output.dtype, mustEqual(sizeAt(x.shape, rank - 2), sizeAt(x.shape, rank - 1), 'target', at, context));
}

/** Elimination with the greatest pivots: what was done to the unit matrix is the inverse, and the pivots' product the determinant. */
function eliminated(matrix: readonly number[], n: number): { readonly inverse: number[]; readonly determinant: number } {
  const rows = Array.from({ length: n }, (_, row) => [
    ...matrix.slice(row * n, row * n + n),
    ...Array.from({ length: n }, (__, column) => Number(row === column)),
  ]);
  let determinant = 1;
  for (let at = 0; at < n; at++) {
    const best = rows.slice(at).reduce((most, row, index) => (Math.abs(row[at] ?? 0) > Math.abs(rows[most]?.[at] ?? 0) ? at + index : most), at);
    if (best !== at) [rows[at], rows[best], determinant] = [rows[best] as number[], rows[at] as number[], -determinant];
    const pivot = rows[at]?.[at] ?? 0;
    determinant *= pivot;
    const scaled = (rows[at] ?? []).map((value) => value / pivot);
    rows.forEach((row, index) => {
      const factor = row[at] ?? 0;
      rows[index] = index === at ? scaled : row.map((value, column) => value - factor * (scaled[column] ?? 0));
    });
  }
  return { inverse: rows.flatMap((row) => row.slice(n)), determinant };
}

async function overMatrices(x: Tensor, call: (matrix: readonly number[], n: number) => readonly number[]): Promise<number[]> {
  const values = Array.from(await x.data(), Number);
  const n = x.shape.at(-1) ?? 1;
  return Array.from({ length: count(x.shape.slice(0, -2)) }, (_, at) => call(values.slice(at * n * n, (at + 1) * n * n), n)).flat();
}

const square = (
  name: 'matrixInverse' | 'determinant',
  doc: string,
  drops: boolean,
  call: (matrix: readonly number[], n: number) => readonly number[],
): Operator => ({
  name,
  doc,
  shape: ([x], _: Attributes, context) => squareShape(name, x, context, drops),
  saved: () => ({ inputs: [0], outputs: [0] }),
  async kernel(tf, inputs, _: BoundAttributes) {
    const x = operand(inputs, 0);
    return made(tf, await overMatrices(x, call), drops ? x.shape.slice(0, -2) : x.shape, 'float32');
  },
});

/** Row by row. */
export const onData = {
  cumMax: running('cumMax', (value, held) => value >= held),
  cumMin: running('cumMin', (value, held) => value <= held),
  mode,
  quantile,
  matrixInverse: square(
    'matrixInverse',
    'The inverse of each matrix: pytorch.org/docs/stable/generated/torch.linalg.inv.html.',
    false,
    (matrix, n) => eliminated(matrix, n).inverse,
  ),
  determinant: square('determinant', 'The determinant of each matrix: pytorch.org/docs/stable/generated/torch.linalg.det.html.', true, (matrix, n) => [
    eliminated(matrix, n).determinant,
  ]),
} satisfies Record<string, Operator>;
