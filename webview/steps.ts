/** The steps that the panel shows, in order: what depends on the inputs. Weights, constants and what is made of them alone stay out of sight. */
import { format } from '../src/dim/index';
import { attentionMaps } from '../src/graph/attention';
import type { GraphNode, ShapeGraph } from '../src/graph/types';
import { namesOf, outputRefs, refKey } from '../src/graph/values';
import type { Span } from '../src/program/types';
import { shape } from './format';
import { say } from './words';

export interface StepView {
  readonly id: number;
  /** The name in the source, else the API as written, else the operator. */
  readonly title: string;
  /** What each output is called, where the source names it. */
  readonly names: readonly (string | undefined)[];
  readonly op: string;
  /** The shape of each output in symbols. */
  readonly shapes: readonly string[];
  readonly span: Span;
  readonly role: 'input' | 'step' | 'map' | 'result';
  readonly named: boolean;
  /** The steps shown that it is made of. */
  readonly inputs: readonly number[];
}

/** A step's title names no more of its outputs than this. */
const MOST_NAMES = 3;

function dataNodes(graph: ShapeGraph): readonly GraphNode[] {
  const data = new Set<number>();
  for (const node of graph.nodes) if (node.op === 'input' || node.inputs.some((input) => data.has(input.node))) data.add(node.id);
  return graph.nodes.filter(({ id }) => data.has(id));
}

const shapesOf = (node: GraphNode): readonly string[] => node.outputs.map((type) => (type.shape ? shape(type.shape.map(format)) : say('unknownShape')));

/** Names side by side; of many the first and the last. */
function joined(names: readonly string[]): string {
  return names.length > MOST_NAMES ? `${names[0]} … ${names.at(-1)}` : names.join(', ');
}

/** All steps of a graph as the panel shows them. */
export function stepViews(graph: ShapeGraph): readonly StepView[] {
  const names = namesOf(graph);
  const maps = new Set(attentionMaps(graph).flatMap(({ ref, kind }) => (kind === 'fused' ? [] : [ref.node])));
  const results = new Set(outputRefs(graph).map(({ node }) => node));
  const nodes = dataNodes(graph);
  const shown = new Set(nodes.map(({ id }) => id));
  return nodes.map((node) => {
    const each = node.outputs.map((_, output) => names.get(refKey({ node: node.id, output })));
    const own = each.filter((name) => name !== undefined);
    const role = node.op === 'input' ? 'input' : maps.has(node.id) ? 'map' : results.has(node.id) ? 'result' : 'step';
    return {
      id: node.id,
      title: own.length > 0 ? joined(own) : (node.api ?? node.op),
      names: each,
      op: node.op,
      shapes: shapesOf(node),
      span: node.span,
      role,
      named: own.length > 0,
      inputs: [...new Set(node.inputs.map((input) => input.node))].filter((id) => shown.has(id)),
    };
  });
}

const extent = ({ span }: StepView): number => span.endLine - span.line;

/** Whether a step's expression stands on the line. */
export const isOn = ({ span }: StepView, file: string, line: number): boolean => span.file === file && span.line <= line && line <= span.endLine;

/** The step on a line: the last of those that reach over the fewest lines. */
export function stepAt(steps: readonly StepView[], file: string, line: number): StepView | undefined {
  return steps
    .filter((step) => isOn(step, file, line))
    .reduce<StepView | undefined>((best, step) => (best && extent(best) < extent(step) ? best : step), undefined);
}

/** The step to look at first: the attention map, else the result, else the last. */
export function firstStep(steps: readonly StepView[]): StepView | undefined {
  return steps.find(({ role }) => role === 'map') ?? steps.findLast(({ role }) => role === 'result') ?? steps.at(-1);
}

/** What a step is, in a word; empty for most. */
export function roleWord({ role }: StepView): string {
  if (role === 'map') return say('attentionMap');
  if (role === 'input') return say('input');
  return role === 'result' ? say('result') : '';
}
