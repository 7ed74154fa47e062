/** The recorder's command line; prints one JSON document. */
import { parseArgs } from 'node:util';
import { record } from './recorder';
import type { RecordRequest } from './types';

const USAGE = `record.mjs FILE --new EXPR | --class NAME [--args JSON]  --inputs JSON
  [--root DIR] [--method NAME] [--exclude PREFIX]… [--values] [--warm] [--move-weights] [--seed N]`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    new: { type: 'string' },
    class: { type: 'string' },
    args: { type: 'string' },
    inputs: { type: 'string' },
    root: { type: 'string' },
    method: { type: 'string' },
    exclude: { type: 'string', multiple: true },
    values: { type: 'boolean' },
    warm: { type: 'boolean' },
    'move-weights': { type: 'boolean' },
    seed: { type: 'string' },
  },
});
const [file] = positionals;
if (file === undefined || values.inputs === undefined || (values.new ?? values.class) === undefined) {
  console.error(USAGE);
  process.exit(2);
}
const request = {
  file,
  new: values.new,
  class: values.class,
  args: values.args === undefined ? undefined : JSON.parse(values.args),
  inputs: JSON.parse(values.inputs),
  root: values.root,
  method: values.method,
  exclude: values.exclude,
  values: values.values,
  warm: values.warm,
  moveWeights: values['move-weights'],
  seed: values.seed === undefined ? undefined : Number(values.seed),
};
const given = Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
console.log(JSON.stringify(await record(given as unknown as RecordRequest), null, 1));
