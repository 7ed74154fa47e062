/** Single edits of a module's source: slips that people make with sizes, and changes that harm nothing. */
import ts from 'typescript';

/** One edit: the text between two places replaced. */
export interface Edit {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Of the place, from 1. */
  readonly line: number;
}

type Rule = (node: ts.Node, source: ts.SourceFile) => readonly Omit<Edit, 'line'>[];

const replace = (kind: string, node: ts.Node, source: ts.SourceFile, text: string) => ({ kind, start: node.getStart(source), end: node.getEnd(), text });

/** Applies an edit. */
export const applyEdit = (text: string, edit: Edit): string => text.slice(0, edit.start) + edit.text + text.slice(edit.end);

const parse = (file: string, text: string): ts.SourceFile => ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);

function gather(file: string, text: string, rules: readonly Rule[]): Edit[] {
  const source = parse(file, text);
  const found = new Map<string, Edit>();
  const visit = (node: ts.Node): void => {
    for (const rule of rules) {
      for (const edit of rule(node, source)) {
        const line = source.getLineAndCharacterOfPosition(edit.start).line + 1;
        const key = `${edit.start} ${edit.end} ${edit.text}`;
        if (text.slice(edit.start, edit.end) !== edit.text && !found.has(key)) found.set(key, { ...edit, line });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return [...found.values()];
}

// ---- what the rules ask of the source ----

const calledName = (node: ts.CallExpression): string =>
  ts.isPropertyAccessExpression(node.expression) ? node.expression.name.text : ts.isIdentifier(node.expression) ? node.expression.text : '';

const isLibrary = (node: ts.Expression): boolean => ts.isIdentifier(node) && (node.text === 'tf' || node.text === 'tfc');

/** `x.op(…)` on a tensor, as against `tf.op(x, …)`. */
const receiver = (node: ts.CallExpression): ts.Expression | undefined =>
  ts.isPropertyAccessExpression(node.expression) && !isLibrary(node.expression.expression) && !/^tf\.\w+$/.test(node.expression.expression.getText())
    ? node.expression.expression
    : undefined;

/** The text of the tensor that a call works on. */
function operandOf(node: ts.CallExpression, source: ts.SourceFile): string | undefined {
  const own = receiver(node);
  if (/^tf\.layers\b/.test(node.expression.getText(source))) return undefined;
  if (own) return own.kind === ts.SyntaxKind.ThisKeyword ? undefined : own.getText(source);
  return own === undefined ? node.arguments[0]?.getText(source) : undefined;
}

const callOf = (node: ts.Node, names: ReadonlySet<string>): ts.CallExpression | undefined =>
  ts.isCallExpression(node) && names.has(calledName(node)) ? node : undefined;

const arrays = (nodes: readonly ts.Expression[]): ts.ArrayLiteralExpression[] => nodes.filter(ts.isArrayLiteralExpression);

const wholeNumber = (node: ts.Node): number | undefined => {
  if (ts.isNumericLiteral(node)) return Number.isSafeInteger(Number(node.text)) ? Number(node.text) : undefined;
  const negative = ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken && ts.isNumericLiteral(node.operand);
  return negative ? -Number((node.operand as ts.NumericLiteral).text) : undefined;
};

/** The list with two neighbours changed round, for each pair. */
function swaps(kind: string, list: ts.NodeArray<ts.Node>, source: ts.SourceFile) {
  return list.slice(1).flatMap((second, at) => {
    const first = list[at] as ts.Node;
    const [a, b] = [first.getText(source), second.getText(source)];
    const between = source.text.slice(first.getEnd(), second.getStart(source));
    return a === b || a === '' || b === '' ? [] : [{ kind, start: first.getStart(source), end: second.getEnd(), text: b + between + a }];
  });
}

const SHAPED = new Set([
  'reshape',
  'addWeight',
  'randomNormal',
  'truncatedNormal',
  'randomUniform',
  'zeros',
  'ones',
  'fill',
  'tile',
  'broadcastTo',
  'slice',
  'reshapeAs',
]);
const AXIAL = new Set([
  'concat',
  'stack',
  'split',
  'unstack',
  'mean',
  'sum',
  'max',
  'min',
  'expandDims',
  'squeeze',
  'gather',
  'moments',
  'concatenate',
  'argMax',
  'cumsum',
  'all',
  'any',
  'reverse',
]);
const DROPPED = new Set(['transpose', 'reshape', 'expandDims', 'squeeze', 'tile', 'flatten', 'as2D', 'as3D', 'as4D']);
const CREATES = new Set(['addWeight', 'randomNormal', 'truncatedNormal', 'randomUniform', 'zeros', 'ones']);

/** Entries of the lists of sizes that a call is given. */
const sizesGiven = (node: ts.Node): ts.ArrayLiteralExpression[] => {
  const call = callOf(node, SHAPED);
  return call ? arrays(call.arguments) : [];
};

// ---- slips ----

const swapPermutation: Rule = (node, source) => {
  const call = callOf(node, new Set(['transpose']));
  return call ? arrays(call.arguments).flatMap((perm) => swaps('swap-perm', perm.elements, source)) : [];
};

const dropCall: Rule = (node, source) => {
  const call = callOf(node, DROPPED);
  const text = call && operandOf(call, source);
  return call && text ? [replace(`drop-${calledName(call)}`, call, source, text)] : [];
};

const matmulFlags: Rule = (node, source) => {
  const call = callOf(node, new Set(['matMul']));
  if (!call) return [];
  const operands = receiver(call) ? 1 : 2;
  const flags = call.arguments.slice(operands);
  const flipped = flags.flatMap((flag) =>
    flag.kind === ts.SyntaxKind.TrueKeyword || flag.kind === ts.SyntaxKind.FalseKeyword
      ? [replace('matmul-flag', flag, source, flag.kind === ts.SyntaxKind.TrueKeyword ? 'false' : 'true')]
      : [],
  );
  const last = call.arguments[operands - 1];
  if (flags.length > 0 || !last) return flipped;
  return [{ kind: 'matmul-flag', start: last.getEnd(), end: last.getEnd(), text: ', false, true' }];
};

const matmulOperands: Rule = (node, source) => {
  const call = callOf(node, new Set(['matMul']));
  if (!call) return [];
  const own = receiver(call);
  const [first, second] = own ? [own, call.arguments[0]] : call.arguments;
  if (!first || !second) return [];
  const swapped = source.text.slice(call.getStart(source), call.getEnd());
  const base = call.getStart(source);
  const [a, b] = [first, second].map((part) => [part.getStart(source) - base, part.getEnd() - base] as const) as [
    readonly [number, number],
    readonly [number, number],
  ];
  const text = swapped.slice(0, a[0]) + second.getText(source) + swapped.slice(a[1], b[0]) + first.getText(source) + swapped.slice(b[1]);
  return [replace('matmul-swap', call, source, text)];
};

const sizeEntries: Rule = (node, source) =>
  sizesGiven(node).flatMap((list) => {
    const kind = CREATES.has(calledName(node as ts.CallExpression)) ? 'weight' : calledName(node as ts.CallExpression);
    const each = list.elements.flatMap((element) => {
      if (ts.isSpreadElement(element) || wholeNumber(element) === -1) return [];
      const text = element.getText(source);
      return [
        replace(`${kind}-double`, element, source, `2 * ${ts.isBinaryExpression(element) ? `(${text})` : text}`),
        replace(`${kind}-plus-one`, element, source, `${text} + 1`),
      ];
    });
    return [...swaps(`${kind}-swap`, list.elements, source), ...each, ...(list.elements.length > 1 ? dropEntry(kind, list, source) : [])];
  });

const dropEntry = (kind: string, list: ts.ArrayLiteralExpression, source: ts.SourceFile) => {
  const last = list.elements.slice(0, -1).map((element) => element.getText(source));
  return [replace(`${kind}-drop-entry`, list, source, `[${last.join(', ')}]`)];
};

/** Sizes reckoned wrongly inside lists of sizes. */
const arithmetic: Rule = (node, source) => {
  if (!ts.isBinaryExpression(node) || !(ts.isArrayLiteralExpression(node.parent) || ts.isVariableDeclaration(node.parent))) return [];
  if (ts.isVariableDeclaration(node.parent) && !/[A-Za-z]/.test(node.right.getText(source) + node.left.getText(source))) return [];
  const [left, right] = [node.left.getText(source), node.right.getText(source)];
  if (node.operatorToken.kind === ts.SyntaxKind.AsteriskToken) return [replace('drop-factor', node, source, left), replace('drop-factor', node, source, right)];
  if (node.operatorToken.kind !== ts.SyntaxKind.SlashToken) return [];
  return [replace('drop-divisor', node, source, left), replace('wrong-operator', node.operatorToken, source, '*')];
};

const FLOORS = /^Math\.floor\((.+)\/(.+)\)$/;
const flooredSize: Rule = (node, source) => {
  if (!ts.isCallExpression(node)) return [];
  const found = FLOORS.exec(node.getText(source));
  return found ? [replace('drop-divisor', node, source, (found[1] ?? '').trim())] : [];
};

const COUNTS = new Set(['units', 'filters', 'kernelSize', 'targetShape', 'dims', 'keyDim', 'numHeads', 'size', 'poolSize', 'strides']);
const countProperty: Rule = (node, source) => {
  if (!ts.isPropertyAssignment(node) || !ts.isIdentifier(node.name) || !COUNTS.has(node.name.text)) return [];
  if (!inLibraryCall(node)) return [];
  const kind = `property-${node.name.text}`;
  if (ts.isArrayLiteralExpression(node.initializer)) return swaps(kind, node.initializer.elements, source);
  const text = node.initializer.getText(source);
  return [replace(kind, node.initializer, source, `2 * (${text})`), replace(kind, node.initializer, source, `${text} + 1`)];
};

const inLibraryCall = (node: ts.Node): boolean => {
  const call = node.parent.parent;
  return call !== undefined && ts.isCallExpression(call) && call.expression.getText().startsWith('tf.');
};

const axisArgument: Rule = (node, source) => {
  const call = callOf(node, AXIAL);
  if (!call || (!receiver(call) && !ts.isPropertyAccessExpression(call.expression))) return [];
  const own = receiver(call) ? 0 : 1;
  const given = call.arguments.slice(own).flatMap((argument) => (ts.isArrayLiteralExpression(argument) ? [...argument.elements] : [argument]));
  const isCount = (place: number) => calledName(call) === 'split' && place === 0;
  return given.flatMap((argument, place) => {
    const value = wholeNumber(argument);
    if (value === undefined) return [];
    if (isCount(place)) return [replace('split-count', argument, source, String(value + 1)), replace('split-count', argument, source, String(value * 2))];
    return [value === -1 ? -2 : value + 1, value === 0 ? 2 : value - 1].map((axis) => replace(`axis-${calledName(call)}`, argument, source, String(axis)));
  });
};

const axisProperty: Rule = (node, source) => {
  if (!ts.isPropertyAssignment(node) || node.name.getText(source) !== 'axis') return [];
  const value = wholeNumber(node.initializer);
  return value === undefined ? [] : [replace('axis-property', node.initializer, source, String(value === -1 ? 1 : value + 1))];
};

const SHAPES = /([sS]hape|dims)!?$/;
const shapeIndex: Rule = (node, source) => {
  if (!ts.isElementAccessExpression(node) || !SHAPES.test(node.expression.getText(source))) return [];
  const index = node.argumentExpression;
  const value = wholeNumber(index);
  if (value !== undefined) return [value + 1, value - 1].filter((each) => each !== value).map((each) => replace('shape-index', index, source, String(each)));
  const found = /^(.+\.length - )(\d)$/.exec(index.getText(source));
  return found ? [replace('shape-index', index, source, `${found[1]}${Number(found[2]) + 1}`)] : [];
};

const destructuring: Rule = (node, source) => {
  if (!ts.isArrayBindingPattern(node) || !ts.isVariableDeclaration(node.parent)) return [];
  const text = node.parent.initializer?.getText(source) ?? '';
  return SHAPES.test(text) || /split|unstack/.test(text) ? swaps('destructure-swap', node.elements, source) : [];
};

const CONVOLUTIONS = /^(conv|depthwiseConv|maxPool|avgPool|separableConv)/;
const convolution: Rule = (node, source) => {
  if (!ts.isCallExpression(node) || !CONVOLUTIONS.test(calledName(node))) return [];
  return node.arguments.flatMap((argument) => {
    if (ts.isStringLiteral(argument) && (argument.text === 'same' || argument.text === 'valid'))
      return [replace('conv-padding', argument, source, argument.text === 'same' ? "'valid'" : "'same'")];
    const value = wholeNumber(argument);
    return value === undefined ? [] : [replace('conv-stride', argument, source, String(value + 1))];
  });
};

const einsumEquation: Rule = (node, source) => {
  const call = callOf(node, new Set(['einsum']));
  const equation = call?.arguments[0];
  if (!equation || !ts.isStringLiteral(equation)) return [];
  const [operands = '', out = ''] = equation.text.split('->');
  return operands.split(',').flatMap((letters, which) => {
    const swapped = `${letters.slice(0, -2)}${letters.at(-1) ?? ''}${letters.at(-2) ?? ''}`;
    const others = operands.split(',').map((each, at) => (at === which ? swapped : each));
    return [replace('einsum-swap', equation, source, `'${others.join(',')}->${out}'`)];
  });
};

const joinKind: Rule = (node, source) => {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression) || !isLibrary(node.expression.expression)) return [];
  const other = { concat: 'stack', stack: 'concat' }[calledName(node)];
  return other ? [replace('concat-stack', node.expression.name, source, other)] : [];
};

const dropJoined: Rule = (node, source) => {
  const call = callOf(node, new Set(['concat', 'stack']));
  const [list] = call ? arrays(call.arguments) : [];
  if (!list || list.elements.length < 2) return [];
  return [
    replace(
      'drop-item',
      list,
      source,
      `[${list.elements
        .slice(0, -1)
        .map((element) => element.getText(source))
        .join(', ')}]`,
    ),
  ];
};

const PAIRED = new Set(['matMul', 'add', 'sub', 'mul', 'div', 'concat', 'softmax', 'dot', 'conv2d']);

/** Another tensor of the same function in an operand's place. */
const wrongVariable: Rule = (node, source) => {
  const call = callOf(node, PAIRED);
  if (!call) return [];
  const own = receiver(call);
  const operands = [...(own ? [own] : []), ...call.arguments].filter(ts.isIdentifier);
  const others = namesBefore(call, source);
  return operands.flatMap((operand) =>
    others
      .filter((name) => name !== operand.text)
      .slice(-3)
      .map((name) => replace('wrong-variable', operand, source, name)),
  );
};

/** Names that the function's body gave to tensors before a place. */
function namesBefore(node: ts.Node, source: ts.SourceFile): string[] {
  const body = ts.findAncestor(node, (one) => ts.isBlock(one) && ts.isFunctionLike(one.parent));
  if (!body || !ts.isBlock(body)) return [];
  return body.statements
    .filter((statement) => statement.getEnd() < node.getStart(source))
    .filter(ts.isVariableStatement)
    .flatMap((statement) => statement.declarationList.declarations)
    .filter(
      (declaration) =>
        /matMul|reshape|apply|transpose|conv|softmax|split|project|\.add\(|\.mul\(/.test(declaration.initializer?.getText(source) ?? '') &&
        !(declaration.initializer && ts.isArrowFunction(declaration.initializer)),
    )
    .flatMap((declaration) =>
      ts.isIdentifier(declaration.name)
        ? [declaration.name.text]
        : ts.isArrayBindingPattern(declaration.name)
          ? declaration.name.elements.flatMap((element) =>
              ts.isBindingElement(element) && ts.isIdentifier(element.name) && !/shape/.test(declaration.initializer?.getText(source) ?? '')
                ? [element.name.text]
                : [],
            )
          : [],
    );
}

/** Another size in a size's place: a field for a field, a name for a name. */
const wrongSize: Rule = (node, source) => {
  const lists = sizesGiven(node);
  if (lists.length === 0) return [];
  const scope = ts.findAncestor(node, ts.isClassLike) ?? ts.findAncestor(node, ts.isFunctionLike) ?? source;
  const sizes = new Set<string>();
  const look = (one: ts.Node): void => {
    for (const list of sizesGiven(one))
      for (const element of list.elements) if (/^this\.\w+$/.test(element.getText(source))) sizes.add(element.getText(source));
    ts.forEachChild(one, look);
  };
  look(scope);
  return lists.flatMap((list) =>
    list.elements.flatMap((element) => {
      const text = element.getText(source);
      return sizes.has(text)
        ? [...sizes]
            .filter((other) => other !== text)
            .slice(0, 2)
            .map((other) => replace('wrong-size', element, source, other))
        : [];
    }),
  );
};

const SLIPS: readonly Rule[] = [
  swapPermutation,
  dropCall,
  matmulFlags,
  matmulOperands,
  sizeEntries,
  arithmetic,
  flooredSize,
  countProperty,
  axisArgument,
  axisProperty,
  shapeIndex,
  destructuring,
  convolution,
  einsumEquation,
  joinKind,
  dropJoined,
  wrongVariable,
  wrongSize,
];

/** Slips with sizes; whether one breaks anything is for running it to say. */
export const slips = (file: string, text: string): Edit[] => gather(file, text, SLIPS);

// ---- changes that harm nothing ----

const COMMUTES = new Set(['add', 'mul', 'maximum', 'minimum']);

const commute: Rule = (node, source) => {
  const call = callOf(node, COMMUTES);
  const own = call && receiver(call);
  if (!call || call.arguments.length < 1) return [];
  const [first, second] = own ? [own, call.arguments[0]] : call.arguments;
  if (!first || !second || !ts.isIdentifier(first) || !ts.isIdentifier(second)) return [];
  const text = own ? `${second.text}.${calledName(call)}(${first.text})` : `${call.expression.getText(source)}(${second.text}, ${first.text})`;
  return [replace('commute', call, source, text)];
};

const epsilon: Rule = (node, source) =>
  ts.isNumericLiteral(node) && Number(node.text) < 0.01 && Number(node.text) > 0 ? [replace('epsilon', node, source, '0.0002')] : [];

const cloned: Rule = (node, source) => {
  const call = callOf(node, new Set(['matMul', 'softmax']));
  const operand = call?.arguments[0];
  return operand && ts.isIdentifier(operand) ? [replace('clone', operand, source, `${operand.text}.clone()`)] : [];
};

const functional: Rule = (node, source) => {
  const call = callOf(node, new Set(['reshape', 'transpose', 'expandDims']));
  const own = call && receiver(call);
  if (!call || !own || !/\btf\b/.test(source.text)) return [];
  const rest = call.arguments.map((argument) => argument.getText(source));
  return [replace('functional', call, source, `tf.${calledName(call)}(${[own.getText(source), ...rest].join(', ')})`)];
};

/** One size left to be reckoned: it is the same. */
const inferred: Rule = (node, source) => {
  const call = callOf(node, new Set(['reshape']));
  const [list] = call ? arrays(call.arguments) : [];
  const last = list?.elements.at(-1);
  if (!list || !last || list.elements.some((element) => wholeNumber(element) === -1 || ts.isSpreadElement(element))) return [];
  const first = list.elements[0] as ts.Expression;
  return [replace('infer', first, source, '-1'), replace('infer', last, source, '-1')];
};

const renamed: Rule = (node) => {
  if (!ts.isVariableDeclaration(node) || !ts.isIdentifier(node.name) || !node.initializer) return [];
  const statement = node.parent.parent;
  const isConst = ts.isVariableStatement(statement) && (node.parent.flags & ts.NodeFlags.Const) !== 0 && ts.isBlock(statement.parent);
  return isConst
    ? [
        {
          kind: 'alias',
          start: statement.getEnd(),
          end: statement.getEnd(),
          text: ` const ${node.name.text}Again = ${node.name.text}; void ${node.name.text}Again;`,
        },
      ]
    : [];
};

const undone: Rule = (node, source) => {
  const call = callOf(node, new Set(['softmax']));
  const operand = call?.arguments[0];
  return operand ? [replace('undone', operand, source, `${operand.getText(source)}.expandDims(0).squeeze([0])`)] : [];
};

const scaled: Rule = (node, source) => {
  const call = callOf(node, new Set(['matMul']));
  return call ? [replace('scale', call, source, `${call.getText(source)}.mul(0.5)`)] : [];
};

/** Changes that leave a module correct. */
export const harmless = (file: string, text: string): Edit[] => gather(file, text, [commute, epsilon, cloned, functional, inferred, renamed, undone, scaled]);
