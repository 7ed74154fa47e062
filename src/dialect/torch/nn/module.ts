/** `nn.Module`: the base class of the user's modules. */
import type { Host, InstanceValue, NativeValue, Value } from '../../common/values';
import { type Behaviour, callForward, libraryClass } from './library';
import { inheritedMember } from './members';
import { isModule, isParameter, moduleState, newState, startModule } from './state';

/** A field that needs the constructor of `nn.Module` to have run: torch raises an AttributeError where it has not. */
function checkStarted(self: InstanceValue, name: string, value: Value, host: Host): void {
  if (moduleState(self) !== undefined || self.open !== undefined || (!isModule(value) && !isParameter(value))) return;
  host.report({ code: 'module-not-started', severity: 'error', span: host.span, args: { name, sort: isModule(value) ? 'module' : 'parameter' } });
}

const BEHAVIOUR: Behaviour = {
  name: 'torch.nn.Module',
  initialise: (self, _args, host) => {
    if (moduleState(self) === undefined || self.native !== undefined) startModule(self, newState('Module'), host);
  },
  member: inheritedMember,
  call: callForward,
  set: checkStarted,
};

/** `nn.Module`. */
export const Module: NativeValue = libraryClass(BEHAVIOUR);
