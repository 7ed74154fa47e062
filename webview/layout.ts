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
const LETTER = 7.2;
const HEIGHT = 40;

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

const widthOf = ({ title, op, shapes }: StepView): number => Math.min(320, 24 + LETTER * Math.max(title.length + op.length + 3, shapes.join(' ').length, 8));

/** Lays the steps out from top to bottom. */
export function pictureOf(steps: readonly StepView[]): Picture {
  const shown = selection(steps);
  const drawn = new Set(shown.map(({ id }) => id));
  const byId = new Map(steps.map((step) => [step.id, step]));
  const graph = new Graph();
  graph.setGraph({ rankdir: 'TB', nodesep: 18, ranksep: 26, marginx: 12, marginy: 12 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const step of shown) graph.setNode(String(step.id), { width: widthOf(step), height: HEIGHT });
  for (const step of shown) for (const input of drawnInputs(step, byId, drawn)) graph.setEdge(String(input), String(step.id));
  if (shown.length > 0) layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  return { boxes: shown.map((step) => boxOf(step, graph.node(String(step.id)))), lines: linesOf(graph), width, height, omitted: steps.length - shown.length };
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

function linesOf(graph: Graph): readonly string[] {
  return graph.edges().map((edge) => curve((graph.edge(edge) as { readonly points?: readonly Point[] } | undefined)?.points ?? []));
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
