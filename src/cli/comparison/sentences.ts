/** What a comparison says in words: crossings, the limit, what holds of single blocks. */
import type { FigureName } from '../../analysis/types';
import { areOfTwoKinds, CURVE_WORDS, fill, sizeText } from '../../curves/index';
import { type Asked, limitFor } from './asked';
import { type Compared, type Pass, passesOf, type Turn, turnsOf, unknownOf } from './compared';

/** `h = w`. */
export const sizeName = ({ sweep }: Asked): string => sweep.symbols.join(' = ');

const turnText = ({ smaller, larger, at, exact }: Turn, size: string): string =>
  fill(exact ? CURVE_WORDS.crossingExact : CURVE_WORDS.crossing, { smaller, larger, size, at: sizeText(at) });

function passText({ label, at, direction, exact }: Pass, size: string, limit: string): string {
  const templates = {
    above: CURVE_WORDS.alwaysAbove,
    up: exact ? CURVE_WORDS.aboveExact : CURVE_WORDS.above,
    down: exact ? CURVE_WORDS.belowExact : CURVE_WORDS.below,
  };
  return fill(templates[direction], { label, limit, size, at: sizeText(at) });
}

/** Of one figure: where blocks cross, and where they pass the limit. */
export function marksOf(blocks: readonly Compared[], figure: FigureName, asked: Asked): readonly string[] {
  const limit = limitFor(figure, asked.limit);
  const passes = passesOf(blocks, figure, asked).map((pass) => passText(pass, sizeName(asked), limit?.label ?? ''));
  return [...turnsOf(blocks, figure, asked).map((turn) => turnText(turn, sizeName(asked))), ...passes];
}

/** Why a figure of a block is not known: those that are alike in one sentence. */
export const gapsOf = (blocks: readonly Compared[], figure: FigureName): readonly { readonly label: string; readonly reason: string }[] =>
  blocks.flatMap((block) => {
    const reason = unknownOf(block, figure);
    return reason === undefined ? [] : [{ label: block.label, reason }];
  });

/** The sizes of a block that the sweep leaves as they are. */
export function stayingOf({ curve, prices }: Compared): string {
  const [first, last] = [curve.points[0], curve.points.at(-1)];
  const sizes = first && last ? Object.entries(first.sizes).filter(([name, size]) => first === last || last.sizes[name] === size) : [];
  const known = first ? sizes : (prices?.symbols ?? []).flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const]));
  return known.map(([name, size]) => `${name}=${size}`).join(' ');
}

/** What is to be known of single blocks: what the sweep means for them, what the setting could not change, mistakes in them, and whose peaks are of another kind. */
export function notesOf(blocks: readonly Compared[]): readonly string[] {
  const each = grouped(
    blocks.flatMap(({ label, curve, prices, module }) => {
      const errors = module.diagnostics.filter(({ severity }) => severity === 'error');
      const mistake = errors.map(({ span, message }) => `line ${span.line}: ${message}`);
      return [...(curve.meaning === undefined ? [] : [curve.meaning]), ...(prices?.notes ?? []), ...mistake].map((text) => ({ label, text }));
    }),
  );
  return areOfTwoKinds(blocks.map(({ module }) => module.language)) ? [...each, CURVE_WORDS.peaks] : each;
}

/** What is said of several blocks is said once. */
function grouped(notes: readonly { readonly label: string; readonly text: string }[]): readonly string[] {
  const texts = [...new Set(notes.map(({ text }) => text))];
  return texts.map((text) => `${notes.flatMap((note) => (note.text === text ? [note.label] : [])).join(', ')}: ${text}`);
}
