/** The standard library by the names that modules are imported under. */
import type { ModuleValue } from '../../../value/index';
import { MATH } from './math';

const MODULES: ReadonlyMap<string, ModuleValue> = new Map([['math', MATH]]);

/** A module of the standard library, or one of those beside it that sizes flow through. */
export const pythonLibrary = (specifier: string): ModuleValue | undefined => MODULES.get(specifier);
