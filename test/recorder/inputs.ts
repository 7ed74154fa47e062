/** Inputs and arguments: the command line's notes made into tensors, and values handed to parameters by name. */
import type * as Tf from '@tensorflow/tfjs';
import ts from 'typescript';
import type { InputNote } from './types';

type Fields = Readonly<Record<string, unknown>>;

/** Makes tensors from notes, each call with fresh values. */
export function inputMaker(tf: typeof Tf, seed: number) {
  let next = seed;
  const tensor = (shape: readonly number[], dtype: string, high: number): Tf.Tensor => {
    const sizes = [...shape];
    next += 1;
    if (dtype === 'int32' || dtype === 'int64') return tf.randomUniform(sizes, 0, high, 'int32', next);
    if (dtype === 'bool') return tf.randomUniform(sizes, 0, 1, 'float32', next).greater(0.5);
    return tf.randomNormal(sizes, 0, 1, 'float32', next);
  };
  const make = (note: InputNote): unknown => {
    if (isSizes(note)) return tensor(note, 'float32', 2);
    if ('shape' in note) return tensor(note.shape, note.dtype ?? 'float32', note.high ?? 2);
    if ('tensors' in note) return note.tensors.map(make);
    if ('fields' in note) return Object.fromEntries(Object.entries(note.fields).map(([key, item]) => [key, make(item)]));
    return note.value;
  };
  return make;
}

const isSizes = (note: InputNote): note is readonly number[] => Array.isArray(note);

/** The parameters of a function or method, read from its text: a name, or the names of a pattern. */
export type ParameterNames = readonly (string | readonly string[])[];

function parse(text: string): ts.Node | undefined {
  const [statement] = ts.createSourceFile('f.js', text, ts.ScriptTarget.ES2022, true).statements;
  return statement && ts.isExpressionStatement(statement) && ts.isParenthesizedExpression(statement.expression) ? statement.expression.expression : undefined;
}

const namesOf = (name: ts.BindingName): string[] =>
  ts.isIdentifier(name) ? [name.text] : name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : namesOf(element.name)));

const parametersOf = (node: ts.SignatureDeclaration): ParameterNames =>
  node.parameters.map((parameter) => (ts.isIdentifier(parameter.name) ? parameter.name.text : namesOf(parameter.name)));

/** The parameter names of a function, an arrow or a method. */
export function parameterNames(fn: (...args: never[]) => unknown): ParameterNames {
  const text = fn.toString();
  const plain = parse(`(${text})`);
  if (plain && (ts.isFunctionExpression(plain) || ts.isArrowFunction(plain))) return parametersOf(plain);
  const method = parse(`({${text}})`);
  const member = method && ts.isObjectLiteralExpression(method) ? method.properties[0] : undefined;
  if (member && ts.isMethodDeclaration(member)) return parametersOf(member);
  throw new Error(`cannot read the parameters of ${text.slice(0, 60)}`);
}

type Constructor = new (...args: unknown[]) => unknown;

/** The parameter names of a class's constructor, its own or the one that it inherits. */
export function constructorParameters(type: Constructor): ParameterNames {
  const node = parse(`(${type.toString()})`);
  if (node && ts.isFunctionExpression(node)) return parametersOf(node);
  const own = node && ts.isClassExpression(node) ? node.members.find(ts.isConstructorDeclaration) : undefined;
  if (own) return parametersOf(own);
  const base = Object.getPrototypeOf(type) as Constructor;
  return typeof base === 'function' && base !== Function.prototype ? constructorParameters(base) : [];
}

/** Positional arguments from named ones. An object parameter is given by its name, by the names in its pattern, or, where it is the only one, by its fields. */
export function positional(parameters: ParameterNames, given: Fields): unknown[] {
  const names = Object.keys(given);
  const fits = parameters.some((parameter) => typeof parameter === 'string' && parameter in given);
  if (!fits && names.length > 0 && parameters.length === 1) return [given];
  const args = parameters.map((parameter) => {
    if (typeof parameter === 'string') return given[parameter];
    const fields = parameter.filter((name) => name in given).map((name) => [name, given[name]]);
    return fields.length > 0 ? Object.fromEntries(fields) : undefined;
  });
  while (args.length > 0 && args.at(-1) === undefined) args.pop();
  return args;
}
