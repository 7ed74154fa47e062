/** Two axes of a tensor as a table of values: the other axes are held at an index. */
import type { TensorData } from '../src/run/types';

/** Which axes run along rows and columns (`rows` null: there is one row), and the index on every axis that does not. */
export interface SliceChoice {
  readonly rows: number | null;
  readonly columns: number | null;
  readonly at: readonly number[];
}

export interface Slice {
  readonly rows: number;
  readonly columns: number;
  /** Row by row. */
  readonly values: Float32Array;
}

/** The last two axes, the others at 0. */
export function firstChoice(shape: readonly number[]): SliceChoice {
  const rank = shape.length;
  return { rows: rank >= 2 ? rank - 2 : null, columns: rank >= 1 ? rank - 1 : null, at: shape.map(() => 0) };
}

/** The choice as far as it still fits a shape, else the first. */
export function fittedChoice(choice: SliceChoice | undefined, shape: readonly number[]): SliceChoice {
  if (!choice || choice.at.length !== shape.length) return firstChoice(shape);
  return { ...choice, at: choice.at.map((index, axis) => Math.min(index, Math.max(0, (shape[axis] ?? 1) - 1))) };
}

/** The same choice with another axis along rows or columns; the one that stood there goes where the other came from. */
export function withAxis(choice: SliceChoice, side: 'rows' | 'columns', axis: number): SliceChoice {
  const other = side === 'rows' ? 'columns' : 'rows';
  return choice[other] === axis ? { ...choice, [side]: axis, [other]: choice[side] } : { ...choice, [side]: axis };
}

/** The same choice at another index of an axis. */
export const withIndex = (choice: SliceChoice, axis: number, index: number): SliceChoice => ({
  ...choice,
  at: choice.at.map((old, each) => (each === axis ? index : old)),
});

/** Every index of the cell, axis by axis. */
export function indexOf(choice: SliceChoice, row: number, column: number): readonly number[] {
  return choice.at.map((index, axis) => (axis === choice.rows ? row : axis === choice.columns ? column : index));
}

function stridesOf(shape: readonly number[]): readonly number[] {
  let stride = 1;
  return shape
    .map((_, axis) => axis)
    .reverse()
    .map((axis) => {
      const own = stride;
      stride *= shape[axis] ?? 1;
      return own;
    })
    .reverse();
}

/** Takes the slice; the values are copied. */
export function takeSlice({ shape, data }: TensorData, choice: SliceChoice): Slice {
  const strides = stridesOf(shape);
  const start = choice.at.reduce((sum, index, axis) => (axis === choice.rows || axis === choice.columns ? sum : sum + index * (strides[axis] ?? 0)), 0);
  const sizeOf = (axis: number | null) => (axis === null ? 1 : (shape[axis] ?? 1));
  const strideOf = (axis: number | null) => (axis === null ? 0 : (strides[axis] ?? 0));
  const [rows, columns] = [sizeOf(choice.rows), sizeOf(choice.columns)];
  const values = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1)
      values[row * columns + column] = data[start + row * strideOf(choice.rows) + column * strideOf(choice.columns)] ?? Number.NaN;
  }
  return { rows, columns, values };
}
