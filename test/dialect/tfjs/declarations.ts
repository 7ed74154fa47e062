/** The parameter names of tfjs's functions, from its own type declarations. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import ts from 'typescript';

const core = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-core/package.json'));

const files = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return files(path);
    return entry.name.endsWith('.d.ts') ? [path] : [];
  });

/** Names as they are declared; a pattern's are its fields. */
function parameterNames(declaration: ts.FunctionDeclaration): string[] {
  return declaration.parameters.flatMap((parameter) => {
    if (ts.isIdentifier(parameter.name)) return [parameter.name.text];
    return ts.isObjectBindingPattern(parameter.name) ? parameter.name.elements.map((element) => element.name.getText()) : [];
  });
}

/** Parameter names by folder and function: `mat_mul` under `ops`, `fused/mat_mul` under `ops/fused`. */
export function declaredParameters(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  const root = join(core, 'dist', 'ops');
  for (const path of files(root)) {
    const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
    const own = new Map<string, readonly string[]>();
    const inFolder = dirname(path).slice(root.length + 1);
    source.forEachChild((node) => {
      if (ts.isFunctionDeclaration(node) && node.name) own.set(node.name.text, parameterNames(node));
    });
    for (const [name, parameters] of own) found.set(`${inFolder}/${name.replace(/_$/, '')}`, parameters);
  }
  return found;
}
