/** What becomes of a step's demands on its operands. */
import { isUnknown } from '../../dim/index';
import type { Demand, DemandSubject, OperandAxis } from '../../ops/operator';
import type { TensorValue } from '../../value/index';
import type { Run } from '../run';
import { someAncestor } from './ancestry';
import { judgeAtMost, judgeDivides, judgeEqual } from './judge';
import { addUpElsewhere } from './parts';
import { type Call, reportVerdict, wordsOf } from './telling';
import type { Verdict } from './verdict';

/** Judges what a step demands of its operands, and tells what is wrong. */
export function judge(call: Call, demand: Demand): void {
  const told = wordsOf(call, demand);
  const verdict = verdictOn(call, demand);
  // Where sizes were lost on the way, what seems a coincidence may be ours.
  const isLost = verdict === 'coincidence' && call.inputs.some(({ shape }) => shape?.some(isUnknown));
  if (verdict === 'different' || (verdict === 'coincidence' && !isLost)) reportVerdict(call, demand, verdict, told);
}

const JOINS: ReadonlySet<DemandSubject> = new Set(['broadcast', 'concat', 'stack', 'batch']);

function verdictOn(call: Call, demand: Demand): Verdict {
  const { run, span } = call;
  if (demand.kind === 'divides') return judgeDivides(run, demand.divisor, demand.size, span, demand.about === 'split' ? (call.inputs[0]?.shape ?? []) : []);
  if (demand.kind === 'atMost') return judgeAtMost(run, demand.small, demand.large, span);
  const [first, second] = demand.at;
  const left = first ? call.inputs[first.input] : undefined;
  const right = second ? call.inputs[second.input] : undefined;
  const side = (tensor: TensorValue | undefined, place: OperandAxis | undefined) =>
    tensor?.shape && place?.axis !== undefined ? { shape: tensor.shape, axis: place.axis, ...originOf(run, tensor) } : undefined;
  const [a, b] = [side(left, first), side(right, second)];
  const operands = {
    bothData: a?.fromInputs === true && b?.fromInputs === true,
    contracts: demand.about === 'contraction' || isSummed(call, demand.at[0]),
    broadcasts: demand.about === 'broadcast',
    batches: demand.about === 'batch',
    ...(a ? { left: a } : {}),
    ...(b ? { right: b } : {}),
  };
  return judgeEqual(run, demand.left, demand.right, span, {
    operands,
    broadcast: demand.about === 'broadcast',
    joins: JOINS.has(demand.about),
    asked: call.operator.name === 'squeeze',
    misplaced: demand.about === 'split' && first?.axis !== undefined && addUpElsewhere(run, demand.left, first.axis, left?.shape ?? []),
  });
}

/** Whether an equation sums over the axis: its letter is none of the result's. */
function isSummed({ operator, attributes, inputs }: Call, place: OperandAxis | undefined): boolean {
  const [operands, output] = operator.name === 'einsum' && typeof attributes.equation === 'string' ? attributes.equation.replace(/\s/g, '').split('->') : [];
  const letters = operands?.split(',')[place?.input ?? 0];
  if (letters === undefined || output === undefined || place?.axis === undefined) return false;
  const [before = ''] = letters.split('...');
  const rank = inputs[place.input]?.shape?.length ?? letters.length;
  const letter = place.axis < before.length ? before[place.axis] : letters.at(place.axis - rank);
  return letter !== undefined && letter !== '.' && !output.includes(letter);
}

/** What a tensor was made from. */
function originOf(run: Run, tensor: TensorValue): { readonly fromInputs: boolean; readonly isWeight: boolean } {
  const isFromInputs = fromInputs(run, tensor);
  const isWeight = !isFromInputs && someAncestor(run.nodes, tensor.ref, (node) => node.op === 'parameter');
  return { fromInputs: isFromInputs, isWeight };
}

/** Whether a tensor was made from the module's inputs, not from its weights and constants alone. */
const fromInputs = (run: Run, tensor: TensorValue): boolean => someAncestor(run.nodes, tensor.ref, (node) => node.op === 'input');
