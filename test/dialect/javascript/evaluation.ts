/** What an expression comes to, through the front end and the interpreter: for tables of built-ins. */
import { surroundingsOf } from '../../../src/analysis/surroundings';
import { format, formatReal } from '../../../src/dim/index';
import { lowerTypeScript } from '../../../src/frontend/typescript/index';
import { readModule } from '../../../src/interpret/index';
import { native, UNDEFINED, type Value } from '../../../src/value/index';

/** A value as text: sizes by their symbols, unknown ones as `?`, lists and objects as written. */
export function show(value: Value): string {
  switch (value.kind) {
    case 'number':
      return formatReal(value.real);
    case 'string':
      return `'${value.value}'`;
    case 'boolean':
      return String(value.value);
    case 'list':
      return `[${value.items.map(show).join(', ')}${value.open === undefined ? '' : ', …'}]${value.times ? ` times ${format(value.times)}` : ''}`;
    case 'dict':
      return `${value.flavour === 'object' ? '' : value.flavour}{${[...value.entries].map(([key, item]) => `${key}: ${show(item)}`).join(', ')}${value.open === undefined ? '' : ', …'}}`;
    case 'tensor':
      return `tensor[${value.shape?.map(format).join(',') ?? '?'}]`;
    case 'unknown':
      return `?${value.type ?? ''}`;
    default:
      return value.kind;
  }
}

/** What each `see(…)` of a function's body sees; `c` and `h` are sizes, `x` is a tensor [b,t,c], `flag` is not known. */
export function seen(body: string): string[] {
  const source = lowerTypeScript(
    'a.js',
    `import * as tf from '@tensorflow/tfjs';\nfunction entry(x, c, h, flag) {\n  tf.zeros([c, h]);\n  const [b, t, e] = x.shape;\n${body}\n  return tf.relu(x);\n}`,
  );
  const target = source.body.find((statement) => statement.kind === 'functionDefinition');
  if (target?.kind !== 'functionDefinition') throw new Error('no entry');
  let values: string[] = [];
  const surroundings = surroundingsOf('typescript');
  const see = native('see', (args) => {
    values.push(...args.positional.map(show));
    return UNDEFINED;
  });
  const fresh = native('fresh', () => {
    values = [];
    return UNDEFINED;
  });
  readModule({
    program: { module: (path) => (path === source.path ? source : undefined), resolve: () => undefined },
    surroundings: { ...surroundings, global: (name) => (name === 'see' ? see : name === 'fresh' ? fresh : surroundings.global(name)) },
    source,
    target: { kind: 'function', definition: { ...target.definition, body: [...lowerTypeScript('a.js', 'fresh()').body, ...target.definition.body] } },
    bindings: { training: false },
  });
  return values;
}
