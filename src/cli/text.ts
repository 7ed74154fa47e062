/** Findings as text for a terminal. */
import type { CheckedFile, Summary } from './check';

const COLOURS: { readonly [severity: string]: string } = { error: '31', warning: '33', information: '34', hint: '90' };

/** `file:line:column severity code message`, grouped by file, with a summary line. */
export function asText(files: readonly CheckedFile[], summary: Summary, colour: boolean): string {
  const paint = (text: string, code: string | undefined) => (colour && code ? `\u001b[${code}m${text}\u001b[0m` : text);
  const groups = files
    .filter(({ diagnostics }) => diagnostics.length > 0)
    .map(({ file, diagnostics }) =>
      diagnostics
        .map((one) => {
          const related = one.related.map((place) => paint(`    ${place.file}:${place.line}:${place.column} ${place.message}\n`, '90')).join('');
          return `${file}:${one.line}:${one.column} ${paint(one.severity, COLOURS[one.severity])} ${paint(one.code, '90')} ${one.message}\n${related}`;
        })
        .join(''),
    );
  const counts = `${number(summary.files, 'file')}, ${number(summary.modules, 'module')}, ${number(summary.values, 'value')} (${summary.unknown} unknown): ${number(summary.errors, 'error')}, ${number(summary.warnings, 'warning')}`;
  const skipped = summary.skipped > 0 ? `, ${summary.skipped} skipped` : '';
  return `${groups.join('\n')}${groups.length > 0 ? '\n' : ''}${counts}${skipped}\n`;
}

const number = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
