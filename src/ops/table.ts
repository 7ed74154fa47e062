/** The operator table: each operator has one definition, in its family's file. A name stands for one operator in every dialect. */
import { attention } from './attention';
import { axisNorms } from './axisNorms';
import { binary } from './binary';
import { channelNorms } from './channelNorms';
import { channels } from './channels';
import { convolutions } from './conv';
import { widening } from './convTranspose';
import { creation } from './creation';
import { diagonals } from './diagonals';
import { dropout } from './dropout';
import { elements } from './elements';
import { expansion } from './expansion';
import { extremes } from './extremes';
import { factors } from './factors';
import { indexing } from './indexing';
import { joining } from './joining';
import { layout } from './layout';
import { likelihoods } from './likelihoods';
import { localNorms } from './localNorm';
import { onData } from './onData';
import type { Operator } from './operator';
import { patches } from './patches';
import { picking } from './picking';
import { pools } from './pool';
import { products } from './products';
import { patterns } from './rearrange';
import { recurrence } from './recurrent';
import { reductions } from './reduction';
import { reshape } from './reshape';
import { resizing } from './resize';
import { sampling } from './sampling';
import { scans } from './scans';
import { selection } from './selection';
import { sequences } from './sequences';
import { slicing } from './slicing';
import { softmaxes } from './softmax';
import { sought } from './sought';
import { spectral } from './spectral';
import { subscripts } from './subscripts';
import { unary } from './unary';
import { weightNorms } from './weightNorms';

/** All operators by name. */
export const OPERATORS = {
  ...products,
  ...recurrence,
  ...convolutions,
  ...widening,
  ...pools,
  ...resizing,
  ...softmaxes,
  ...axisNorms,
  ...channelNorms,
  ...weightNorms,
  dropout,
  ...unary,
  ...binary,
  ...selection,
  ...reductions,
  ...extremes,
  reshape,
  ...layout,
  ...patterns,
  ...expansion,
  ...slicing,
  ...subscripts,
  ...indexing,
  ...picking,
  ...joining,
  ...scans,
  ...elements,
  ...diagonals,
  ...sought,
  ...spectral,
  ...onData,
  ...factors,
  ...creation,
  ...sequences,
  ...sampling,
  ...patches,
  ...localNorms,
  ...likelihoods,
  ...channels,
  ...attention,
} satisfies Record<string, Operator>;

/** A name in the table. */
export type OperatorName = keyof typeof OPERATORS;

/** The operator of that name. */
export const operator = (name: OperatorName): Operator => OPERATORS[name];

/** The operator of that name, where there is one: graphs carry names as text. */
export const findOperator = (name: string): Operator | undefined =>
  Object.hasOwn(OPERATORS, name) ? (OPERATORS as Record<string, Operator>)[name] : undefined;
