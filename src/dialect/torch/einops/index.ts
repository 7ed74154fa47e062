/** einops and einx, under the names they are imported by. */
import type { ModuleValue } from '../../common/values';

/** The library of that name, where it is one of these. */
export const einopsLibrary = (_specifier: string): ModuleValue | undefined => undefined;
