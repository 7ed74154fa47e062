/** Places for the steps of a picture. */
import { Graph, layout } from '@dagrejs/dagre';
import type { StepView } from './steps';

export interface Box {
  readonly step: StepView;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Picture {
  readonly boxes: readonly Box[];
  /** Each line as the `d` of a path. */
  readonly lines: readonly string[];
  readonly width: number;
  readonly height: number;
  /** Steps that are left out. */
  readonly omitted: number;
}

/** Beyond this many only named steps are drawn, beyond twice as many none. */
const MOST = 160;
/** The width of a letter, and the room before and behind a line of them. */
export const LETTER = 7.3;
export const INSET = 10;
/** Words beyond this are cut. */
const WIDEST = 340;
const HEIGHT = 40;
const MARGIN = 12;

/** The nearest drawn steps that a step is made of. */
function drawnInputs(step: StepView, byId: ReadonlyMap<number, StepView>, drawn: ReadonlySet<number>): readonly number[] {
  const found = new Set<number>();
  const seen = new Set<number>();
  const waiting = [...step.inputs];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    if (drawn.has(id)) found.add(id);
    else waiting.push(...(byId.get(id)?.inputs ?? []));
  }
  return [...found];
}

function selection(steps: readonly StepView[]): readonly StepView[] {
  if (steps.length <= MOST) return steps;
  const named = steps.filter(({ named: has, role }) => has || role !== 'step');
  return named.length <= MOST * 2 ? named : [];
}

const widthOf = ({ title, op, shapes }: StepView): number =>
  Math.min(WIDEST, 2 * INSET + 4 + LETTER * Math.max(title.length + op.length + 3, shapes.join(' ').length, 8));

/** Lays the steps out from top to bottom. */
export function pictureOf(steps: readonly StepView[]): Picture {
  const shown = selection(steps);
  const drawn = new Set(shown.map(({ id }) => id));
  const byId = new Map(steps.map((step) => [step.id, step]));
  const graph = new Graph();
  graph.setGraph({ rankdir: 'TB', nodesep: 18, ranksep: 26 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const step of shown) graph.setNode(String(step.id), { width: widthOf(step), height: HEIGHT });
  for (const step of shown) for (const input of drawnInputs(step, byId, drawn)) graph.setEdge(String(input), String(step.id));
  if (shown.length === 0) return { boxes: [], lines: [], width: 0, height: 0, omitted: steps.length };
  layout(graph);
  return { ...framed(shown, graph), omitted: steps.length - shown.length };
}

/** Moves all of it so that it starts at 0: lines may bend beyond the boxes. */
function framed(shown: readonly StepView[], graph: Graph): Omit<Picture, 'omitted'> {
  const boxes = shown.map((step) => boxOf(step, graph.node(String(step.id))));
  const lines = linesOf(graph);
  const xs = [...boxes.flatMap(({ x, width }) => [x, x + width]), ...lines.flat().map(({ x }) => x)];
  const ys = [...boxes.flatMap(({ y, height }) => [y, y + height]), ...lines.flat().map(({ y }) => y)];
  const [left, top] = [Math.min(...xs) - MARGIN, Math.min(...ys) - MARGIN];
  const move = <Placed extends Point>(placed: Placed): Placed => ({ ...placed, x: placed.x - left, y: placed.y - top });
  return {
    boxes: boxes.map(move),
    lines: lines.map((points) => curve(points.map(move))),
    width: Math.max(...xs) + MARGIN - left,
    height: Math.max(...ys) + MARGIN - top,
  };
}

function boxOf(
  step: StepView,
  { x = 0, y = 0, width = 0, height = 0 }: { readonly x?: number; readonly y?: number; readonly width?: number; readonly height?: number },
): Box {
  return { step, x: x - width / 2, y: y - height / 2, width, height };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function linesOf(graph: Graph): readonly (readonly Point[])[] {
  return graph.edges().map((edge) => (graph.edge(edge) as { readonly points?: readonly Point[] } | undefined)?.points ?? []);
}

/** A line through the points, rounded at each. */
function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  const last = rest.at(-1);
  if (!first || !last) return '';
  const bends = rest.slice(0, -1).map((point, index) => {
    const next = rest[index + 1] ?? point;
    return index === rest.length - 2
      ? `Q${point.x},${point.y} ${last.x},${last.y}`
      : `Q${point.x},${point.y} ${(point.x + next.x) / 2},${(point.y + next.y) / 2}`;
  });
  return `M${first.x},${first.y} ${bends.length > 0 ? bends.join(' ') : `L${last.x},${last.y}`}`;
}
