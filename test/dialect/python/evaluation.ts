/** What a Python expression comes to, through the front end and the interpreter: for tables of built-ins. */
import { surroundingsOf } from '../../../src/analysis/surroundings';
import { pythonRepr } from '../../../src/dialect/python/index';
import { format, formatReal } from '../../../src/dim/index';
import { lower } from '../../../src/frontend/index';
import { readModule } from '../../../src/interpret/index';
import { NULL, native, type Value, valueOfKey } from '../../../src/value/index';

/** A value as text: sizes by their symbols, unknown ones as `?`, lists and dicts as written. */
export function show(value: Value): string {
  return (value.kind === 'dict' && value.flavour === 'set' ? undefined : pythonRepr(value)) ?? openText(value);
}

function openText(value: Value): string {
  switch (value.kind) {
    case 'number':
      return formatReal(value.real);
    case 'list': {
      const items = [...value.items.map(show), ...(value.open === undefined ? [] : ['…'])].join(', ');
      return `${value.tuple ? `(${items})` : `[${items}]`}${value.times ? ` times ${format(value.times)}` : ''}`;
    }
    case 'dict': {
      const isSet = value.flavour === 'set';
      const entries = [...value.entries].map(([key, item]) => (isSet ? show(item) : `${show(valueOfKey(key))}: ${show(item)}`));
      return `{${(isSet ? entries.sort() : entries).join(', ')}${value.open === undefined ? '' : ', …'}}`;
    }
    case 'tensor':
      return `tensor[${value.shape?.map(format).join(',') ?? '?'}]`;
    case 'unknown':
      return `?${value.type ?? ''}${value.pattern === undefined ? '' : ` ${value.pattern}`}`;
    case 'native':
      return value.name;
    default:
      return value.kind;
  }
}

const indented = (text: string): string => text.replace(/^(?=.)/gm, '    ');

/** What each `see(…)` sees; `c` and `h` are sizes, `x` is a tensor [b,t,c], `flag` is not known. `before` stands at the file's top. */
export async function seen(body: string, before = ''): Promise<string[]> {
  const head = `import torch\n${before}\n\ndef entry(x, c, h, flag):\n    b, t, e = x.shape\n    torch.zeros(c, h)\n    fresh()\n`;
  const source = await lower('a.py', `${head}${indented(body)}\n    return x * 2\n`);
  const target = source.body.find((statement) => statement.kind === 'functionDefinition' && statement.definition.name === 'entry');
  if (target?.kind !== 'functionDefinition') throw new Error(`no entry: ${JSON.stringify(source.syntaxProblems)}`);
  let values: string[] = [];
  const surroundings = surroundingsOf('python');
  const see = native('see', (args) => {
    values.push(...args.positional.map(show));
    return NULL;
  });
  const fresh = native('fresh', () => {
    values = [];
    return NULL;
  });
  readModule({
    program: { module: (path) => (path === source.path ? source : undefined), resolve: () => undefined },
    surroundings: { ...surroundings, global: (name) => (name === 'see' ? see : name === 'fresh' ? fresh : surroundings.global(name)) },
    source,
    target: { kind: 'function', definition: target.definition },
    bindings: { training: false },
  });
  return values;
}
