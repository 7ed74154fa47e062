/** Weights of a module that are worked out of others: what its state says of them. */
import type { Host, InstanceValue, TensorValue } from '../../common/values';

const WORKED = 'torch.nn.utils';

/** One weight that is worked out of others. */
export interface Worked {
  /** It is worked out before each call and held by the module from then on; else wherever it is read. */
  readonly isAttribute: boolean;
  /** The fields that it is made of; the last is the weight itself. */
  readonly parts: readonly string[];
  from(self: InstanceValue, host: Host): TensorValue | undefined;
}

/** Those of a module, by name. */
export const workedOf = (self: InstanceValue): ReadonlyMap<string, Worked> | undefined => self.state.get(WORKED) as ReadonlyMap<string, Worked> | undefined;

/** Says how a weight is worked out; undefined: it is not any more. */
export function setWorked(self: InstanceValue, name: string, worked: Worked | undefined, host: Host): void {
  const all = new Map(workedOf(self));
  if (worked) all.set(name, worked);
  else all.delete(name);
  host.setState(self, WORKED, all);
}

/** A weight that is worked out where it is read. */
export function workedMember(self: InstanceValue, name: string, host: Host): TensorValue | undefined {
  const worked = workedOf(self)?.get(name);
  return worked && !worked.isAttribute ? worked.from(self, host) : undefined;
}

/** Works out what a module's call begins with. */
export function workOut(self: InstanceValue, host: Host): void {
  for (const [name, worked] of workedOf(self) ?? []) {
    const made = worked.isAttribute ? worked.from(self, host) : undefined;
    if (!made) continue;
    const before = self.members.get(name);
    if (before) host.letGo(before);
    host.setMember(self, name, made);
  }
}
