/** `trace`: every shape of a file's modules. */
import { type ModuleTrace, type TraceRow, traceModule } from '../analysis/trace';
import { checkedDiagnostic } from './check';
import { relativeTo } from './files';
import { readOne } from './modules';
import type { Options } from './options';

/** Runs `trace`; gives the exit code. */
export async function trace(options: Options): Promise<number> {
  const { analysis, root, open } = await readOne(options);
  const relative = relativeTo(root);
  const modules: ModuleTrace[] = [];
  for (const module of analysis.modules) {
    const diagnostics = module.diagnostics.map((one) => ({ file: relative(one.span.file), ...checkedDiagnostic(one, relative) }));
    modules.push(traceModule(module, options.bound, relative, diagnostics, await open(module)));
  }
  process.stdout.write(options.json ? `${JSON.stringify({ version: 1, modules })}\n` : modules.map(asText).join('\n'));
  return 0;
}

function asText(module: ModuleTrace): string {
  const inputs = module.inputs.map((input) => `${input.name} ${shape(input)}`).join(', ');
  const head = `${module.file}:${module.line} ${module.name}  ${inputs} → ${module.outputs.map(shape).join(', ') || '?'}\n`;
  const needs = module.requires.length > 0 ? `  needs ${module.requires.join(', ')}\n` : '';
  const width = Math.max(0, ...module.values.map((row) => row.name.length));
  return (
    head +
    needs +
    module.values.map((row) => line(row, width)).join('') +
    module.unknown.map((one) => `  ${one.file}:${one.line} ${one.name} is unknown: ${one.reason}\n`).join('')
  );
}

function line(row: TraceRow, width: number): string {
  const sizes = row.sizes ? `  ${JSON.stringify(row.sizes)}` : '';
  return `  ${String(row.line).padStart(5)}  ${row.name.padEnd(width)}  ${shape(row)}${sizes}${row.times > 1 ? ` ×${row.times}` : ''}\n`;
}

function shape(value: { readonly shape: unknown }): string {
  const tree = (one: unknown): string => (Array.isArray(one) ? `(${one.map(tree).join(', ')})` : one === null ? '?' : String(one));
  return tree(value.shape);
}
