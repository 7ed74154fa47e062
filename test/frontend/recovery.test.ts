import { describe, expect, test } from 'vitest';
import { lowerTypeScript } from '../../src/frontend/typescript/index';
import { printModule } from '../../src/program/print';

/** A class whose second method has `lines` in its middle, and a class and a function behind it. */
const around = (lines: string) => `import * as tf from '@tensorflow/tfjs';

class First extends tf.layers.Layer {
  build(inputShape) {
    this.units = inputShape[2];
  }

  call(x) {
    const before = tf.relu(x);
${lines}
    const after = tf.tanh(x);
    return after;
  }

  getConfig() {
    return { units: this.units };
  }
}

class Second {
  call(x) {
    return tf.softmax(x);
  }
}

export function last(x) {
  return x;
}
`;

const KEPT = [
  'method build(inputShape)',
  'method call(x)',
  'const before = tf.relu(x)',
  'const after = tf.tanh(x)',
  'return after',
  'method getConfig()',
  'class Second',
  'return tf.softmax(x)',
  'function last(x)',
];

/** Half-typed lines, and what they must lower to. */
const HALF_TYPED: readonly (readonly [string, string, ...string[]])[] = [
  ['an open call', '    const q = tf.matMul(x, ', 'const q = tf.matMul(x, unknown(an expression is missing here))'],
  [
    'an open call before an assignment',
    '    const q = tf.matMul(x,\n    this.k = x;',
    'const q = tf.matMul(x, unknown(an expression is missing here))',
    'this.k = x',
  ],
  ['a call just opened', '    const q = tf.matMul(', 'const q = tf.matMul(unknown(an expression is missing here))'],
  ['nested open calls', '    const q = tf.matMul(tf.relu(x', 'const q = tf.matMul(tf.relu(x))'],
  ['a dot before a declaration', '    x.', 'unknown(a name is missing here)'],
  ['a dot before an assignment', '    const q = x.\n    this.k = x;', 'const q = unknown(a name is missing here)', 'this.k = x'],
  ['a dot before a call', '    const q = x.\n    tf.dispose(x);', 'const q = unknown(a name is missing here)', 'tf.dispose(x)'],
  ['an optional dot', '    const q = x?.\n    tf.dispose(x);', 'const q = <unknown(a name is missing here)>', 'tf.dispose(x)'],
  ['no value yet', '    const q =', 'const q = unknown(an expression is missing here)'],
  ['no value before an assignment', '    const q =\n    this.k = x;\n    foo(', 'const q = unknown(an expression is missing here)', 'this.k = x'],
  ['no value, and no other mistake', '    const q =\n    this.k = x;', 'const q = unknown(an expression is missing here)', 'this.k = x'],
  ['half an operation', '    const q = x.shape[0] *\n    this.k = x; foo(', 'const q = (x.shape[0] * unknown(an expression is missing here))', 'this.k = x'],
  ['an open subscript', '    const q = x.shape[', 'const q = x.shape[unknown(an expression is missing here)]'],
  ['an open list', '    const q = tf.concat([x, x', 'const q = tf.concat([x, x])'],
  ['an open object', '    const q = tf.layers.dense({ units: 3,', 'const q = tf.layers.dense({units: 3})'],
  ['an open brace', '    if (x) {\n      const q = x;', 'if x', 'const q = x'],
  ['an open condition', '    if (x', 'if x'],
  ['an open condition with its block', '    if (f(x) {\n      const q = x;\n    }', 'if f(x)', 'const q = x'],
  ['an open loop', '    for (const q of [1, 2]', 'for const q of [1, 2]'],
  ['an open arrow', '    const q = tf.tidy(() => {\n      const a = x;', 'const q = tf.tidy(arrow () { const a = x })'],
  ['an open string', "    const q = tf.layers.dense({ activation: 'relu });", 'activation: unknown(the text is not closed here)'],
  ['an open template', '    const q = `a', 'const q = unknown(the text is not closed here)'],
  ['an open comment', '    const q = x; /* why', 'const q = x'],
  ['one brace too many', '    if (x) {\n      const q = x;\n    }\n      }', 'if x', 'const q = x'],
  ['one parenthesis too many', '    const q = tf.relu(x));', 'const q = tf.relu(x)'],
  ['a destructuring begun', '    const [b, t', 'const [b, t]'],
  ['an object destructuring begun', '    const { a, b', 'const {a, b}'],
  ['words that mean nothing', '    foo bar baz', 'foo'],
];

/** Half-typed lines between two methods of a class, or between two classes. */
const HALF_DECLARED: readonly (readonly [string, string])[] = [
  ['a method name', '  for'],
  ['a method header', '  other(x'],
  ['a method header with a type', '  other(x: tf.'],
  ['a method header with a default', '  other(x, n ='],
  ['a method without a body', '  other(x)'],
  ['a method with half a body', '  other(x) {'],
  ['a method with its half-typed block', '  other(x) {\n    if (x) {\n  }'],
  ['a field', '  units ='],
  ['a field with half a type', '  units: Array<'],
  ['a decorator', '  @log('],
  ['a class', '}\n\nclass Between extends {'],
  ['a class header', '}\n\nclass Between extends tf.layers.'],
  ['an import', "}\n\nimport { a, \n\nimport * as q from 'q';"],
  ['an interface', '}\n\ninterface Config {\n  units: number;'],
  ['a function', '}\n\nfunction between(x, {'],
  ['an arrow function', '}\n\nconst between = (x) => {\n  const y = f(x'],
  ['an object', '}\n\nconst between = {\n  a: [1, 2,\n  b: 3,'],
  ['an export', '}\n\nexport const between ='],
];

describe('a half-typed declaration keeps what stands around it', () => {
  for (const [name, lines] of HALF_DECLARED) {
    test(name, () => {
      const inside = !lines.startsWith('}');
      const source = `class First {\n  before(x) {\n    return tf.relu(x);\n  }\n\n${lines}\n\n${inside ? '  after(x) {\n    return tf.tanh(x);\n  }\n}\n' : ''}\nclass Last {\n  call(x) {\n    return tf.elu(x);\n  }\n}\n`;
      const print = printModule(lowerTypeScript('a.ts', source));
      for (const line of [/^ {2}method before\(x\):\n {4}return tf\.relu\(x\)/m, /^class Last:\n {2}method call\(x\):\n {4}return tf\.elu\(x\)/m])
        expect(print).toMatch(line);
      if (inside) expect(print).toMatch(/^ {2}method after\(x\):\n {4}return tf\.tanh\(x\)/m);
      if (name === 'an import') expect(print).toContain('import q: * as q');
    });
  }
});

describe('a half-typed method keeps what stands around it', () => {
  for (const [name, lines, ...expected] of HALF_TYPED) {
    test(name, () => {
      const module = lowerTypeScript('a.ts', around(lines));
      const print = printModule(module);
      for (const line of [...KEPT, ...expected]) expect(print).toContain(line);
      expect(print.match(/^class/gm)).toHaveLength(2);
      expect(module.syntaxProblems.length).toBeGreaterThan(0);
    });
  }
});

test('a header or a call over several lines is not taken for left open', () => {
  const lines = `    if (x &&
        x.shape &&
        x.rank === 3) {
      for (const part of x.parts
          .slice(1)) {
        this.add(part);
      }
    } else if (x.a ||
        x.b) {
      this.c = tf
        .relu({
          x,
        })
        .square();
    }
    const q = tf.matMul(x,`;
  const module = lowerTypeScript('a.ts', around(lines));
  for (const line of [...KEPT, 'const q = tf.matMul(x, unknown(an expression is missing here))', 'this.c = tf.relu({x: x}).square()', 'this.add(part)'])
    expect(printModule(module)).toContain(line);
  expect(module.syntaxProblems.map(({ span, message }) => [span.line, message])).toEqual([[25, '`)` is missing here']]);
});

test('a word that is not whole is no mistake', () => {
  const print = printModule(lowerTypeScript('a.ts', around('    cons')));
  for (const line of [...KEPT, 'cons']) expect(print).toContain(line);
});

test('source without mistakes is read as it is, however it is laid out', () => {
  const source = 'function f(a,\nb) {\nconst c = [\na,\nb\n]\nconst d =\ng(a)\n.h()\nif (a)\n{\nreturn c\n}\n}\n';
  const module = lowerTypeScript('a.js', source);
  expect(module.syntaxProblems).toEqual([]);
  expect(printModule(module)).toBe('function f(a, b):\n  const c = [a, b]\n  const d = g(a).h()\n  if a:\n    return c');
});

test("where the layout says nothing, the compiler's own recovery stands", () => {
  const module = lowerTypeScript('a.js', 'function f(a) {\nconst b = g(a,\na;\nreturn b\n}\nfunction h(a) {\nreturn a\n}\n');
  expect(printModule(module)).toContain('function h(a):\n  return a');
  expect(module.syntaxProblems.length).toBeGreaterThan(0);
});
