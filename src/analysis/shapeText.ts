/** Shapes, numbers of bytes and counts as a reader sees them. */
import { format, isUnknown } from '../dim/index';
import { type Sizes, shapeAt } from '../graph/bind';
import type { GraphType, RowValue, ShapeGraph } from '../graph/types';
import { typeOf } from '../graph/values';

/** `[b, h*w, c]`; `?` for a size that is not known, and for a shape of which not even the rank is. */
export const shapeText = (type: Pick<GraphType, 'shape'> | undefined): string =>
  type?.shape ? `[${type.shape.map((size) => (isUnknown(size) ? '?' : format(size))).join(', ')}]` : '?';

/** A tensor's shape, or those of a list of tensors, by `show`. */
function valueText(graph: ShapeGraph, value: RowValue, show: (type: GraphType | undefined) => string): string {
  switch (value.kind) {
    case 'tensor':
      return show(typeOf(graph, value.ref));
    case 'list':
      return `(${value.items.map((item) => valueText(graph, item, show)).join(', ')})`;
    case 'dict':
      return `{${value.items.map(({ key, value: item }) => `${key}: ${valueText(graph, item, show)}`).join(', ')}}`;
    case 'unknown':
      return '?';
  }
}

/** The shape of what a name holds, over symbols. */
export const rowText = (graph: ShapeGraph, value: RowValue): string => valueText(graph, value, shapeText);

/** The same at sizes. */
export const rowTextAt = (graph: ShapeGraph, value: RowValue, sizes: Sizes): string =>
  valueText(graph, value, (type) => {
    const shape = type && shapeAt(type, sizes);
    return shape ? `[${shape.join(', ')}]` : '?';
  });

const scaled = (value: number, base: number, units: readonly string[]): string => {
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log(Math.max(1, value)) / Math.log(base))));
  const number = value / base ** step;
  return `${step === 0 ? value : number.toPrecision(number < 100 ? 3 : 4)}${units[step]}`;
};

/** `3.25 MiB`. */
export const bytesText = (bytes: number): string => scaled(bytes, 1024, [' B', ' KiB', ' MiB', ' GiB', ' TiB', ' PiB']);

/** `1.05 M`. */
export const countText = (count: number): string => scaled(count, 1000, ['', ' k', ' M', ' G', ' T', ' P']);
