/** Where the parser's and the grammar's programs come from: on node they are files, a web worker fetches them. Each entry registers its way. */
export type WasmName = 'web-tree-sitter.wasm' | 'tree-sitter-python.wasm';

export type ReadWasm = (name: WasmName) => Promise<Uint8Array>;

let read: ReadWasm | undefined;

/** Says how the two programs are read. */
export function setWasm(reader: ReadWasm): void {
  read = reader;
}

/** The bytes of one of them. */
export function readWasm(name: WasmName): Promise<Uint8Array> {
  if (!read) throw new Error(`nothing says where ${name} is read from`);
  return read(name);
}
