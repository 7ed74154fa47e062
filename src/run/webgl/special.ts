/** tfjs's rarer functions on paper: Diag.ts, ScatterNd.ts, TensorScatterUpdate.ts, GatherNd.ts and TopK.ts of tfjs-backend-webgl, band_part.ts and dropout.ts of tfjs-core. */
import { count } from '../../ops/kernels';
import { arraysOn, repeatTo } from './arrays';
import type { Device, Sheet } from './device';
import { elementwiseOn, spread } from './elementwise';
import { productsOn } from './products';

type Shape = readonly number[];

function bandPart(device: Device, x: Sheet): Sheet {
  const { unstack, stack } = arraysOn(device);
  const { sub, lessEqual, greaterEqual, logicalAnd, where } = elementwiseOn(device, (each, shape) => repeatTo(device, each, shape));
  const [rows, columns] = [x.shape.at(-2) ?? 1, x.shape.at(-1) ?? 1];
  return device.scope(() => {
    const steps = sub(device.values([rows, 1], 'int32'), device.values([columns], 'int32'));
    const inside = logicalAnd(lessEqual(steps, 0), greaterEqual(steps, 0));
    const zero = device.values([rows, columns], x.dtype);
    const matrices = unstack(device.reshape(x, [count(x.shape.slice(0, -2)), rows, columns]));
    return device.reshape(stack(matrices.map((matrix) => where(inside, matrix, zero))), x.shape);
  });
}

/** A product of what is given other shapes first. */
function shapedProduct(device: Device, a: Sheet, b: Sheet, shapes: readonly [Shape, Shape], result: Shape): Sheet {
  const { matMul } = productsOn(device);
  return device.scope(() => device.reshape(matMul(device.reshape(a, shapes[0]), device.reshape(b, shapes[1])), result));
}

function dot(device: Device, a: Sheet, b: Sheet): Sheet {
  const left = a.rank === 1 ? [1, a.size] : a.shape;
  const right = b.rank === 1 ? [b.size, 1] : b.shape;
  return shapedProduct(device, a, b, [left, right], [...a.shape.slice(0, -1), ...(b.rank === 1 ? [] : b.shape.slice(1))]);
}

/** Values are brought to the processor in a texture without gaps, sorted there, and left there: of axes of 100,000 or more tfjs has programs of its own. */
function topk(device: Device, x: Sheet, most: number): { readonly values: Sheet; readonly indices: Sheet } {
  const shape = [...x.shape.slice(0, -1), most];
  device.readBack(x);
  return { values: device.values(shape, x.dtype), indices: device.values(shape, 'int32') };
}

/** Values or slices at places, over the axes that `indices` names. */
function scattered(device: Device, updates: Sheet, indices: Sheet, shape: Shape, over: Sheet | undefined): Sheet {
  return device.scope(() => {
    const axes = indices.shape.at(-1) ?? 1;
    const [slices, inner] = [count(shape.slice(0, axes)), count(shape.slice(axes))];
    const places = device.reshape(indices, [indices.size / axes, axes]);
    const written = device.reshape(updates, [indices.size / axes, inner]);
    const under = over ? device.reshape(over, [slices, inner]) : device.values([], 'float32');
    return device.reshape(device.program([written, places, under], [slices, inner], (over ?? updates).dtype, over === undefined), shape);
  });
}

function gatherND(device: Device, x: Sheet, indices: Sheet): Sheet {
  return device.scope(() => {
    const axes = indices.shape.at(-1) ?? 1;
    const inner = x.shape.slice(axes);
    const places = device.reshape(indices, [indices.size / axes, axes]);
    const rows = device.reshape(x, [x.size / count(inner), count(inner)]);
    const taken = device.handed([rows, places], [indices.size / axes, count(inner)], x.dtype, false);
    return device.reshape(taken, [...indices.shape.slice(0, -1), ...inner]);
  });
}

/** The functions, by tfjs's names. */
export function specialOn(device: Device) {
  const drawn = (shape: Shape, _low?: number, _high?: number, dtype?: string) =>
    device.values(shape, dtype === 'int32' || dtype === 'bool' ? dtype : 'float32');
  return {
    diag: (x: Sheet) =>
      device.scope(() => device.reshape(device.program([device.reshape(x, [x.size])], [x.size, x.size], x.dtype, false), [...x.shape, ...x.shape])),
    dot: (a: Sheet, b: Sheet) => dot(device, a, b),
    outerProduct: (a: Sheet, b: Sheet) =>
      shapedProduct(
        device,
        a,
        b,
        [
          [a.size, 1],
          [1, b.size],
        ],
        [a.size, b.size],
      ),
    dropout: (x: Sheet, rate: number) =>
      rate === 0
        ? device.handle(x.dataId, x.shape, x.dtype)
        : device.scope(() => {
            const kept = spread(device, 'div', [spread(device, 'floor', [spread(device, 'add', [drawn(x.shape), 1])]), 1]);
            return spread(device, 'mul', [x, kept]);
          }),
    topk: (x: Sheet, most = 1) => topk(device, x, most),
    scatterND: (indices: Sheet, updates: Sheet, shape: Shape) => scattered(device, updates, indices, shape, undefined),
    tensorScatterUpdate: (x: Sheet, indices: Sheet, updates: Sheet) => scattered(device, updates, indices, x.shape, x),
    gatherND: (x: Sheet, indices: Sheet) => gatherND(device, x, indices),
    linspace: (_start: number, _stop: number, places: number) => device.values([places], 'float32'),
    randomUniform: drawn,
    randomNormal: drawn,
    truncatedNormal: drawn,
    linalg: { bandPart: (x: Sheet) => bandPart(device, x) },
  };
}
