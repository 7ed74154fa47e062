/** The parser over one stretch of source. */
import { Language, Parser, type Tree, type TreeCursor } from 'web-tree-sitter';
import type { Node, Source } from './tree';
import { readWasm } from './wasm';

/** A parsed stretch. */
export interface Parsed {
  readonly root: Node;
  /** The parser could not read all of it, or read more than stands there. */
  readonly broken: boolean;
}

export type Parse = (source: Source) => Parsed;

/** Nodes beneath which nothing is asked for. */
const LEAVES =
  /^(?:identifier|integer|float|true|false|none|comment|string_start|string_content|string_end|line_continuation|(?:pass|break|continue)_statement)$/;
/** Where what came before ends: a line may end there. */
const FRESH = /(?:_statement|_definition|^(?:elif|else|except|except_group|finally|case)_clause|^block|^decorator)$/;

interface Kind {
  readonly type: string;
  readonly named: boolean;
  readonly leaf: boolean;
  readonly fresh: boolean;
  readonly fields: boolean;
}

/** What the grammar's types are, by number. */
function kindsOf(language: Language): readonly Kind[] {
  return language.types.map((type, id) => {
    const isNamed = language.nodeTypeIsNamed(id);
    const leaf = isNamed ? LEAVES.test(type) : type !== '';
    return {
      type,
      named: isNamed,
      leaf,
      fresh: isNamed && FRESH.test(type),
      fields: isNamed && !/^(?:argument_list|parameters|list|tuple|block|module)$/.test(type),
    };
  });
}

/** Loads the parser with its grammar. */
export async function loadParser(): Promise<Parse> {
  const [program, grammar] = await Promise.all([readWasm('web-tree-sitter.wasm'), readWasm('tree-sitter-python.wasm')]);
  await Parser.init({ wasmBinary: program });
  const language = await Language.load(grammar);
  const parser = new Parser();
  parser.setLanguage(language);
  const kinds = kindsOf(language);
  const error: Kind = { type: 'ERROR', named: true, leaf: false, fresh: true, fields: false };
  return (source) => {
    const tree = parser.parse(source.text);
    if (!tree) throw new Error('the parser has no grammar');
    return parsedOf(tree, source, (id) => kinds[id] ?? error, language.fields);
  };
}

const emptyRoot = (source: Source): Node => ({ type: 'module', named: true, field: undefined, start: 0, end: source.text.length, source, children: [] });

function parsedOf(tree: Tree, source: Source, kind: (id: number) => Kind, fields: readonly (string | null)[]): Parsed {
  const hasError = tree.rootNode.hasError;
  if (hasError) {
    tree.delete();
    return { root: emptyRoot(source), broken: true };
  }
  const cursor = tree.walk();
  const { root, torn } = copied(cursor, source, kind, fields);
  cursor.delete();
  tree.delete();
  return { root, broken: torn };
}

interface Growing extends Node {
  readonly children: Growing[];
}

/** Copies the tree, without recursion. `torn`: a line ends within a statement, outside brackets, where the parser read on in the next one. */
function copied(cursor: TreeCursor, source: Source, kind: (id: number) => Kind, fields: readonly (string | null)[]): { root: Node; torn: boolean } {
  const { text } = source;
  const above: { readonly node: Growing; readonly fields: boolean }[] = [];
  let torn = false;
  let open = 0;
  let before = -1;
  let root: Growing | undefined;
  for (;;) {
    const { type, named, leaf, fresh, fields: hasFields } = kind(cursor.nodeTypeId);
    const parent = above.at(-1);
    const start = cursor.startIndex;
    // A mark is as long as its name; each question to the cursor costs.
    const end = named || type.includes(' ') ? cursor.endIndex : start + type.length;
    if (fresh) before = -1;
    if (type !== 'comment') {
      if (leaf) {
        if (before >= 0 && open === 0 && before < start && !torn) torn = hasLineEnd(text, before, start);
        if (!named) open += type === '(' || type === '[' || type === '{' ? 1 : type === ')' || type === ']' || type === '}' ? -1 : 0;
        before = end;
      }
      if (type !== 'line_continuation') {
        const node: Growing = {
          type,
          named,
          field: named && parent?.fields ? (fields[cursor.currentFieldId] ?? undefined) : undefined,
          start,
          end,
          source,
          children: [],
        };
        if (parent) parent.node.children.push(node);
        else root = node;
        if (!leaf && cursor.gotoFirstChild()) {
          above.push({ node, fields: hasFields });
          continue;
        }
        if (!leaf) before = end;
      }
    }
    while (!cursor.gotoNextSibling()) {
      if (above.length === 0 || !cursor.gotoParent()) return { root: root ?? emptyRoot(source), torn };
      above.pop();
    }
  }
}

/** A line ends between the offsets, and no backslash carries it on. */
function hasLineEnd(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    if (text.charCodeAt(at) !== 10) continue;
    const before = text.charCodeAt(at - 1) === 13 ? at - 2 : at - 1;
    if (before < from || text.charCodeAt(before) !== 92) return true;
  }
  return false;
}
