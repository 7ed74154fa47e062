/**
 * Caret fixtures: real source with what the editor shows written under the very code.
 *
 *     const y = tf.matMul(a, b);
 *     //    ^ hint (n, m)
 *     //        ^^^^^^^^^^^^^^^ error matmul-mismatch: …
 *     //    ^ hover `y: (n, m) float32` ⏎ …
 *
 * Findings (and what they are related to), hints and lenses stand there always; hovers where a fixture asks, with the first caret
 * under the place. `//<` marks what begins at the line's start. A line `// file: name` starts another file: the first is analysed.
 * In Python marks begin with `#`.
 */
import { makeCore } from '../../src/analysis/core';
import type { Diagnostic, FileAnalysis } from '../../src/analysis/types';
import type { Span } from '../../src/program/types';
import type { AnalysisOptions } from '../../src/protocol/messages';

const MARK = /^\s*(?:\/\/|#)(?:<|\s*\^+) (?:error|warning|information|hint|hover|lens|also) /;
const HEADER = /^(?:\/\/|#) file: (.+)$/;
const OPTIONS: AnalysisOptions = { sizes: {}, hintStyle: 'short', severities: { needs: 'information' }, maxFileBytes: 1e6 };

interface Section {
  readonly file: string;
  readonly header?: string;
  readonly lines: readonly string[];
  /** Where hovers are asked: line and column, from 1. */
  readonly asked: readonly { readonly line: number; readonly column: number }[];
}

interface Shown {
  readonly line: number;
  readonly column: number;
  readonly width: number;
  readonly text: string;
}

/** The files of a fixture, without what it expects. */
function sectionsOf(text: string, name: string): readonly Section[] {
  const sections: { file: string; header?: string; lines: string[]; asked: { line: number; column: number }[] }[] = [
    { file: `/fixture/${name}`, lines: [], asked: [] },
  ];
  for (const line of text.replace(/\n$/, '').split('\n')) {
    const section = sections.at(-1);
    const header = HEADER.exec(line);
    if (header && section?.lines.length === 0 && sections.length === 1) sections[0] = { file: `/fixture/${header[1]}`, header: line, lines: [], asked: [] };
    else if (header) sections.push({ file: `/fixture/${header[1]}`, header: line, lines: [], asked: [] });
    else if (!MARK.test(line)) section?.lines.push(line);
    else if (/\^+ hover /.test(line)) section?.asked.push({ line: section.lines.length, column: line.indexOf('^') + 1 });
  }
  return sections;
}

const shownAt = ({ line, column, endLine, endColumn }: Span, lines: readonly string[], text: string): Shown => ({
  line,
  column,
  width: Math.max(1, (endLine === line ? endColumn : (lines[line - 1]?.length ?? column) + 1) - column),
  text,
});

function findings(diagnostics: readonly Diagnostic[], { file, lines }: Section): readonly Shown[] {
  const own = diagnostics
    .filter(({ span }) => span.file === file)
    .map(({ span, severity, code, message }) => shownAt(span, lines, `${severity} ${code}: ${message}`));
  const related = diagnostics.filter(({ code }) => code !== 'needs').flatMap((one) => one.related.filter(({ span }) => span.file === file));
  return [...own, ...related.map(({ span, message }) => shownAt(span, lines, `also ${message}`))];
}

/** What is shown of the file that is analysed, beyond findings. */
function readers(core: ReturnType<typeof makeCore>, analysis: FileAnalysis, { lines, asked }: Section): readonly Shown[] {
  const hints = core.hints(analysis, OPTIONS).map(({ line, column, label }) => ({ line, column: column - 1, width: 1, text: `hint ${label.slice(2)}` }));
  const lenses = core.lenses(analysis, OPTIONS).filter(({ action }) => action !== 'run');
  const titles = new Map(lenses.map(({ module, span }) => [module, span]));
  const lens = [...titles].map(([module, span]) =>
    shownAt(span, lines, `lens ${lenses.flatMap((one) => (one.module === module ? [one.title] : [])).join(' | ')}`),
  );
  const hovers = asked.map(({ line, column }) => {
    const hover = core.hover(analysis, line, column, OPTIONS);
    return { line, column, width: 1, text: `hover ${hover?.lines.join(' ⏎ ').replace(/\n/g, ' ⏎ ') ?? 'nothing'}` };
  });
  return [...lens, ...hints, ...hovers];
}

function mark({ column, width, text }: Shown, comment: string): string {
  const before = column - 1 - comment.length;
  return before < 0 ? `${comment}< ${text}` : `${comment}${' '.repeat(before)}${'^'.repeat(width)} ${text}`;
}

function rewritten({ file, header, lines }: Section, shown: readonly Shown[]): readonly string[] {
  const marks = (line: number): readonly string[] => {
    const here = shown.filter((one) => one.line === line).sort((a, b) => a.column - b.column || a.width - b.width);
    return [...new Set(here.map((one) => mark(one, file.endsWith('.py') ? '#' : '//')))];
  };
  return [...(header === undefined ? [] : [header]), ...lines.flatMap((line, at) => [line, ...marks(at + 1)])];
}

/** The fixture as it would read with all that is shown now. */
export async function regenerate(text: string, name: string): Promise<string> {
  const sections = sectionsOf(text, name);
  const core = makeCore(async (file) => sections.find((one) => one.file === file)?.lines.join('\n') ?? null);
  const [main] = sections;
  if (!main) return text;
  const analysis = await core.analyze(main.file, OPTIONS);
  const shown = (section: Section) => [...(section === main ? readers(core, analysis, section) : []), ...findings(analysis.diagnostics, section)];
  return `${sections.flatMap((section) => rewritten(section, shown(section))).join('\n')}\n`;
}
