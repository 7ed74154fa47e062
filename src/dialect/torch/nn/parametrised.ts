/** `torch.nn.utils.parametrizations` and `parametrize`: weights that are worked out of others wherever they are read. */
import { argument, fn, type Host, type InstanceValue, type NativeValue, step, type Value } from '../../common/values';
import { NORMAL } from './kind';
import { Module } from './module';
import {
  buffer,
  byLength,
  bySpectrum,
  type Change,
  helper,
  LENGTHS,
  lengthAxis,
  lengthsOf,
  matrixOf,
  notFollowed,
  SPECTRAL,
  spectralOf,
  tensorAt,
} from './normalised';
import { bindNames, signatureOf } from './signature';
import { isModule, isParameter, setBuffer, setField } from './state';
import { setWorked, type Worked, workedOf } from './worked';

/** An object that holds others, as `torch.nn.utils.parametrize` lays them out. */
function holder(host: Host): InstanceValue | undefined {
  const made = host.call(Module, { positional: [], named: new Map(), span: host.span, spans: [], api: 'nn.Module' });
  return made.kind === 'instance' ? made : undefined;
}

const ROOT = 'parametrizations';

/** Makes room for what a weight is worked out of; gives what is worked out of it so far. */
function parametrised(module: InstanceValue, name: string, host: Host): InstanceValue | undefined {
  const known = module.members.get(ROOT);
  const all = known?.kind === 'instance' ? known : holder(host);
  const own = holder(host);
  if (!all || !own) return undefined;
  if (all !== known) setField(module, ROOT, all, host);
  setField(all, name, own, host);
  host.dropMember(module, name);
  return own;
}

const spectralParametrization: Change = (module, name, weight, bound, host) => {
  const how = spectralOf(module, bound, true);
  const own = parametrised(module, name, host);
  const kept = holder(host);
  if (!own || !kept) return;
  setField(own, 'original', weight, host);
  setField(own, '0', kept, host);
  const isLine = weight.shape?.length === 1;
  const [rows, columns] = matrixOf(weight.shape ?? [], how.axis);
  if (!isLine) setBuffer(kept, '_u', buffer(host, '_u', [rows], NORMAL), true, host);
  if (!isLine) setBuffer(kept, '_v', buffer(host, '_v', [columns], NORMAL), true, host);
  const from: Worked['from'] = (self, inner) => {
    const [original, u, v] = [['original'], ['0', '_u'], ['0', '_v']].map((path) => tensorAt(self, [ROOT, name, ...path]));
    if (original && isLine) return step(inner, 'l2Normalize', [original], { axis: [0], epsilon: how.epsilon });
    return original && u && v ? bySpectrum(original, u, v, how, inner) : undefined;
  };
  setWorked(module, name, { isAttribute: false, parts: [], from }, host);
};

const weightParametrization: Change = (module, name, weight, bound, host) => {
  const axis = lengthAxis(bound('dim'), weight.shape?.length ?? 0);
  const own = parametrised(module, name, host);
  if (!own) return;
  setField(own, 'original0', lengthsOf(weight, axis, 'original0', host), host);
  setField(own, 'original1', weight, host);
  const from: Worked['from'] = (self, inner) => {
    const [g, v] = ['original0', 'original1'].map((part) => tensorAt(self, [ROOT, name, part]));
    return g && v ? byLength(v, g, axis, inner) : undefined;
  };
  setWorked(module, name, { isAttribute: false, parts: [], from }, host);
};

/** What is not followed of a weight: its shape stays. */
const orthogonal: Change = (module, name, weight, _bound, host) => {
  const own = parametrised(module, name, host);
  if (!own) return;
  setField(own, 'original', weight, host);
  const from: Worked['from'] = (self, inner) => {
    const original = tensorAt(self, [ROOT, name, 'original']);
    return original && notFollowed(original, 'orthogonal weights are not followed', inner);
  };
  setWorked(module, name, { isAttribute: false, parts: [], from }, host);
};

/** `register_parametrization(module, name, f)`: f of the weight wherever it is read, after those that were registered before. */
const registered: Change = (module, name, weight, bound, host) => {
  const own = parametrised(module, name, host);
  if (!own) return;
  setField(own, 'original', weight, host);
  addParametrization(module, name, bound('parametrization'), host);
};

function addParametrization(module: InstanceValue, name: string, parametrization: Value | undefined, host: Host): void {
  const own = member(member(module, ROOT), name);
  const place = [...(own?.members.keys() ?? [])].filter((key) => /^\d+$/.test(key)).length;
  if (!own || !parametrization) return;
  setField(own, String(place), parametrization, host);
  const before = workedOf(module)?.get(name);
  const from: Worked['from'] = (self, inner) => {
    const given = before ? before.from(self, inner) : tensorAt(self, [ROOT, name, 'original']);
    const called = member(member(self, ROOT), name)?.members.get(String(place));
    if (!given || !called) return undefined;
    const made = inner.invoke(called, given);
    if (made.kind !== 'tensor') return inner.unknownTensor(made.kind === 'unknown' ? made.reason : 'what a parametrization gives is no tensor', [given]);
    if (before) inner.letGo(given);
    return made;
  };
  setWorked(module, name, { isAttribute: false, parts: [], from }, host);
}

const member = (object: InstanceValue | undefined, name: string): InstanceValue | undefined => {
  const found = object?.members.get(name);
  return found?.kind === 'instance' ? found : undefined;
};

const registerParametrization: NativeValue = fn('torch.nn.utils.parametrize.register_parametrization', (args, host) => {
  const signature = 'module, tensor_name, parametrization, *, unsafe=False';
  const bound = bindNames(signatureOf(signature), args, host);
  const [module, name] = 'failed' in bound ? [] : [bound.values.get('module'), bound.values.get('tensor_name')];
  if ('failed' in bound || !isModule(module) || name?.kind !== 'string') return argument(args, 0);
  const known = workedOf(module)?.get(name.value);
  const weight = module.members.get(name.value);
  if (known && !known.isAttribute) addParametrization(module, name.value, bound.values.get('parametrization'), host);
  else if (isParameter(weight)) registered(module, name.value, weight, (key) => bound.values.get(key), host);
  return module;
});

/** Those of `torch.nn.utils.parametrizations`. */
export const PARAMETRIZATIONS: Readonly<Record<string, NativeValue>> = {
  spectral_norm: helper('torch.nn.utils.parametrizations.spectral_norm', SPECTRAL, spectralParametrization),
  weight_norm: helper('torch.nn.utils.parametrizations.weight_norm', LENGTHS, weightParametrization),
  orthogonal: helper('torch.nn.utils.parametrizations.orthogonal', "module, name='weight', orthogonal_map=None, *, use_trivialization=True", orthogonal),
};

/** Those of `torch.nn.utils.parametrize`. */
export const PARAMETRIZE: Readonly<Record<string, NativeValue>> = { register_parametrization: registerParametrization };
