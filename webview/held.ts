/** What WebGL held in a run, in words: beside it what was predicted, and of what makes it more than the tensors, each by its name. */
import { bytesText } from '../src/graph/quantities';
import type { ShapeGraph } from '../src/graph/types';
import type { Textures } from './runner';
import { say } from './words';

/** A number stays with its unit. */
const written = (bytes: number): string => bytesText(bytes).replace(' ', '\u00a0');

/** Less is not worth a word. */
const MATTERS = 2 ** 20;
const FAR = 0.05;
/** Of what makes the difference, a part this small is not named. */
const SMALL = 0.01;
const MOST_STEPS = 3;

const matters = (difference: number, of: number): boolean => difference > MATTERS && difference > of * FAR;

function stepName(graph: ShapeGraph, node: number | undefined): string {
  const found = node === undefined ? undefined : graph.nodes[node];
  return found ? (found.api ?? found.op) : '';
}

/** What the textures hold besides the tensors themselves. */
function partWords({ foreseen }: Textures, graph: ShapeGraph): readonly string[] {
  const { bytes, tensors, packing, copies, own, node } = foreseen;
  if (!matters(bytes - tensors, bytes)) return [];
  const parts = [
    { bytes: tensors, words: say('tensorsPart', { bytes: written(tensors) }) },
    { bytes: packing, words: say('packingPart', { bytes: written(packing) }) },
    { bytes: copies, words: say('copiesPart', { bytes: written(copies) }) },
    { bytes: own, words: say('ownPart', { bytes: written(own), step: stepName(graph, node) }) },
  ];
  return parts.filter((part) => part.bytes > bytes * SMALL).map(({ words }) => words);
}

/** What was not predicted, by the step in which it was taken. */
function beyondWords({ measured, foreseen }: Textures, graph: ShapeGraph): readonly string[] {
  const beyond = measured.bytes - foreseen.bytes;
  if (!matters(Math.abs(beyond), measured.bytes)) return [];
  const step = stepName(graph, beyond > 0 ? measured.node : foreseen.node);
  return [say(beyond > 0 ? 'beyondPart' : 'belowPart', { bytes: written(Math.abs(beyond)), step })];
}

function unknownWords({ foreseen }: Textures, graph: ShapeGraph): readonly string[] {
  const names = [...new Set(foreseen.unknown.map(({ node }) => stepName(graph, node)))];
  if (names.length === 0) return [];
  return [say('unknownPart', { steps: names.length > MOST_STEPS ? `${names.slice(0, MOST_STEPS).join(', ')}, …` : names.join(', ') })];
}

/** The figure's note: what was predicted, and why it is more than the tensors take. */
export function heldNote(textures: Textures, graph: ShapeGraph): string {
  const predicted = say('webglPredicted', { bytes: written(textures.foreseen.bytes) });
  const why = [...partWords(textures, graph), ...beyondWords(textures, graph), ...unknownWords(textures, graph)];
  return why.length > 0 ? `${predicted}: ${why.join(', ')}` : predicted;
}

/** During which step it was. */
export function heldTitle({ measured }: Textures, graph: ShapeGraph): string {
  const node = measured.node === undefined ? undefined : graph.nodes[measured.node];
  return say('webglTitle', { step: stepName(graph, measured.node), line: node?.span.line ?? '' });
}
