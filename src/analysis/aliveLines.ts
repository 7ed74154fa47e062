/** How much memory is alive at each line of a file, module by module, at their example sizes. */
import { aliveBytes } from '../graph/aliveBytes';
import { graphAt } from './analyze';
import { sizesOf } from './figures';
import { isOwnOf } from './readings';
import type { AliveLine, AliveModule, FileAnalysis, ModuleAnalysis, View } from './types';

/** The modules with attention, and the one of a name; those of which it is not known are left out. */
export function aliveLines(analysis: FileAnalysis, named: string | null, view: View): readonly AliveModule[] {
  return analysis.modules.filter(({ attention, name }) => attention || name === named).flatMap((module) => aliveIn(module, analysis.file, view));
}

function aliveIn(module: ModuleAnalysis, file: string, view: View): readonly AliveModule[] {
  const sizes = sizesOf(module, view);
  const graph = sizes && graphAt(module, sizes, view.precision);
  const alive = graph && aliveBytes(graph, sizes);
  if (!alive || alive.size === 0) return [];
  const peak = Math.max(...alive.values());
  const [first] = [...alive].find(([, bytes]) => bytes === peak) ?? [];
  const lines = new Map<number, AliveLine>();
  for (const [node, bytes] of alive) {
    const { span, function: inFunction = '' } = graph.nodes[node] ?? {};
    if (span?.file !== file) continue;
    const before = lines.get(span.line);
    lines.set(span.line, {
      line: span.line,
      bytes: Math.max(before?.bytes ?? 0, bytes),
      isOwn: before?.isOwn === true || isOwnOf(module, inFunction),
      isPeak: before?.isPeak === true || node === first,
    });
  }
  const found = [...lines.values()].sort((a, b) => a.line - b.line);
  return found.length === 0 ? [] : [{ module: module.name, peak, lines: found }];
}
