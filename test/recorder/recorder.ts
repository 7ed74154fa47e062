/** Runs a module as the code that it is on tfjs's CPU backend and records what every assigned name held. */
import { createRequire } from 'node:module';
import { dirname, relative, resolve, sep } from 'node:path';
import type * as Tf from '@tensorflow/tfjs';
import { enter, isClass, isModel } from './entry';
import { developed, isTensor, leaves, type Picture, pictureOf, sizesOf } from './held';
import { constructorParameters, inputMaker, parameterNames, positional } from './inputs';
import { Journal } from './journal';
import { createLoader } from './loader';
import { symbolValues } from './symbols';
import { RECORDER } from './transform';
import type { Held, RecordRequest, Truth, TruthRow } from './types';
import { dumpWeights, moveWeights } from './weights';

type Callable = (...args: unknown[]) => unknown;
type Inputs = Record<string, unknown>;

/** The tfjs that a module beside `file` would get, else the project's own. */
function tfjsFor(file: string): typeof Tf {
  const local = createRequire(file);
  try {
    return local('@tensorflow/tfjs') as typeof Tf;
  } catch {
    return createRequire(import.meta.url)('@tensorflow/tfjs') as typeof Tf;
  }
}

/** Records one run of one module; its variables are gone afterwards. */
export async function record(request: RecordRequest): Promise<Truth> {
  const tf = tfjsFor(resolve(request.file));
  const before = new Set(Object.keys(tf.engine().registeredVariables));
  try {
    return await recordWith(tf, request);
  } finally {
    for (const [name, variable] of Object.entries(tf.engine().registeredVariables)) if (!before.has(name)) variable.dispose();
  }
}

async function recordWith(tf: typeof Tf, request: RecordRequest): Promise<Truth> {
  const file = resolve(request.file);
  const root = resolve(request.root ?? dirname(file));
  (globalThis as { tf?: typeof Tf }).tf ??= tf;
  await tf.setBackend('cpu');

  const withData = request.values ?? false;
  const journal = new Journal<Picture>((value) => pictureOf(value, withData));
  const make = request.new ?? request.class;
  if (make === undefined) throw new Error('say what to make: `new` or `class`');
  const appendix = `\n;${RECORDER}.maker = () => (${make});\n`;
  const { maker } = createLoader(journal, { root, exclude: request.exclude ?? [], appendix }).load(file);
  if (!maker) throw new Error('the file was not run to its end');

  const makeInput = inputMaker(tf, request.seed ?? 1);
  const inputs: Inputs = Object.fromEntries(Object.entries(request.inputs).map(([name, note]) => [name, makeInput(note)]));
  const args = request.args ?? {};

  // A function that builds a model is a module whose own assignments count; a class's construction does not.
  const { module, result } = await journal.listen(() => construct(maker, request.class !== undefined, args, inputs));
  if (!isModel(module) && result === undefined) journal.reports.length = 0;
  const built = journal.reports.splice(0);
  if (request.warm) await enter(module, inputs, request.method);
  if (request.moveWeights) moveWeights(tf, module, request.weightSeed ?? 1);
  const output = result === undefined ? await journal.listen(() => enter(module, inputs, request.method)) : result.value;

  const valueFor = symbolValues(tf, module, inputs);
  const resolveSymbol = (symbol: Tf.SymbolicTensor): Held | undefined => {
    const picture = pictureOf(valueFor(symbol), withData);
    return picture && developed(picture, () => undefined);
  };
  const pictures = [...built, ...journal.reports];
  const rows = pictures.flatMap(({ site, value }) => {
    const held = developed(value, resolveSymbol);
    return held === undefined ? [] : [{ site, held }];
  });
  const outputPicture = pictureOf(output, withData);
  const outputHeld = outputPicture && developed(outputPicture, resolveSymbol);
  const truth: Truth = {
    version: 1,
    file: relative(root, file).split(sep).join('/'),
    inputs: describeInputs(inputs, withData),
    outputs: (outputHeld ? leaves(outputHeld) : []).map(({ kind: _, ...rest }) => rest),
    values: gather(rows, journal),
  };
  return withData ? { ...truth, weights: dumpWeights(module) } : truth;
}

/** Makes the module; a plain function named by `class` is run at once, and what it returns is a model or the result. */
async function construct(maker: () => unknown, byName: boolean, args: Inputs, inputs: Inputs): Promise<{ module: unknown; result?: { value: unknown } }> {
  const made = await maker();
  if (!byName) return { module: made };
  if (isClass(made)) return { module: new made(...positional(constructorParameters(made), args)) };
  const fn = made as Callable;
  const value = await fn(...positional(parameterNames(fn), { ...args, ...inputs }));
  return isModel(value) ? { module: value } : { module: fn, result: { value } };
}

function describeInputs(inputs: Inputs, withData: boolean): Truth['inputs'] {
  return Object.entries(inputs).flatMap(([name, value]) => {
    const picture = pictureOf(value, withData);
    const held = picture && developed(picture, () => undefined);
    return (held ? leaves(held) : []).map(({ kind: _, ...rest }, index) => ({ name: isTensor(value) ? name : `${name}.${index}`, ...rest }));
  });
}

/** Rows by place and sizes, in the order of their first time. */
function gather(reports: readonly { site: number; held: Held }[], journal: Journal<Picture>): TruthRow[] {
  const rows = new Map<string, TruthRow>();
  for (const { site, held } of reports) {
    const place = journal.sites[site];
    if (!place) continue;
    const sizes = sizesOf(held);
    const key = `${site} ${JSON.stringify(sizes)}`;
    const tensor = held.kind === 'tensor' ? { dtype: held.dtype, ...(held.data ? { data: held.data } : {}) } : {};
    rows.set(key, { ...place, kind: held.kind, sizes, ...tensor, times: (rows.get(key)?.times ?? 0) + 1 });
  }
  return [...rows.values()];
}
