/** Comments that silence findings: on their line, on the next, or in the whole file. */
import type { SourceModule } from '../program/types';
import type { Diagnostic } from './types';

const MARK = /^attention-shapes-disable(-line|-next-line)?(?:\s+([\w\s,-]+))?/;

/** Whether a comment of the file silences the finding. Without codes a comment silences all. */
export function silenced(source: SourceModule | undefined, diagnostic: Diagnostic): boolean {
  return (
    source?.comments.some((comment) => {
      const found = MARK.exec(comment.text);
      if (!found) return false;
      const [, where, codes] = found;
      const line = where === '-line' ? comment.span.line : where === '-next-line' ? comment.span.endLine + 1 : undefined;
      if (line !== undefined && line !== diagnostic.span.line) return false;
      return codes === undefined || codes.trim() === '' || codes.split(/[\s,]+/).includes(diagnostic.code);
    }) ?? false
  );
}
