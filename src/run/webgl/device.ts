/**
 * WebGL on paper: which textures tfjs's back end takes and gives back, without a device. A tensor's values get a texture when a program first needs them there,
 * packed or not as that program wants; a program that wants them the other way works on a copy of its own: `runWebGLProgram` in backend_webgl.ts of tfjs-backend-webgl.
 */
import { BYTES } from '../../ops/dtypes';
import { count } from '../../ops/kernels';
import { asMatrices, staysPacked, type TextureLimits, textureBytes, uploadBytes } from './texture';

export type SheetType = 'float32' | 'int32' | 'bool' | 'string' | 'complex64';

/** One texture; slices of unpacked tensors share their operand's. */
export interface Texture {
  readonly bytes: number;
  /** What the tensor's values take by themselves; 0 of a texture on the way to another. */
  readonly values: number;
  users: number;
}

/** The values that handles share. */
export interface Store {
  readonly dtype: SheetType;
  shape: readonly number[];
  packed: boolean;
  texture?: Texture;
  handles: number;
}

/** A tensor on paper: what kernels ask of one. */
export interface Sheet {
  readonly shape: number[];
  readonly dtype: SheetType;
  readonly rank: number;
  readonly size: number;
  readonly dataId: Store;
  readonly isDisposed: boolean;
  dispose(): void;
}

type Seen = Pick<Sheet, 'shape' | 'dtype' | 'dataId'>;

export interface Device {
  /** Bytes of all textures in use. */
  live(): number;
  /** All textures in use. */
  textures(): ReadonlySet<Texture>;
  /** A tensor whose values are not in a texture yet. */
  values(shape: readonly number[], dtype: SheetType): Sheet;
  /** Another handle on the same values. */
  handle(store: Store, shape: readonly number[], dtype: SheetType): Sheet;
  /** Runs a program: its inputs come to be in textures as it wants them, and its result in one of its own. */
  program(inputs: readonly Seen[], shape: readonly number[], dtype: SheetType, packed: boolean): Sheet;
  /** Whether all operands are on the processor and have few values: `shouldExecuteOnCPU`. */
  isOnProcessor(inputs: readonly Seen[]): boolean;
  /** A kernel that tfjs hands to the processor where its operands are. */
  handed: Device['program'];
  reshape(x: Sheet, shape: readonly number[]): Sheet;
  /** Part of a tensor: of an unpacked one that lies together, its own texture. */
  slice(x: Sheet, shape: readonly number[], together: boolean): Sheet;
  /** The operand unpacked, in a texture of its own. */
  unpacked(x: Sheet): Sheet;
  /** Brings the values to the processor, through a texture without gaps. */
  readBack(x: Sheet): void;
  /** Frees all that `make` makes but what it returns. */
  scope<Made>(make: () => Made): Made;
}

/** Tensors of so few values go to an unpacked program without a texture: WEBGL_SIZE_UPLOAD_UNIFORM. */
const UNIFORM = 4;
/** Operands of fewer values may be worked on by the processor: CPU_HANDOFF_SIZE_THRESHOLD. */
const FEW = 128;

function sheetsIn(made: unknown): readonly unknown[] {
  if (Array.isArray(made)) return made.flatMap(sheetsIn);
  if (typeof made !== 'object' || made === null) return [];
  return 'dataId' in made ? [made] : Object.values(made).flatMap(sheetsIn);
}

/** An empty device; `onTake` is called after each texture that is taken. */
export function createDevice(limits: TextureLimits, onTake: () => void): Device {
  const inUse = new Set<Texture>();
  const scopes: Sheet[][] = [];
  let live = 0;

  function take(bytes: number, own: number): Texture {
    const texture = { bytes, values: own, users: 1 };
    inUse.add(texture);
    live += bytes;
    onTake();
    return texture;
  }

  function giveBack(texture: Texture): void {
    texture.users -= 1;
    if (texture.users > 0) return;
    inUse.delete(texture);
    live -= texture.bytes;
  }

  function handle(store: Store, shape: readonly number[], dtype: SheetType): Sheet {
    store.handles += 1;
    let disposed = false;
    const sheet: Sheet = {
      shape: [...shape],
      dtype,
      rank: shape.length,
      size: count(shape),
      dataId: store,
      get isDisposed() {
        return disposed;
      },
      dispose() {
        if (disposed) return;
        disposed = true;
        store.handles -= 1;
        if (store.handles === 0 && store.texture) giveBack(store.texture);
      },
    };
    scopes.at(-1)?.push(sheet);
    return sheet;
  }

  const values = (shape: readonly number[], dtype: SheetType): Sheet => handle({ dtype, shape, packed: false, handles: 0 }, shape, dtype);

  const textureFor = (shape: readonly number[], dtype: SheetType, packed: boolean): Texture =>
    take(textureBytes(shape, packed, limits), count(shape) * BYTES[dtype]);

  const taken = (shape: readonly number[], dtype: SheetType, packed: boolean): Store => ({
    dtype,
    shape,
    packed,
    handles: 0,
    texture: textureFor(shape, dtype, packed),
  });

  /** Values come to the device in a texture packed without gaps, from which theirs is drawn. */
  function upload(store: Store): void {
    if (store.texture) return;
    const onTheWay = take(uploadBytes(store.shape, store.packed, limits), 0);
    store.texture = textureFor(asMatrices(store.shape), store.dtype, store.packed);
    giveBack(onTheWay);
  }

  /** The input as a program wants it: a copy, where it is not so already. */
  function converted({ shape, dtype, dataId: store }: Seen, packed: boolean): Sheet | undefined {
    if (!store.texture) {
      if (!packed && count(shape) <= UNIFORM) return undefined;
      if (packed) {
        store.packed = true;
        store.shape = shape;
      }
      upload(store);
    }
    if (store.packed !== packed) return handle(taken(shape, dtype, packed), shape, dtype);
    return packed && !staysPacked(store.shape, shape) ? repacked({ shape: [...store.shape], dtype, dataId: store }, shape) : undefined;
  }

  function program(inputs: readonly Seen[], shape: readonly number[], dtype: SheetType, packed: boolean): Sheet {
    if (count(shape) === 0) return values(shape, dtype);
    const copies = inputs.flatMap((input) => converted(input, packed) ?? []);
    const made = handle(taken(shape, dtype, packed), shape, dtype);
    for (const copy of copies) copy.dispose();
    return made;
  }

  const isOnProcessor = (inputs: readonly Seen[]): boolean => inputs.every(({ dataId, shape }) => !dataId.texture && count(shape) < FEW);

  function handed(inputs: readonly Seen[], shape: readonly number[], dtype: SheetType, packed: boolean): Sheet {
    return isOnProcessor(inputs) ? values(shape, dtype) : program(inputs, shape, dtype, packed);
  }

  /** The values moved to where the other shape has them. */
  function repacked(x: Seen, shape: readonly number[]): Sheet {
    const made = program([{ ...x, shape: asMatrices(x.shape) }], asMatrices(shape), x.dtype, true);
    const reshaped = handle(made.dataId, shape, x.dtype);
    made.dispose();
    return reshaped;
  }

  function reshape(x: Sheet, shape: readonly number[]): Sheet {
    const { packed, texture, shape: own } = x.dataId;
    const moves = packed && !staysPacked(x.shape, shape) && !(texture && staysPacked(own, shape));
    return moves ? repacked(x, shape) : handle(x.dataId, shape, x.dtype);
  }

  function slice(x: Sheet, shape: readonly number[], together: boolean): Sheet {
    if (isOnProcessor([x])) return values(shape, x.dtype);
    if (x.dataId.packed || !together) return program([x], shape, x.dtype, true);
    upload(x.dataId);
    const { texture } = x.dataId;
    if (texture) texture.users += 1;
    return handle({ dtype: x.dtype, shape, packed: false, handles: 0, ...(texture ? { texture } : {}) }, shape, x.dtype);
  }

  function readBack({ dataId: store, size }: Sheet): void {
    if (store.texture) giveBack(take(Math.ceil(size / 4) * 4 * limits.valueBytes, 0));
  }

  function scope<Made>(make: () => Made): Made {
    const own: Sheet[] = [];
    scopes.push(own);
    try {
      const made = make();
      const kept = new Set(sheetsIn(made));
      scopes.pop();
      for (const sheet of own) {
        if (kept.has(sheet)) scopes.at(-1)?.push(sheet);
        else sheet.dispose();
      }
      return made;
    } catch (error) {
      if (scopes.at(-1) === own) scopes.pop();
      for (const sheet of own) sheet.dispose();
      throw error;
    }
  }

  return {
    live: () => live,
    textures: () => inUse,
    values,
    handle,
    program,
    isOnProcessor,
    handed,
    reshape,
    slice,
    readBack,
    unpacked: (x) => handle(taken(x.shape, x.dtype, false), x.shape, x.dtype),
    scope,
  };
}
