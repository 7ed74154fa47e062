/** Python's own built-ins and its standard library, as far as sizes and tensors flow through them. This file is the dialect's door. */
import type { Host, Value } from '../../value/index';
import { BUILTINS } from './builtins';
import { DICT_MEMBERS } from './dicts';
import { LIST_MEMBERS } from './lists';
import { NUMBER_MEMBERS } from './numbers';
import { memberOfCallable, memberOfObject } from './objects';
import { SET_MEMBERS } from './sets';
import { STRING_MEMBERS } from './strings';

export { pythonDecorated } from './decorators';
export { pythonLibrary } from './library/index';
export { pythonOperation } from './operations';
export { formatted as pythonFormat, reprOf as pythonRepr, textOf as pythonText } from './text';

/** Names that are there without an import. */
export const pythonGlobals: ReadonlyMap<string, Value> = BUILTINS;

/** A member of a list, text, number, dict, set, function, class or object; undefined where Python has none either. */
export function pythonMember(object: Value, name: string, host: Host): Value | undefined {
  switch (object.kind) {
    case 'list':
      return LIST_MEMBERS.get(name)?.(object, host);
    case 'string':
      return STRING_MEMBERS.get(name)?.(object, host);
    case 'number':
      return NUMBER_MEMBERS.get(name)?.(object, host);
    case 'dict':
      return (object.flavour === 'set' ? SET_MEMBERS : DICT_MEMBERS).get(name)?.(object, host);
    case 'function':
    case 'native':
    case 'class':
      return memberOfCallable(object, name);
    case 'instance':
      return memberOfObject(object, name);
    default:
      return undefined;
  }
}
