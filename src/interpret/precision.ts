/** The number type that a module is read in: what it is given, and what autocast brings a step's operands to. */
import { isFloating } from '../ops/dtypes';
import type { Attributes, Autocast, DType, Operator } from '../ops/operator';
import { findOperator } from '../ops/table';
import type { TensorValue } from '../value/index';
import { letGo } from './held';
import type { Run } from './run';
import { write } from './statements/journal';

type Lower = 'float16' | 'bfloat16';

/** Applies an operator as it stands. */
type Apply = (operator: Operator, inputs: readonly TensorValue[], attributes: Attributes) => readonly TensorValue[];

/** The type that a module and its inputs are brought to. */
export function halfOf({ bindings, surroundings }: Run): Lower | undefined {
  const { precision } = bindings;
  return surroundings.runtime === 'torch' && (precision === 'float16' || precision === 'bfloat16') ? precision : undefined;
}

/** The type that autocast lowers operands to, where it is on. */
export function autocastOf({ bindings, surroundings, autocast }: Run): Lower | undefined {
  if (surroundings.runtime !== 'torch' || autocast.off > 0) return undefined;
  const own = autocast.own.at(-1);
  if (own !== undefined) return own === 'none' ? undefined : own;
  if (bindings.precision === 'autocast-float16') return 'float16';
  return bindings.precision === 'autocast-bfloat16' ? 'bfloat16' : undefined;
}

/** The type in which an input is given. */
export const givenType = (run: Run, dtype: DType): DType => (isFloating(dtype) ? (halfOf(run) ?? dtype) : dtype);

/** A weight or buffer brought to another type where it stands. */
export function retyped(run: Run, tensor: TensorValue, dtype: DType): TensorValue {
  const node = run.nodes[tensor.ref.node];
  if (node) run.nodes[node.id] = { ...node, outputs: node.outputs.map((type, output) => (output === tensor.ref.output ? { ...type, dtype } : type)) };
  return { ...tensor, dtype };
}

/** Runs `body` under an autocast of the code's own: to a type, to the one that is usual, or off. */
export function autocasting<T>(run: Run, to: Lower | 'usual' | 'none', body: () => T): T {
  const { autocast, bindings } = run;
  autocast.own.push(to === 'usual' ? (autocastOf(run) ?? 'float16') : to);
  try {
    return body();
  } finally {
    autocast.own.pop();
    // With the outermost go the weights that were lowered.
    if (autocast.own.length === 0 && !bindings.precision?.startsWith('autocast') && autocast.casts.size > 0) {
      for (const tensor of autocast.casts.values()) letGo(run, tensor);
      write(run.journal, autocast, 'casts', new Map());
    }
  }
}

/** Runs `body` with autocast off. */
export function uncast<T>(run: Run, body: () => T): T {
  run.autocast.off += 1;
  try {
    return body();
  } finally {
    run.autocast.off -= 1;
  }
}

/** What a step is run on under autocast: its floating operands, cast as its definition says. */
export function cast(
  run: Run,
  { autocast, onCuda }: Pick<Operator, 'autocast' | 'onCuda'>,
  inputs: readonly TensorValue[],
  attributes: Attributes,
  apply: Apply,
): { inputs: readonly TensorValue[]; attributes: Attributes } {
  const lower = autocastOf(run);
  if (lower && onCuda) return { inputs, attributes: { ...attributes, ...onCuda } };
  if (!lower || !autocast) return { inputs, attributes };
  const way = typeof autocast === 'string' ? autocast : typeof autocast === 'function' ? autocast(attributes) : autocast[lower];
  if (!way) return { inputs, attributes };
  const [first] = inputs;
  if (way === 'within') {
    const computes = first && isCast(run, first) && first.dtype !== 'float32' && typeof attributes.dtype !== 'string';
    return { inputs, attributes: computes ? { ...attributes, dtype: 'float32' } : attributes };
  }
  const dtype = targetOf(way, lower, inputs);
  const differs = (input: TensorValue): boolean => input.dtype !== dtype && isCast(run, input);
  if (!inputs.some(differs)) return { inputs, attributes };
  // torch casts the last argument first: backward meets the first one's cast first.
  const made = [...inputs].reverse().map((input) => (differs(input) ? castTo(run, input, dtype, lower, apply) : input));
  return { inputs: made.reverse(), attributes };
}

const targetOf = (way: Exclude<Autocast, 'within'>, lower: Lower, inputs: readonly TensorValue[]): 'float32' | Lower =>
  way === 'float32' || (way === 'widest' && inputs.some(({ dtype }) => dtype === 'float32')) ? 'float32' : lower;

/** A number of the language's is no tensor, and double precision stays. */
function isCast(run: Run, { dtype, ref }: TensorValue): boolean {
  const node = run.nodes[ref.node];
  return isFloating(dtype) && dtype !== 'float64' && !(node?.op === 'constant' && node.attributes.plain === true);
}

/** A weight that wants a gradient is lowered once for the whole call. */
function castTo(run: Run, tensor: TensorValue, dtype: DType, lower: Lower, apply: Apply): TensorValue {
  const { op, attributes } = run.nodes[tensor.ref.node] ?? {};
  const isTrained = attributes?.trainable !== false && run.untrained.frozen.get(tensor.ref.node) !== true;
  const isKept = dtype === lower && tensor.dtype === 'float32' && op === 'parameter' && isTrained;
  const key = `${tensor.ref.node}:${tensor.ref.output}`;
  const known = isKept ? run.autocast.casts.get(key) : undefined;
  if (known) return known;
  const operator = findOperator('cast');
  const made = operator && apply(operator, [tensor], { dtype })[0];
  if (!made) return tensor;
  if (isKept) write(run.journal, run.autocast, 'casts', new Map(run.autocast.casts).set(key, made));
  return made;
}

/** Why torch refuses a step whose operands are of several types, where the module's type alone makes them so. */
export function refused(run: Run, { autocast }: Operator, inputs: readonly TensorValue[], api: string): string | undefined {
  if (!halfOf(run) || autocast !== 'lower') return undefined;
  const types = new Set(inputs.filter((input) => isCast(run, input)).map(({ dtype }) => dtype));
  return types.size > 1 ? `torch takes no \`${api}\` of ${[...types].join(' and ')}` : undefined;
}
