/** A readable print of the small language: for tests, and for looking at what a front end made. */
import type {
  Argument,
  ClassDefinition,
  ComprehensionClause,
  Entry,
  Expression,
  FunctionDefinition,
  Index,
  Item,
  Parameter,
  SourceModule,
  Statement,
  Target,
  TypeNote,
} from './types';

const indent = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);
const block = (head: string, body: readonly string[]): string[] => [`${head}:`, ...(body.length > 0 ? indent(body) : ['  pass'])];

/** The whole module, one line for each statement. */
export const printModule = (module: SourceModule): string => printStatements(module.body).join('\n');

/** Statements as lines. */
export const printStatements = (statements: readonly Statement[]): string[] => statements.flatMap(printStatement);

function printStatement(statement: Statement): string[] {
  const [first = '', ...rest] = linesOf(statement);
  return [statement.comment ? `${first} # ${statement.comment.text}` : first, ...rest];
}

function linesOf(statement: Statement): string[] {
  switch (statement.kind) {
    case 'assign': {
      const declares = statement.declares ? `${statement.declares} ` : '';
      const type = statement.type ? `: ${printType(statement.type)}` : '';
      const targets = statement.targets.map(printTarget).join(' = ');
      return [`${declares}${targets}${type}${statement.value ? ` ${assignSign(statement.operator)} ${printExpression(statement.value)}` : ''}`];
    }
    case 'expression':
      return [printExpression(statement.expression)];
    case 'return':
      return [`return${statement.value ? ` ${printExpression(statement.value)}` : ''}`];
    case 'throw':
      return [`throw${statement.value ? ` ${printExpression(statement.value)}` : ''}`];
    case 'if':
      return [...block(`if ${printExpression(statement.test)}`, printStatements(statement.then)), ...optional('else', statement.otherwise)];
    case 'for': {
      const declares = statement.declares ? `${statement.declares} ` : '';
      const head = `for ${declares}${printTarget(statement.target)} ${statement.over} ${printExpression(statement.iterable)}`;
      return [...block(head, printStatements(statement.body)), ...optional('else', statement.otherwise)];
    }
    case 'while': {
      const update = statement.update ? `; ${printExpression(statement.update)}` : '';
      const head = `${statement.doFirst ? 'do while' : 'while'} ${printExpression(statement.test)}${update}`;
      return [...block(head, printStatements(statement.body)), ...optional('else', statement.otherwise)];
    }
    case 'switch':
      return block(
        `switch ${printExpression(statement.subject)}`,
        statement.cases.flatMap((item) => block(item.test ? `case ${printExpression(item.test)}` : 'default', printStatements(item.body))),
      );
    case 'break':
    case 'continue':
      return [statement.label ? `${statement.kind} ${statement.label}` : statement.kind];
    case 'labelled':
      return block(`label ${statement.label}`, printStatement(statement.body));
    case 'block':
      return block('block', printStatements(statement.body));
    case 'try': {
      const handlers = statement.handlers.flatMap(({ target, types, body }) =>
        block(['catch', ...types.map(printExpression), ...(target ? [printTarget(target)] : [])].join(' '), printStatements(body)),
      );
      return [
        ...block('try', printStatements(statement.body)),
        ...handlers,
        ...optional('else', statement.otherwise),
        ...optional('finally', statement.finally),
      ];
    }
    case 'with': {
      const items = statement.items.map(({ value, target }) => `${printExpression(value)}${target ? ` as ${printTarget(target)}` : ''}`);
      return block(`with ${items.join(', ')}`, printStatements(statement.body));
    }
    case 'assert':
      return [`assert ${printExpression(statement.test)}${statement.message ? `, ${printExpression(statement.message)}` : ''}`];
    case 'functionDefinition':
      return printFunction(statement.definition);
    case 'classDefinition':
      return printClass(statement.definition);
    case 'typeDefinition':
      return [`type ${statement.name} = ${printType(statement.type)}`];
    case 'import':
      return [
        `import ${statement.from}: ${statement.names.map(({ imported, local }) => (local === imported ? imported : `${imported} as ${local ?? '*'}`)).join(', ')}`,
      ];
    case 'export': {
      const names = statement.names.map(({ local, exported }) => `${typeof local === 'string' ? local : printExpression(local)} as ${exported ?? '*'}`);
      return [`export ${statement.from === undefined ? '' : `${statement.from}: `}${names.join(', ')}`];
    }
    case 'delete':
      return [`delete ${statement.targets.map(printTarget).join(', ')}`];
    case 'scope':
      return [`${statement.declares} ${statement.names.join(', ')}`];
  }
}

const optional = (head: string, body: readonly Statement[]): string[] => (body.length > 0 ? block(head, printStatements(body)) : []);

function assignSign(operator: string): string {
  return operator === '=' ? '=' : `${operator}=`;
}

/** A type note: its name and arguments, fields or members, else its text. */
export function printType(note: TypeNote): string {
  if (note.fields)
    return `{${note.fields.map(({ name, type, optional: maybe }) => `${name}${maybe ? '?' : ''}${type ? `: ${printType(type)}` : ''}`).join(', ')}}`;
  if (note.members) return note.members.map(printType).join(' | ');
  if (note.name === undefined) return note.text;
  return note.args ? `${note.name}<${note.args.map(printType).join(', ')}>` : note.name;
}

function printFunction(definition: FunctionDefinition): string[] {
  const flags = [definition.static && 'static', definition.async && 'async', definition.role].filter(Boolean).join(' ');
  const returns = definition.returns ? ` -> ${printType(definition.returns)}` : '';
  const head = `${flags}${definition.generator ? '*' : ''} ${definition.name}(${definition.parameters.map(printParameter).join(', ')})${returns}`;
  return [...definition.decorators.map((decorator) => `@${printExpression(decorator)}`), ...block(head, printStatements(definition.body))];
}

function printParameter(parameter: Parameter): string {
  const stars = { list: '*', dict: '**' };
  const property = parameter.property ? 'this.' : '';
  const type = parameter.type ? `: ${printType(parameter.type)}` : '';
  const fallback = parameter.fallback ? ` = ${printExpression(parameter.fallback)}` : '';
  return `${parameter.rest ? stars[parameter.rest] : ''}${property}${printTarget(parameter.target)}${parameter.optional ? '?' : ''}${type}${fallback}`;
}

function printClass(definition: ClassDefinition): string[] {
  const fields = definition.fields.map((field) => {
    const type = field.type ? `: ${printType(field.type)}` : '';
    return `${field.static ? 'static ' : ''}${field.name}${type}${field.value ? ` = ${printExpression(field.value)}` : ''}`;
  });
  const bases = definition.bases.length > 0 ? `(${definition.bases.map(printExpression).join(', ')})` : '';
  return [
    ...definition.decorators.map((decorator) => `@${printExpression(decorator)}`),
    ...block(`class ${definition.name}${bases}`, [...fields, ...definition.methods.flatMap(printFunction), ...printStatements(definition.body)]),
  ];
}

/** A target as written. */
export function printTarget(target: Target): string {
  switch (target.kind) {
    case 'name':
      return target.name === '' ? '?' : target.name;
    case 'attribute':
      return `${printExpression(target.object)}.${target.name}`;
    case 'subscript':
      return `${printExpression(target.object)}[${target.index.map(printIndex).join(', ')}]`;
    case 'sequence': {
      const elements = target.elements.map((element) =>
        element ? `${element.rest ? '...' : ''}${printTarget(element.target)}${fallbackOf(element.fallback)}` : '',
      );
      return `[${elements.join(', ')}]`;
    }
    case 'object': {
      const properties = target.properties.map(({ key, target: value, fallback }) => {
        const name = printTarget(value);
        return `${key === name ? name : `${typeof key === 'string' ? key : `[${printExpression(key)}]`}: ${name}`}${fallbackOf(fallback)}`;
      });
      return `{${[...properties, ...(target.rest ? [`...${printTarget(target.rest)}`] : [])].join(', ')}}`;
    }
  }
}

const fallbackOf = (fallback: Expression | undefined): string => (fallback ? ` = ${printExpression(fallback)}` : '');

/** An expression on one line; parentheses show every grouping. */
export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'name':
      return expression.name;
    case 'literal':
      return typeof expression.value === 'string' ? JSON.stringify(expression.value) : String(expression.value);
    case 'template':
      return `\`${expression.parts.map((part) => (typeof part === 'string' ? part : `{${printExpression(part)}}`)).join('')}\``;
    case 'attribute':
      return `${printExpression(expression.object)}${expression.optional ? '?.' : '.'}${expression.name}`;
    case 'subscript':
      return `${printExpression(expression.object)}${expression.optional ? '?.' : ''}[${expression.index.map(printIndex).join(', ')}]`;
    case 'call':
      return `${expression.construct ? 'new ' : ''}${printExpression(expression.callee)}${expression.optional ? '?.' : ''}(${expression.args.map(printArgument).join(', ')})`;
    case 'chain':
      return `<${printExpression(expression.expression)}>`;
    case 'list':
      return `[${expression.items.map(printItem).join(', ')}]`;
    case 'tuple':
      return `(${expression.items.map(printItem).join(', ')},)`;
    case 'dict':
      return `{${expression.entries.map(printEntry).join(', ')}}`;
    case 'unary':
      return `(${expression.operator === 'not' ? 'not ' : expression.operator}${printExpression(expression.operand)})`;
    case 'binary':
    case 'compare':
      return `(${printExpression(expression.left)} ${expression.operator} ${printExpression(expression.right)})`;
    case 'logical':
      return `(${printExpression(expression.left)} ${expression.operator === 'coalesce' ? '??' : expression.operator} ${printExpression(expression.right)})`;
    case 'conditional':
      return `(${printExpression(expression.test)} ? ${printExpression(expression.then)} : ${printExpression(expression.otherwise)})`;
    case 'function':
      return inline(printFunction(expression.definition));
    case 'class':
      return inline(printClass(expression.definition));
    case 'assignment':
      return `(${printTarget(expression.target)} ${expression.postfix ? 'postfix ' : ''}${assignSign(expression.operator)} ${printExpression(expression.value)})`;
    case 'sequence':
      return `(${expression.expressions.map(printExpression).join('; ')})`;
    case 'comprehension': {
      const key = expression.key ? `${printExpression(expression.key)}: ` : '';
      return `${expression.result}(${key}${printExpression(expression.element)}${expression.clauses.map(printClause).join('')})`;
    }
    case 'super':
      return 'super';
    case 'await':
      return `(${expression.yields === undefined ? 'await' : expression.yields === 'all' ? 'yield from' : 'yield'} ${printExpression(expression.operand)})`;
    case 'typeof':
      return `(typeof ${printExpression(expression.operand)})`;
    case 'regexp':
      return `/${expression.pattern}/${expression.flags}`;
    case 'unknown':
      return `unknown(${expression.reason})`;
  }
}

/** Nested lines on one: `head { a; b }`. */
function inline(lines: readonly string[]): string {
  const [head = '', ...body] = lines.map((line) => line.trim());
  return `${head.replace(/:$/, '')} { ${body.join('; ').replace(/:;/g, ':')} }`;
}

function printClause({ target, iterable, conditions }: ComprehensionClause): string {
  return ` for ${printTarget(target)} in ${printExpression(iterable)}${conditions.map((condition) => ` if ${printExpression(condition)}`).join('')}`;
}

function printIndex(index: Index): string {
  if (index.kind === 'ellipsis') return '...';
  if (index.kind !== 'slice') return printExpression(index);
  const part = (expression: Expression | undefined) => (expression ? printExpression(expression) : '');
  return `${part(index.start)}:${part(index.stop)}${index.step ? `:${part(index.step)}` : ''}`;
}

function printArgument({ value, name, spread }: Argument): string {
  if (spread) return `${spread === 'list' ? '...' : '**'}${printExpression(value)}`;
  return name === undefined ? printExpression(value) : `${name}=${printExpression(value)}`;
}

const printItem = ({ value, spread }: Item): string => `${spread ? '...' : ''}${printExpression(value)}`;

function printEntry(entry: Entry): string {
  if (entry.spread) return `...${printExpression(entry.value)}`;
  const key = typeof entry.key === 'string' ? entry.key : `[${printExpression(entry.key)}]`;
  return 'getter' in entry ? `get ${key}: ${inline(printFunction(entry.getter))}` : `${key}: ${printExpression(entry.value)}`;
}
