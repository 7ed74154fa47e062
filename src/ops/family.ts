/** Operators made from the rows of a table: each row is still one operator's whole definition. */
import type { Operator } from './operator';

/** Makes an operator of each row. */
export function family<Name extends string, Row>(rows: Readonly<Record<Name, Row>>, make: (name: string, row: Row) => Operator): Record<Name, Operator> {
  return Object.fromEntries(Object.entries<Row>(rows).map(([name, row]) => [name, make(name, row)])) as Record<Name, Operator>;
}
