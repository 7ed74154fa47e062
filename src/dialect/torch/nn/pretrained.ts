/** `from_pretrained`: a table of rows that is there before, not trained unless that is asked for. */
import { boolean, fn, type Host, type NativeValue, size, type TensorValue, unknown, type Value } from '../../common/values';
import { type Behaviour, libraryClass } from './library';
import { parameterFrom, trainsBy } from './parameter';
import { bindNames, signatureOf } from './signature';
import { setField } from './state';

const SIGNATURE = 'embeddings, freeze=True, **settings';

/** `nn.Embedding` or `nn.EmbeddingBag`. */
export function tableClass(behaviour: Behaviour): NativeValue {
  const cls: NativeValue = libraryClass(behaviour, { member: (name) => (name === 'from_pretrained' ? fromPretrained(behaviour, () => cls) : undefined) });
  return cls;
}

const fromPretrained = (behaviour: Behaviour, cls: () => NativeValue): NativeValue =>
  fn(`${behaviour.name}.from_pretrained`, (args, host) => {
    const bound = bindNames(signatureOf(SIGNATURE), args, host);
    if ('failed' in bound) return unknown(bound.failed);
    const table = host.expect(bound.values.get('embeddings') ?? unknown('no table is given'), 'tensor');
    const [rows, width] = table.kind === 'tensor' ? (table.shape ?? []) : [];
    if (table.kind !== 'tensor' || !rows || !width) return unknown('the size of the table is not known');
    const more = [...args.named].filter(([name]) => name !== 'embeddings' && name !== 'freeze');
    const named = new Map<string, Value>([...more, ['num_embeddings', size(rows)], ['embedding_dim', size(width)]]);
    const made = host.call(cls(), { ...args, positional: [], spans: [], named });
    if (made.kind === 'instance') setField(made, 'weight', tableOf(table, bound.values.get('freeze') ?? boolean(true), host), host);
    return made;
  });

function tableOf(table: TensorValue, freeze: Value, host: Host): TensorValue {
  const frozen = trainsBy(freeze, host);
  return parameterFrom(table, typeof frozen === 'string' ? frozen : !frozen, host);
}
