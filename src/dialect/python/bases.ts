/** Classes of the language as bases of the user's. */
import type { NativeBase } from '../../value/index';

/** A class of the language that the user's classes extend and that gives their objects nothing of its own. */
export const plainBase = (name: string): NativeBase => ({ name, initialise: () => undefined, member: () => undefined });

/** One whose objects hold more than the code of their class says. */
export const holdingBase = (name: string): NativeBase => ({
  name,
  initialise: (self, _args, host) => host.setOpen(self, `what an object that is a \`${name}\` holds is not followed`),
  member: () => undefined,
});
