/** `Copy Shape` and `Go to Where a Size Was Born`: of the place that a hover names, or of the one at the cursor; and where a hover's links lead. */
import { env, l10n, window } from 'vscode';
import type { Hover } from '../../analysis/types';
import type { Span } from '../../program/types';
import type { AskHover } from '../hover';
import { reveal } from '../reveal';
import { openUnit } from '../units';

async function atCursor(askHover: AskHover): Promise<Hover | undefined> {
  const editor = window.activeTextEditor;
  return editor && askHover(editor.document, editor.selection.active);
}

const field = (argument: unknown, name: string): unknown =>
  typeof argument === 'object' && argument !== null ? Object.entries(argument).find(([key]) => key === name)?.[1] : undefined;

function isSpan(value: unknown): value is Span {
  return typeof field(value, 'file') === 'string' && ['line', 'column', 'endLine', 'endColumn'].every((name) => typeof field(value, name) === 'number');
}

/** Copies a shape as text. */
export async function copyShape(askHover: AskHover, argument: unknown): Promise<void> {
  const given = field(argument, 'shape');
  const shape = typeof given === 'string' ? given : (await atCursor(askHover))?.shape;
  if (shape === undefined) return void window.showWarningMessage(l10n.t('No shape is known at the cursor.'));
  await env.clipboard.writeText(shape);
}

const wordsIn = (span: Span, words: string): string => openUnit(span.file)?.words(words) ?? words;

async function pickBirth({ born }: Hover): Promise<Span | undefined> {
  if (born.length <= 1) return born[0]?.span;
  const items = born.map(({ size, span }) => ({ label: size, description: wordsIn(span, l10n.t('line {0}', span.line)), span }));
  return (await window.showQuickPick(items, { placeHolder: l10n.t('Which size?') }))?.span;
}

/** Shows the place where a size comes from. */
export async function goToSize(askHover: AskHover, argument: unknown): Promise<void> {
  const given = field(argument, 'span');
  const hover = isSpan(given) ? undefined : await atCursor(askHover);
  if (hover?.born.length === 0) return void window.showWarningMessage(l10n.t('Where the sizes here come from is not known.'));
  const span = isSpan(given) ? given : hover && (await pickBirth(hover));
  if (span) await reveal(span, { select: true });
  else if (!hover) void window.showWarningMessage(l10n.t('No shape is known at the cursor.'));
}

/** Shows a place that a hover names. */
export async function goToLine(argument: unknown): Promise<void> {
  const span = field(argument, 'span');
  if (isSpan(span)) await reveal(span, { select: true });
}
