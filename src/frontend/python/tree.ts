/** Parsed source as plain nodes: the parser's own are slow to ask, one call into its program for each question. */

/** A text that was parsed, and where its offsets stand in the file. */
export interface Source {
  readonly text: string;
  original(offset: number): number;
}

export interface Node {
  /** The grammar's name; of a mark or keyword, the mark itself. */
  readonly type: string;
  /** It is no mark or keyword. */
  readonly named: boolean;
  readonly field: string | undefined;
  readonly start: number;
  readonly end: number;
  readonly source: Source;
  /** Without comments. */
  readonly children: readonly Node[];
}

/** The node's own text. */
export const textOf = (node: Node): string => node.source.text.slice(node.start, node.end);

/** The first child in the field. */
export function child(node: Node, field: string): Node | undefined {
  for (const one of node.children) if (one.field === field) return one;
  return undefined;
}

/** All children in the field that are more than marks. */
export const childrenIn = (node: Node, field: string): Node[] => node.children.filter((one) => one.field === field && one.named);

/** The children that are more than marks. */
export const named = (node: Node): Node[] => node.children.filter((one) => one.named);

/** The mark or keyword stands in the node. */
export const hasMark = (node: Node, mark: string): boolean => node.children.some((one) => !one.named && one.type === mark);

/** The first mark or keyword among the children. */
export const markOf = (node: Node): string | undefined => node.children.find((one) => !one.named)?.type;

/** The first child of the type. */
export const ofType = (node: Node, type: string): Node | undefined => node.children.find((one) => one.named && one.type === type);
