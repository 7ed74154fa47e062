/** Which sort of equality it is that is not known to hold. */
import { type Dim, format, simplify, symbol, symbolsOf } from '../../dim/index';
import type { Run, SymbolRecord } from '../run';
import { argumentsByChance, isCut, isToldOtherwise } from './chance';
import { batchesTimes } from './roles';
import type { Circumstances, Verdict } from './verdict';

/** Which sort of equality it is that is not known to hold. */
export function classify(run: Run, left: Dim, right: Dim, circumstances: Circumstances): Verdict {
  const symbols = [...new Set([...symbolsOf(left), ...symbolsOf(right)])].map((name) => run.symbols.get(name));
  const data = symbols.filter((record): record is SymbolRecord => record?.role === 'data');
  if (data.length === 0) return argumentsByChance(run, left, right) ? 'coincidence' : 'need';
  const lone = loneData(run, left) ?? loneData(run, right);
  const other = loneData(run, left) ? right : left;
  // Parts of one axis that begin at written places: the axis has the size that they were written for.
  if (new Set(data.map(({ name }) => name)).size === 1 && (isCut(left) || isCut(right))) return 'need';
  if (!lone)
    return data.some((record) => symbolsOf(left).includes(record.name)) && data.some((record) => symbolsOf(right).includes(record.name))
      ? crossInputs(run, left, right)
      : tied(run, data, left, right)
        ? 'coincidence'
        : 'need';
  const otherData = symbolsOf(other)
    .map((name) => run.symbols.get(name))
    .filter((record): record is SymbolRecord => record?.role === 'data');
  if (otherData.length === 0) return symbolsOf(other).length === 0 ? againstConstant(lone, circumstances) : againstArguments(run, lone, other, circumstances);
  return otherData.some((record) => record.input === lone.input) ? 'coincidence' : 'need';
}

/** Two sizes of data of different inputs may be asked to agree; of the same input it is a coincidence. */
function crossInputs(run: Run, left: Dim, right: Dim): Verdict {
  const inputsOf = (dim: Dim) =>
    new Set(
      symbolsOf(dim)
        .map((name) => run.symbols.get(name)?.input)
        .filter((input) => input !== undefined),
    );
  const rights = inputsOf(right);
  return batchesTimes(run, left, right) || [...inputsOf(left)].some((input) => rights.has(input)) ? 'coincidence' : 'need';
}

/** An argument that is already known to be a size of the same input is data itself. */
function tied(run: Run, data: readonly SymbolRecord[], left: Dim, right: Dim): boolean {
  const inputs = new Set(data.map((record) => record.input));
  return [...symbolsOf(left), ...symbolsOf(right)].some((name) => {
    if (run.symbols.get(name)?.role !== 'argument') return false;
    return symbolsOf(simplify(symbol(name), run.known.facts)).some((met) => inputs.has(run.symbols.get(met)?.input) && run.symbols.get(met)?.role === 'data');
  });
}

/** The record of a size that is one free symbol of an input. */
function loneData(run: Run, dim: Dim): SymbolRecord | undefined {
  const names = symbolsOf(dim);
  const record = names.length === 1 ? run.symbols.get(names[0] ?? '') : undefined;
  return record?.role === 'data' && format(dim) === record.name ? record : undefined;
}

/** An input's size against arguments: a need, but of a batch that is to agree with one, and of a size that others say already. */
function againstArguments(run: Run, lone: SymbolRecord, other: Dim, circumstances: Circumstances): Verdict {
  if (circumstances.broadcast && lone.axis === 0 && circumstances.operands?.bothData) return 'coincidence';
  return !circumstances.joins && isToldOtherwise(run, symbol(lone.name), other) ? 'coincidence' : 'need';
}

/** A batch that the code names varies: a number of samples that is written down meets it by chance. */
function againstConstant(lone: SymbolRecord, { broadcast, operands }: Circumstances): Verdict {
  const isBatch = lone.axis === 0 && lone.named && operands?.left?.axis === 0 && operands.right?.axis === 0 && operands.left.shape.length >= 3;
  return broadcast && isBatch ? 'coincidence' : 'need';
}
