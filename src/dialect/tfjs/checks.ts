/** Demands that are the API's own, not an operator's. */
import { asConstant, type Dim, format } from '../../dim/index';
import type { Arguments, Host, TensorValue } from '../common/values';
import type { Bound } from './binder';

/** A shape in words: `(b, 64)`. */
export const shapeText = (shape: readonly Dim[]): string => `(${shape.map(format).join(', ')})`;

/** tfjs compares the two shapes and throws where they differ; nothing broadcasts. */
export function requireSameShape({ host, args }: Bound, a: TensorValue, b: TensorValue): void {
  if (a.shape === null || b.shape === null) return;
  const words = { api: args.api, leftShape: shapeText(a.shape), rightShape: shapeText(b.shape) };
  if (a.shape.length !== b.shape.length) {
    host.report({ code: 'same-shape', severity: 'error', span: args.span, args: words });
    return;
  }
  a.shape.every((size, axis) => host.require('==', size, b.shape?.[axis] ?? size, 'same-shape', words, args.span));
}

/** All weights of a softmax over one element are 1: it runs, and means nothing. `once`: it is asked at the first pass only. */
export function warnOfSingleSoftmax(host: Host, args: Arguments, tensor: TensorValue, axis: number, once = false): void {
  if (tensor.shape === null) return;
  const size = tensor.shape[axis < 0 ? axis + tensor.shape.length : axis];
  if (size === undefined || asConstant(size) !== 1) return;
  host.report({
    code: 'softmax-single',
    severity: 'warning',
    span: args.span,
    ...(once ? {} : { everyPass: true }),
    args: { api: args.api, axis, shape: shapeText(tensor.shape) },
  });
}
