/** How much memory is alive at each line, beside the code: a bar in the margin for its share of the peak, the bytes behind the line. Off until it is asked for. */
import {
  type DecorationOptions,
  type DecorationRenderOptions,
  Disposable,
  l10n,
  OverviewRulerLane,
  Range,
  type TextEditor,
  type TextEditorDecorationType,
  ThemeColor,
  Uri,
  window,
} from 'vscode';
import type { AliveModule } from '../analysis/types';
import { bytesText } from '../graph/quantities';
import type { Ask } from './analyser';
import type { Documents } from './documents';
import { type Bar, barsOf } from './gutterBars';
import { above } from './modules';
import { isMemoryShown } from './settings';
import { placeIn, rangeWithin, type Unit, unitOf } from './units';

/** Bars of so many lengths; the peak has one of its own. */
const LENGTHS = 8;
const SIDE = 16;

/** Pictures know no theme: a colour for light ones and one for dark ones. */
const COLOURS = { bar: { light: '#5f6b8a', dark: '#8f9bb8' }, peak: { light: '#b4530a', dark: '#f2a33a' } } as const;

function picture(length: number, colour: string): Uri {
  const width = Math.max(1, Math.round((SIDE * length) / LENGTHS));
  const bar = `<rect x="${SIDE - width}" y="3" width="${width}" height="${SIDE - 6}" rx="1" fill="${colour}"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}" viewBox="0 0 ${SIDE} ${SIDE}">${bar}</svg>`;
  return Uri.parse(`data:image/svg+xml;base64,${btoa(svg)}`);
}

function look(length: number, { light, dark }: (typeof COLOURS)['bar' | 'peak']): DecorationRenderOptions {
  return {
    // The bytes stay behind the line while it is typed in.
    isWholeLine: true,
    gutterIconSize: 'contain',
    light: { gutterIconPath: picture(length, light) },
    dark: { gutterIconPath: picture(length, dark) },
  };
}

interface Looks extends Disposable {
  readonly bars: readonly TextEditorDecorationType[];
  readonly peak: TextEditorDecorationType;
}

function createLooks(): Looks {
  const bars = Array.from({ length: LENGTHS }, (_, index) => window.createTextEditorDecorationType(look(index + 1, COLOURS.bar)));
  const peak = window.createTextEditorDecorationType({
    ...look(LENGTHS, COLOURS.peak),
    overviewRulerColor: new ThemeColor('editorWarning.foreground'),
    overviewRulerLane: OverviewRulerLane.Right,
  });
  return { bars, peak, dispose: () => Disposable.from(...bars, peak).dispose() };
}

function optionsOf(unit: Unit, editor: TextEditor, { line, bytes, isPeak }: Bar): readonly DecorationOptions[] {
  const range = rangeWithin(unit, editor.document, { line, column: 1, endLine: line, endColumn: 1 });
  const text = isPeak ? l10n.t('{0} · peak', bytesText(bytes)) : bytesText(bytes);
  const after = { contentText: text, color: new ThemeColor('editorCodeLens.foreground'), margin: '0 0 0 2.5em', ...(isPeak ? { fontWeight: '600' } : {}) };
  return range ? [{ range: new Range(range.start, range.start), renderOptions: { after } }] : [];
}

/** A pause that is long enough to look, after the cursor has moved. */
const PAUSE_MS = 150;

interface Shown {
  /** The modules that the bars were asked for. */
  key: string;
  modules: readonly AliveModule[];
}

/** Shows memory by line where the setting says so. */
export function showMemory(documents: Documents, ask: Ask): Disposable {
  const shown = new Map<TextEditor, Shown>();
  let looks: Looks | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function draw(editor: TextEditor, unit: Unit, bars: readonly Bar[]): void {
    looks ??= createLooks();
    for (const [index, type] of looks.bars.entries())
      editor.setDecorations(
        type,
        bars.filter(({ length, isPeak }) => !isPeak && length === index + 1).flatMap((bar) => optionsOf(unit, editor, bar)),
      );
    editor.setDecorations(
      looks.peak,
      bars.filter(({ isPeak }) => isPeak).flatMap((bar) => optionsOf(unit, editor, bar)),
    );
  }

  function clear(editor: TextEditor): void {
    if (!shown.delete(editor) || !looks) return;
    for (const type of [...looks.bars, looks.peak]) editor.setDecorations(type, []);
  }

  /** The module that the cursor is in. */
  function moduleAt(editor: TextEditor, unit: Unit): string | null {
    const { line } = placeIn(unit, editor.document, editor.selection.active);
    return above(documents.last(unit)?.modules ?? [], line)?.name ?? null;
  }

  async function renew(editor: TextEditor): Promise<void> {
    const unit = unitOf(editor.document);
    if (!unit || !isMemoryShown(unit.uri)) return clear(editor);
    const analysis = await documents.current(unit, 'soon');
    const { version } = unit;
    const module = moduleAt(editor, unit);
    const modules = analysis && analysis.modules.length > 0 ? await ask({ kind: 'alive', file: unit.file, module }) : [];
    // What has changed meanwhile is asked for again.
    if (version !== unit.version || !window.visibleTextEditors.includes(editor) || !isMemoryShown(unit.uri)) return;
    shown.set(editor, { key: module ?? '', modules });
    draw(editor, unit, barsOf(modules, module, LENGTHS));
  }

  function renewAll(): void {
    for (const editor of shown.keys()) if (!window.visibleTextEditors.includes(editor)) shown.delete(editor);
    for (const editor of window.visibleTextEditors) void renew(editor).catch(() => clear(editor));
  }

  function soon(): void {
    clearTimeout(timer);
    timer = setTimeout(renewAll, PAUSE_MS);
  }

  /** Only another module makes another picture. */
  function moved(editor: TextEditor): void {
    const unit = unitOf(editor.document);
    const before = shown.get(editor);
    if (unit && before && before.key !== (moduleAt(editor, unit) ?? '')) soon();
  }

  soon();
  return Disposable.from(
    documents.onAnalysed(soon),
    window.onDidChangeVisibleTextEditors(soon),
    window.onDidChangeTextEditorSelection(({ textEditor }) => moved(textEditor)),
    {
      dispose() {
        clearTimeout(timer);
        looks?.dispose();
      },
    },
  );
}
