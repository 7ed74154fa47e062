/** The tensors that a module is given: their axes are named by the user where the code tells, else by the field's usual names. */
import { constant, type Dim, symbol } from '../../dim/index';
import type { DType } from '../../ops/operator';
import { object, size, type TensorValue, unknown, type Value } from '../../value/index';
import { addNode } from '../graph';
import { givenType } from '../precision';
import type { InputBinding, Run } from '../run';
import { evidenceOf, learnLeast, learnMost, learnName, learnRank, ReadAgain, type Sureness } from './evidence';

/** The tensor that an entry's parameter is. */
export function inputTensor(run: Run, path: string): TensorValue {
  const made = run.inputs.get(path);
  if (made) return made;
  const tensor = makeInput(run, path);
  run.inputs.set(path, tensor);
  return tensor;
}

function makeInput(run: Run, path: string): TensorValue {
  const about = evidenceOf(run.evidence, path);
  const dtype = givenType(run, about.dtype ?? 'float32');
  const span = run.inputSpans.get(rootOf(path)) ?? run.span;
  if (about.rank === undefined) {
    const unknownRank = `nothing in the code tells the rank of \`${inputName(run, path)}\``;
    const [tensor] = addNode(run, 'input', [], { name: inputName(run, path) }, [{ shape: null, dtype, unknown: unknownRank }], span);
    return { ...(tensor as TensorValue), ranked: { input: path, offset: 0 } };
  }
  const shape: Dim[] = [];
  for (let axis = 0; axis < about.rank; axis++) {
    const alike = about.names.has(axis) ? undefined : shape[about.alike.get(axis) ?? axis];
    shape.push(about.sizes.get(axis) ?? alike ?? axisSymbol(run, path, axis, about.rank));
  }
  const [tensor] = addNode(run, 'input', [], { name: inputName(run, path) }, [{ shape, dtype }], span);
  return tensor as TensorValue;
}

/** The parameter that a path starts at. */
export const rootOf = (path: string): string => path.split(/[.[]/)[0] ?? path;

/** What a user calls the input: its shorter name where it has one. */
export function inputName(run: Run, path: string): string {
  return evidenceOf(run.evidence, path).alias ?? path;
}

/** A free size of an input: under the user's name where one is told, else the field's usual one. */
function axisSymbol(run: Run, path: string, axis: number, rank: number): Dim {
  const { names, words } = evidenceOf(run.evidence, path);
  const own = names.get(axis);
  const usual = run.surroundings.ways.axisNames[rank]?.[axis] ?? (axis === 0 ? 'b' : `d${axis}`);
  const wanted = own ?? words.get(axis) ?? usual;
  const suffix = inputName(run, path)
    .replace(/[^\w$]+/g, '_')
    .replace(/^_+|_+$/g, '');
  const isFree = (candidate: string) => !run.symbols.has(candidate) && !reserved(run, candidate, path);
  const longer = `${wanted}_${suffix}`;
  const name = isFree(wanted) ? wanted : isFree(longer) ? longer : numbered(longer, isFree);
  run.symbols.set(name, { name, role: 'data', origin: `axis ${axis} of \`${inputName(run, path)}\``, input: path, axis, named: own !== undefined });
  return symbol(name);
}

/** A name that another parameter will want is not taken by convention. */
function reserved(run: Run, name: string, path: string): boolean {
  for (const [other, about] of run.evidence) {
    if (other !== path && about.kind === 'number' && (about.alias ?? other) === name) return true;
  }
  return false;
}

/** `name_2`, `name_3`, …: the first that is free. */
export function numbered(name: string, isFree: (name: string) => boolean): string {
  let at = 2;
  while (!isFree(`${name}_${at}`)) at++;
  return `${name}_${at}`;
}

/** An input that the program declares itself; it goes by the variable that it is assigned to. */
export function declaredInput(run: Run, given: string | undefined, shape: readonly (Dim | null)[], dtype: TensorValue['dtype']): TensorValue {
  const count = run.declared.size;
  const path = `%declared${count}`;
  const name = evidenceOf(run.evidence, path).alias ?? given ?? (count === 0 ? 'input' : `input_${count}`);
  // A model inside a class has inputs of its own, whatever they are called.
  const isOwn = run.entry === 'class' || run.inputs.has(name);
  const known = [name, ...(given === undefined ? [] : [given])].find((each) => run.bindings.inputs?.has(each));
  const binding = isOwn || known === undefined ? undefined : run.bindings.inputs?.get(known);
  const sizes = binding?.kind === 'tensor' && binding.shape.length === shape.length ? binding.shape : [];
  const dims = shape.map((size, axis) => (sizes[axis] !== undefined ? constant(sizes[axis] ?? 1) : (size ?? declaredSize(run, path, axis, shape.length))));
  const [tensor] = addNode(run, 'input', [], { name }, [{ shape: dims, dtype }], run.span);
  if (binding && known !== undefined) run.taken.add(known);
  if (tensor) run.declared.set(tensor.ref.node, path);
  if (tensor) run.inputs.set(run.inputs.has(name) ? path : name, tensor);
  return tensor as TensorValue;
}

/** The null batch is one and the same for all inputs of a model; in a class, whose own input has a batch, it stays null by name. */
function declaredSize(run: Run, path: string, axis: number, rank: number): Dim {
  if (axis !== 0) return axisSymbol(run, path, axis, rank);
  const name = run.entry === 'class' ? 'null' : 'b';
  if (!run.symbols.has(name)) run.symbols.set(name, { name, role: 'data', origin: 'the batch', input: path, axis: 0, named: true });
  return symbol(name);
}

/** Notes the variable that a declared input is assigned to: the first one is its name. */
export function nameInput(run: Run, value: Value, name: string): void {
  const path = value.kind === 'tensor' ? run.declared.get(value.ref.node) : undefined;
  if (path === undefined) return;
  const about = evidenceOf(run.evidence, path);
  if (about.alias !== undefined) return;
  about.alias = name;
  run.renamed.add(path);
}

/** The tensor that `--inputs` gives, with its sizes fixed. */
export function boundInput(run: Run, path: string, binding: InputBinding): Value {
  switch (binding.kind) {
    case 'value':
      return binding.value;
    case 'list':
      return { kind: 'list', tuple: false, items: binding.items.map((item, at) => boundInput(run, `${path}[${at}]`, item)) };
    case 'fields':
      return object([...binding.fields].map(([name, field]) => [name, boundInput(run, `${path}.${name}`, field)] as const));
    case 'tensor': {
      const span = run.inputSpans.get(rootOf(path)) ?? run.span;
      const [tensor] = addNode(run, 'input', [], { name: path }, [{ shape: binding.shape.map(constant), dtype: givenType(run, binding.dtype) }], span);
      if (tensor) run.inputs.set(path, tensor);
      return tensor ?? unknown('no tensor');
    }
  }
}

/** Tells an input's rank; where that is news, the module is read again. */
export function tellRank(run: Run, tensor: TensorValue, rank: number, by: Sureness | 'least' | 'most'): void {
  if (tensor.shape !== null || !tensor.ranked || rank - tensor.ranked.offset < 0) return;
  if (by === 'least') learnLeast(run.evidence, tensor.ranked.input, rank - tensor.ranked.offset);
  else if (by === 'most') learnMost(run.evidence, tensor.ranked.input, rank - tensor.ranked.offset);
  else if (!isMistaken(run, tensor.ranked, rank) && learnRank(run.evidence, tensor.ranked.input, rank - tensor.ranked.offset, by)) throw new ReadAgain();
}

/** What a step further on is taken for goes against what a step before it takes: the mistake is on the way there. */
const isMistaken = (run: Run, { input, offset }: NonNullable<TensorValue['ranked']>, rank: number): boolean =>
  offset !== 0 && rank - offset > (evidenceOf(run.evidence, input).most ?? Number.POSITIVE_INFINITY);

/** Whether the type of an input's elements is given, or told. */
export function isTypeTold(run: Run, node: number): boolean {
  const [path] = [...run.inputs].find(([, tensor]) => tensor.ref.node === node) ?? [];
  if (path === undefined || run.declared.has(node) || run.bindings.inputs?.has(rootOf(path))) return true;
  return evidenceOf(run.evidence, path).dtype !== undefined;
}

/** Tells the type of the elements of an input that is not given; where that is news, the module is read again. */
export function tellType(run: Run, node: number, dtype: DType): void {
  const [path] = [...run.inputs].find(([, tensor]) => tensor.ref.node === node) ?? [];
  if (path === undefined || run.declared.has(node) || run.bindings.inputs?.has(rootOf(path))) return;
  const about = evidenceOf(run.evidence, path);
  if (about.dtype !== undefined) return;
  about.dtype = dtype;
  throw new ReadAgain();
}

/** Notes the user's name for a free size: `const t = x.shape[1]`. */
export function tellName(run: Run, value: Value, name: string): void {
  if (value.kind !== 'number' || value.real.kind !== 'size' || !/^[\p{L}$][\p{L}\p{N}_$]*$/u.test(name)) return;
  const record = run.symbols.get(value.real.size.text);
  if (record?.role !== 'data' || record.named || record.input === undefined || record.axis === undefined) return;
  if (!evidenceOf(run.evidence, record.input).sizes.has(record.axis) && learnName(run.evidence, record.input, record.axis, name)) throw new ReadAgain();
}

/** Notes the user's names for the axes of a tensor: those that are free sizes get them. */
export function tellAxes(run: Run, tensor: TensorValue, names: readonly (string | undefined)[]): void {
  tensor.shape?.forEach((length, axis) => {
    const name = names[axis];
    if (name !== undefined) tellName(run, size(length), name);
  });
}
