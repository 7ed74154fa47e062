/** What made a wrong size so, beside the step that it comes from: a need that tied a name to it, a division that was rounded. */
import { type Dim, symbolsOf } from '../../dim/index';
import type { GraphNeed } from '../../graph/types';
import type { Span } from '../../program/types';
import type { ProblemInput } from '../../value/index';
import type { Run } from '../run';

type Related = NonNullable<ProblemInput['related']>[number];

const differs = (one: Span, other: Span): boolean => one.line !== other.line || one.file !== other.file;

/** The needs and the steps that stand behind two sizes that surely differ. */
export function tiesOf(run: Run, span: Span, sides: readonly Dim[]): Related[] {
  const equal = [...run.needs.values()].filter((need) => need.relation === '==' && differs(need.span, span));
  const needs = equal.filter((need) => sides.some((side) => made(need, side)) || ties(need, sides));
  const told = needs.length > 0 ? needs.concat(behind(equal, needs)) : behind(equal, [], sides);
  const tied = told.map((need) => ({ span: need.span, code: 'need', args: { need: need.text } }));
  return [...tied, ...sides.flatMap((side) => roundedAt(run, span, side))];
}

/** So many needs are told of those that stand behind others. */
const FEW = 3;

/** The needs that tie names of those told, or of the sizes, to something that is more than a name: what multiplied or divided them. */
function behind(equal: readonly GraphNeed[], told: readonly GraphNeed[], sides: readonly Dim[] = []): readonly GraphNeed[] {
  const names = new Set([...sides, ...told.flatMap(({ left, right }) => [left, right])].flatMap(symbolsOf));
  const isTold = (need: GraphNeed) => told.some(({ text }) => text === need.text);
  return equal.filter((need) => !isTold(need) && (isPart(need.left) || isPart(need.right)) && speaksOf(need, names)).slice(0, FEW);
}

const isPart = (dim: Dim): boolean => symbolsOf(dim).length > 0 && symbolsOf(dim)[0] !== dim.text;

const speaksOf = ({ left, right }: GraphNeed, names: ReadonlySet<string>): boolean => [...symbolsOf(left), ...symbolsOf(right)].some((name) => names.has(name));

/** Whether the need says of a name that it is the size, or what the size is made of. */
function made({ left, right }: { readonly left: Dim; readonly right: Dim }, side: Dim): boolean {
  const isExpression = (dim: Dim) => symbolsOf(dim)[0] !== dim.text && symbolsOf(dim).length > 0;
  return (isExpression(left) && left.text === side.text) || (isExpression(right) && right.text === side.text);
}

/** Whether the need speaks of both sizes. */
function ties(need: { readonly left: Dim; readonly right: Dim }, sides: readonly Dim[]): boolean {
  const told = [...symbolsOf(need.left), ...symbolsOf(need.right)];
  return sides.length === 2 && sides.every((side) => symbolsOf(side).length > 0 && symbolsOf(side).every((name) => told.includes(name)));
}

/** The first step that gives a size with a division in it that is rounded here too. */
function roundedAt(run: Run, span: Span, side: Dim): Related[] {
  return quotientsIn(side).flatMap((text) => {
    const node = run.nodes.find(({ outputs }) => outputs.some(({ shape }) => shape?.some((size) => quotientsIn(size).includes(text))));
    const size = node?.outputs[0]?.shape?.find((one) => quotientsIn(one).includes(text));
    const isNew = node !== undefined && size !== undefined && differs(node.span, span) && node.op !== 'input';
    return isNew
      ? [{ span: node.span, code: 'born-step', args: { size: text, axis: 0, shape: shapeOf(node.outputs[0]?.shape), api: node.api ?? node.op } }]
      : [];
  });
}

const shapeOf = (shape: readonly Dim[] | null | undefined): string => `(${(shape ?? []).map(({ text }) => text).join(', ')})`;

/** The rounded divisions in a size, one inside the other. */
function quotientsIn(size: Dim): string[] {
  const atoms = (size.terms ?? []).flatMap(({ factors }) => factors.map(({ atom }) => atom));
  return atoms.flatMap((atom) => (atom.kind === 'floor' ? [atom.text, ...quotientsIn(atom.left), ...quotientsIn(atom.right)] : []));
}
