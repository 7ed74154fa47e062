/** How each kind of module is entered: a layer by `apply`, a model by `apply` on its inputs, an object by its method, a function by a call. */
import type { LayersModel, layers, SymbolicTensor, Tensor } from '@tensorflow/tfjs';
import { parameterNames, positional } from './inputs';

type Inputs = Readonly<Record<string, unknown>>;
type Method = (...args: unknown[]) => unknown;
type Kwargs = Parameters<layers.Layer['apply']>[1];

const METHODS = ['forward', 'call', 'apply'] as const;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

export const isModel = (value: unknown): value is LayersModel =>
  isObject(value) && typeof value.predict === 'function' && Array.isArray(value.inputs) && Array.isArray(value.outputs);

export const isLayer = (value: unknown): value is layers.Layer => isObject(value) && typeof value.addWeight === 'function' && typeof value.apply === 'function';

/** A class, as against a function that can be called. */
export const isClass = (value: unknown): value is new (...args: unknown[]) => unknown => typeof value === 'function' && /^class\b/.test(value.toString());

/** Runs the module on its inputs. */
export function enter(module: unknown, inputs: Inputs, method: string | undefined): unknown {
  if (method !== undefined && isObject(module)) return callMethod(module, method, inputs);
  if (isModel(module)) return module.apply(modelInputs(module, inputs));
  if (isLayer(module)) return enterLayer(module, inputs);
  if (typeof module === 'function') return (module as Method)(...positional(parameterNames(module as Method), inputs));
  const usual = isObject(module) ? METHODS.find((name) => typeof module[name] === 'function') : undefined;
  if (usual === undefined) throw new Error('the expression makes no layer, model, function or object with forward, call or apply');
  return callMethod(module as Record<string, unknown>, usual, inputs);
}

function callMethod(module: Record<string, unknown>, name: string, inputs: Inputs): unknown {
  const method = module[name] as Method;
  return method.apply(module, positional(parameterNames(method), inputs));
}

/** The first input is the tensor or the list; what is named as the second parameter are the keyword arguments. */
function enterLayer(layer: layers.Layer, inputs: Inputs): unknown {
  const [, second] = parameterNames(layer.call as Method);
  const kwargs = typeof second === 'string' ? inputs[second] : undefined;
  const rest = Object.entries(inputs).filter(([name]) => name !== second);
  const values = rest.map(([, value]) => value as Tensor | Tensor[]);
  const given = values.length === 1 ? values[0] : (values as Tensor[]);
  if (given === undefined) throw new Error('a layer needs an input');
  return layer.apply(given, kwargs as Kwargs);
}

/** A model's inputs in its own order: by their names where the given ones have them, else in the order given. */
export function modelInputs(model: LayersModel, inputs: Inputs): Tensor | Tensor[] {
  const names = model.inputs.map((tensor: SymbolicTensor) => tensor.sourceLayer.name);
  const byName = names.every((name) => name in inputs);
  const values = (byName ? names.map((name) => inputs[name]) : Object.values(inputs)) as Tensor[];
  const [only] = values;
  return values.length === 1 && only ? only : values;
}
