/** `torch.nn`: its modules and containers, by name. */
import type { Value } from '../../common/values';

/** What stands on `torch.nn` itself. */
export const NN: Readonly<Record<string, Value>> = {};
