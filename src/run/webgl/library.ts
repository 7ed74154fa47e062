/** tfjs on paper, as far as operators' kernels use it: given to a kernel in its place, it tells which textures the kernel takes and gives back. */
import type { Tfjs } from '../../ops/operator';
import { arraysOn, creationOn, repeatTo } from './arrays';
import type { Device } from './device';
import { elementwiseOn } from './elementwise';
import { productsOn } from './products';
import { reductionsOn } from './reductions';
import { specialOn } from './special';

/** Thrown where a kernel calls what is not described here. */
export class NotOnPaper extends Error {}

/** Every name that is missing throws when it is looked up, with its name. */
function strict<Names extends object>(names: Names, path: string): Names {
  return new Proxy(names, {
    get(all, name) {
      if (typeof name === 'symbol' || name in all) return Reflect.get(all, name);
      throw new NotOnPaper(`${path}${name}`);
    },
  });
}

/** A library on the device. */
export function paperLibrary(device: Device): Tfjs {
  const { image, ...products } = productsOn(device);
  const { linalg, ...special } = specialOn(device);
  const functions = {
    ...creationOn(device),
    ...elementwiseOn(device, (x, shape) => repeatTo(device, x, shape)),
    ...arraysOn(device),
    ...reductionsOn(device),
    ...products,
    ...special,
    linalg: strict(linalg, 'linalg.'),
    image: strict(image, 'image.'),
    tidy: <Made>(make: () => Made) => device.scope(make),
  };
  // A kernel knows its operands by the members of `Sheet` alone: the library needs no more to be one.
  return strict(functions, '') as unknown as Tfjs;
}
