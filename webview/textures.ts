/** What WebGL holds while a block runs: every texture that tfjs takes and gives back is noted, with the bytes that it has on the device. */
import type { Watch } from '../src/run/types';

interface GlTexture {
  /** Rows and columns of texels, as they were made on the device. */
  readonly texShape: readonly [number, number];
}

/** How tfjs names what a texture is for: tex_util.ts of tfjs-backend-webgl. */
const USAGE = { upload: 1, pixels: 2, download: 3 } as const;

/** The part of tfjs's `TextureManager` through which every texture goes. */
export interface TextureManager {
  acquireTexture(shape: readonly [number, number], usage: number | null, packed: boolean): GlTexture;
  releaseTexture(texture: GlTexture, shape: readonly [number, number], usage: number | null, packed: boolean): void;
}

/** The most that was held in a run. */
export interface TextureReading {
  readonly bytes: number;
  /** The step during which it was. */
  readonly node?: number;
  /** The most during each step. */
  readonly steps: ReadonlyMap<number, number>;
}

export interface TextureLedger {
  /** Bytes of all textures in use; those that are kept for reuse are nobody's. */
  live(): number;
  /** Looks on at a run, beside what was in use at `base`. */
  watch(base: number): Watch & { reading(): TextureReading };
}

/** Bytes of a texel. tfjs's own count takes an upload's for four times as many as it makes, so that bytes are counted by the texture's own rows and columns. */
function texelBytes(usage: number | null, packed: boolean, valueBytes: number): number {
  if (usage === USAGE.upload) return 16;
  if (usage === USAGE.pixels || usage === USAGE.download) return 4;
  return packed ? 4 * valueBytes : valueBytes;
}

/** Notes from now on what the manager gives out. */
export function ledgerOf(manager: TextureManager, valueBytes: number): TextureLedger {
  const bytesOf = new Map<GlTexture, number>();
  let live = 0;
  let onTake = () => {};
  const { acquireTexture, releaseTexture } = manager;
  manager.acquireTexture = (shape, usage, packed) => {
    const texture = acquireTexture.call(manager, shape, usage, packed);
    const bytes = texture.texShape[0] * texture.texShape[1] * texelBytes(usage, packed, valueBytes);
    bytesOf.set(texture, bytes);
    live += bytes;
    onTake();
    return texture;
  };
  manager.releaseTexture = (texture, shape, usage, packed) => {
    live -= bytesOf.get(texture) ?? 0;
    bytesOf.delete(texture);
    releaseTexture.call(manager, texture, shape, usage, packed);
  };

  function watch(base: number): ReturnType<TextureLedger['watch']> {
    const steps = new Map<number, number>();
    let current: number | undefined;
    const note = () => {
      if (current !== undefined) steps.set(current, Math.max(steps.get(current) ?? 0, live - base));
    };
    onTake = note;
    return {
      step(node) {
        current = node;
        note();
      },
      aside() {
        onTake = () => {};
        return () => {
          onTake = note;
        };
      },
      reading() {
        onTake = () => {};
        const highest = [...steps].reduce<readonly [number, number] | undefined>((most, each) => (most && most[1] >= each[1] ? most : each), undefined);
        return { bytes: highest?.[1] ?? 0, ...(highest ? { node: highest[0] } : {}), steps };
      },
    };
  }

  return { live: () => live, watch };
}
