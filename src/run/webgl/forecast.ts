/** What WebGL will hold in a run: each step's kernel is run on paper, and each tensor is freed where the run frees it. */
import { type GraphNode, isView, refKey, type ValueRef } from '../../graph/index';
import { heldAs } from '../../ops/dtypes';
import type { Tensor } from '../../ops/operator';
import type { Plan, PlannedStep, PlannedTensor } from '../plan';
import { createDevice, type Device, type Sheet, type Texture } from './device';
import { NotOnPaper, paperLibrary } from './library';
import type { TextureLimits } from './texture';

/** The most that textures take at once, and what it is made of: `tensors + packing + copies + own` are `bytes`. */
export interface TextureForecast {
  readonly bytes: number;
  /** The step during which it is. */
  readonly node?: number;
  /** What weights, inputs and steps hold there by themselves, each piece of memory once. */
  readonly tensors: number;
  /** What their textures take beyond that: rounded sides, and types that have no texture of their own. */
  readonly packing: number;
  /** Of steps that are another view of their operand, but whose values are moved to another texture. */
  readonly copies: number;
  /** The step's own temporaries. */
  readonly own: number;
  /** The most during each step. */
  readonly steps: ReadonlyMap<number, number>;
  /** Steps of which it is not known what they hold on the way, by what they use. */
  readonly unknown: readonly { readonly node: number; readonly uses: string }[];
}

type Held = Map<string, Sheet>;

/** What a run on paper keeps in mind. */
interface Book {
  bytes: number;
  node: number | undefined;
  parts: Pick<TextureForecast, 'tensors' | 'packing' | 'copies' | 'own'>;
  readonly steps: Map<number, number>;
  readonly unknown: Map<number, string>;
}

const emptyBook = (): Book => ({ bytes: 0, node: undefined, parts: { tensors: 0, packing: 0, copies: 0, own: 0 }, steps: new Map(), unknown: new Map() });

const tensorsOn = (device: Device, tensors: readonly PlannedTensor[]): [string, Sheet][] =>
  tensors.map(({ node, shape, dtype }) => [refKey({ node: node.id, output: 0 }), device.values(shape, heldAs(dtype))]);

/** What a step gives, where its kernel cannot be followed: every output in a packed texture. */
const outputsAsTold = (device: Device, { node, predicted }: PlannedStep): Sheet[] =>
  node.outputs.map(({ dtype }, output) => device.program([], predicted[output] ?? [], heldAs(dtype), true));

/** Runs the step's kernel; results that are operands, or stand twice, are given another handle, as a run does. */
function kernelOnPaper(device: Device, tf: ReturnType<typeof paperLibrary>, plan: Plan, step: PlannedStep, operands: readonly Sheet[]): Sheet[] {
  const { node, operator, attributes, predicted } = step;
  if (!operator) return [device.values(predicted[0] ?? [], heldAs(node.outputs[0]?.dtype ?? 'float32'))];
  return device.scope(() => {
    const made = operator.kernel(tf, operands as unknown as readonly Tensor[], attributes, { runtime: plan.graph.runtime, training: false, seed: () => 1 });
    if ('then' in made) {
      made.catch(() => undefined);
      throw new NotOnPaper('its data');
    }
    const sheets = (Array.isArray(made) ? made : [made]) as unknown as Sheet[];
    return sheets.map((sheet, at) => (operands.includes(sheet) || sheets.indexOf(sheet) < at ? device.handle(sheet.dataId, sheet.shape, sheet.dtype) : sheet));
  });
}

function stepOnPaper(device: Device, tf: ReturnType<typeof paperLibrary>, plan: Plan, step: PlannedStep, held: Held, book: Book): void {
  const operands = step.node.inputs.flatMap((input) => held.get(refKey(input)) ?? []);
  if (operands.length < step.node.inputs.length) return;
  let made: Sheet[];
  try {
    made = kernelOnPaper(device, tf, plan, step, operands);
  } catch (error) {
    book.unknown.set(step.node.id, error instanceof Error ? error.message : String(error));
    made = outputsAsTold(device, step);
  }
  for (const [output, sheet] of made.entries()) held.set(refKey({ node: step.node.id, output }), sheet);
}

/** Textures that hold what their operand's texture holds already. */
function movedViews(plan: Plan, held: ReadonlyMap<string, Sheet>, node: GraphNode): readonly Texture[] {
  const [input] = node.inputs;
  const from = input && held.get(refKey(input))?.dataId.texture;
  if (!from || !isView({ ...plan.graph, runtime: 'tfjs' }, node)) return [];
  return node.outputs.flatMap((_, output) => {
    const texture = held.get(refKey({ node: node.id, output }))?.dataId.texture;
    return texture && texture !== from ? [texture] : [];
  });
}

/** One run: what is held before it stays. */
function runOnPaper(plan: Plan, device: Device, base: Held, book: Book, onTake: (listener: () => void) => void): void {
  const tf = paperLibrary(device);
  const held: Held = new Map(base);
  const moved = new Set<Texture>();
  let [during, highest]: [number, ReadonlySet<Texture> | undefined] = [device.live(), undefined];
  onTake(() => {
    during = Math.max(during, device.live());
    if (device.live() <= book.bytes) return;
    book.bytes = device.live();
    highest = new Set(device.textures());
  });
  for (const step of plan.steps) {
    const before = new Set(device.textures());
    [during, highest] = [device.live(), undefined];
    stepOnPaper(device, tf, plan, step, held, book);
    for (const texture of movedViews(plan, held, step.node)) moved.add(texture);
    book.steps.set(step.node.id, during);
    if (highest) {
      book.node = step.node.id;
      book.parts = partsOf(highest, (texture) => before.has(texture) || device.textures().has(texture), moved);
    }
    for (const ref of step.frees) free(held, ref);
  }
  for (const [key, sheet] of held) if (!base.has(key)) sheet.dispose();
}

function free(held: Held, ref: ValueRef): void {
  held.get(refKey(ref))?.dispose();
  held.delete(refKey(ref));
}

/** What stood before the step or stays after it are tensors; all else is the step's own. */
function partsOf(textures: ReadonlySet<Texture>, isTensor: (texture: Texture) => boolean, moved: ReadonlySet<Texture>): Book['parts'] {
  const parts = { tensors: 0, packing: 0, copies: 0, own: 0 };
  for (const texture of textures) {
    if (!isTensor(texture)) parts.own += texture.bytes;
    else if (moved.has(texture)) parts.copies += texture.bytes;
    else {
      parts.tensors += texture.values;
      parts.packing += texture.bytes - texture.values;
    }
  }
  return parts;
}

function forecastFrom({ bytes, node, parts, steps, unknown }: Book): TextureForecast {
  return { bytes, ...(node === undefined ? {} : { node }), ...parts, steps, unknown: [...unknown].map(([at, uses]) => ({ node: at, uses })) };
}

/** What runs will hold in WebGL: in the first one weights and inputs come to the device, each when a step needs it; afterwards they are there. */
export function foreseeTextures(plan: Plan, limits: TextureLimits): { readonly first: TextureForecast; readonly again: TextureForecast } {
  let listener = () => {};
  const device = createDevice(limits, () => listener());
  const listen = (next: () => void) => {
    listener = next;
  };
  const base: Held = new Map([...tensorsOn(device, plan.inputs), ...tensorsOn(device, plan.parameters)]);
  const [first, again] = [emptyBook(), emptyBook()];
  for (const book of [first, again]) runOnPaper(plan, device, base, book, listen);
  return { first: forecastFrom(first), again: forecastFrom(again) };
}
