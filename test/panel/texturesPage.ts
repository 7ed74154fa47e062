/** What the browser runs: a block as the panel runs it, watched. */
import { decodeGraph, type Sizes } from '../../src/graph/index';
import { prepareRun } from '../../src/run/prepare';
import type { RunOptions } from '../../src/run/types';
import { foreseeTextures, type TextureForecast } from '../../src/run/webgl/index';
import { type Backend, startBackend } from '../../webview/backend';

/** What WebGL held in one run, and what was foreseen of it. */
export interface Held {
  readonly measured: number;
  readonly foreseen: number;
  readonly tensors: number;
  readonly packing: number;
  readonly copies: number;
  readonly own: number;
  /** The step with the most, by its operator. */
  readonly at: string;
  readonly unknown: readonly string[];
  /** The steps that held otherwise than foreseen, furthest first. */
  readonly apart: readonly string[];
}

/** How each run is made: with every value read, as the panel's first one, and then without. */
const RUNS: readonly RunOptions[] = [{ statistics: true }, { results: false, timing: true }, { results: false }];

let started: Promise<Backend> | undefined;

/** The block and its sizes come as text. */
async function heldIn(text: string): Promise<readonly Held[]> {
  const { graph: encoded, sizes } = JSON.parse(text) as { readonly graph: unknown; readonly sizes: Sizes };
  started ??= startBackend('');
  const { tf, textures } = await started;
  const decoded = decodeGraph(encoded);
  if ('error' in decoded || !textures) throw new Error('error' in decoded ? decoded.error : 'there is no WebGL');
  const base = textures.live();
  const made = prepareRun(decoded.graph, sizes, { tf });
  if ('refusal' in made) throw new Error(JSON.stringify(made.refusal));
  const { prepared } = made;
  const { first, again } = foreseeTextures(prepared.plan, textures);
  const nameOf = (node: number | undefined) => (node === undefined ? '' : `${node} ${decoded.graph.nodes[node]?.op}`);
  const held: Held[] = [];
  for (const [run, options] of RUNS.entries()) {
    const foreseen = run === 0 ? first : again;
    const watch = textures.watch(base);
    const ran = await prepared.run({ ...options, watch });
    if ('refusal' in ran) throw new Error(JSON.stringify(ran.refusal));
    const { bytes, node, steps } = watch.reading();
    held.push({ measured: bytes, at: nameOf(node), ...told(foreseen, nameOf), apart: apartFrom(steps, foreseen, nameOf) });
  }
  prepared.dispose();
  if (textures.live() !== base) throw new Error(`${textures.live() - base} bytes are left`);
  return held;
}

function told({ bytes, tensors, packing, copies, own, unknown }: TextureForecast, nameOf: (node: number) => string) {
  return { foreseen: bytes, tensors, packing, copies, own, unknown: unknown.map(({ node, uses }) => `${nameOf(node)} ${uses}`) };
}

function apartFrom(steps: ReadonlyMap<number, number>, foreseen: TextureForecast, nameOf: (node: number) => string): string[] {
  return [...steps]
    .map(([node, bytes]) => ({ node, bytes, foreseen: foreseen.steps.get(node) ?? 0 }))
    .filter((each) => each.bytes !== each.foreseen)
    .sort((left, right) => Math.abs(right.bytes - right.foreseen) - Math.abs(left.bytes - left.foreseen))
    .slice(0, 8)
    .map((each) => `${nameOf(each.node)}: ${each.bytes} not ${each.foreseen}`);
}

Object.assign(globalThis, { heldIn });
