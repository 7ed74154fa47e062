// The rooms of the house: each folder imports only what stands beside its name.
const LIBRARY = ['dim', 'ops', 'program', 'value', 'graph'];
const ANALYSIS = [...LIBRARY, 'frontend', 'project', 'dialect', 'interpret'];
const ROOMS = {
  dim: [],
  ops: ['dim'],
  program: [],
  frontend: ['program'],
  project: ['program', 'frontend'],
  value: ['dim', 'program', 'graph', 'ops'],
  dialect: ['ops', 'value', 'dim', 'program'],
  graph: ['dim', 'ops', 'program'],
  interpret: ['dialect', 'value', 'ops', 'dim', 'program', 'graph'],
  run: ['dim', 'ops', 'graph', 'program'],
  // The messages are made of the analysis's plain answers and the graph's plain form.
  protocol: ['graph', 'analysis'],
  analysis: [...ANALYSIS, 'protocol'],
  curves: ['graph', 'analysis'],
  // Its entries say where the parser's programs are read from.
  worker: ['analysis', 'protocol', 'frontend'],
  extension: ['analysis', 'protocol', 'graph', 'program'],
  cli: [...ANALYSIS, 'analysis', 'run', 'protocol', 'curves'],
};
const WEBVIEW = ['protocol', 'run', 'graph', 'dim', 'ops', 'analysis', 'program', 'curves'];

/** Files beside which a rule makes its exceptions: the two that load tfjs, and those that may name node. */
const TFJS_FILES = '^(src/cli/runner\\.ts|webview/backend\\.ts)$';
const NODE_FILES = '^(src/cli/|src/worker/node\\.ts|src/extension/workerPort\\.ts)';

const room = ([name, allowed]) => ({
  name: `room-${name}`,
  severity: 'error',
  comment: `src/${name} imports only ${allowed.length > 0 ? allowed.join(', ') : 'nothing'}`,
  from: { path: `^src/${name}/` },
  to: { path: '^(src|webview|test|media)/', pathNot: `^src/(${[name, ...allowed].join('|')})/` },
});

module.exports = {
  forbidden: [
    ...Object.entries(ROOMS).map(room),
    {
      name: 'room-webview',
      severity: 'error',
      from: { path: '^webview/' },
      to: { path: '^(src|test|media)/', pathNot: `^src/(${WEBVIEW.join('|')})/` },
    },
    {
      name: 'analysis-answers-only',
      severity: 'error',
      comment: 'beyond the worker, only the plain data of analysis is known: never the code that makes it',
      from: { path: '^(src/protocol|src/extension|src/curves|webview)/' },
      to: { path: '^src/analysis/', pathNot: '^src/analysis/types\\.ts$' },
    },
    {
      name: 'only-the-session-knows-messages',
      severity: 'error',
      from: { path: '^src/analysis/', pathNot: '^src/analysis/(session|core)\\.ts$' },
      to: { path: '^src/protocol/' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'functions of one room may call each other in a circle (an interpreter does); rooms may not',
      from: { path: '^(src/[^/]+|webview)/' },
      to: { circular: true, via: { pathNot: '^$1/', dependencyTypesNot: ['type-only'] } },
    },
    { name: 'vscode-in-extension-only', severity: 'error', from: { path: '^(src|webview)/', pathNot: '^src/extension/' }, to: { path: '^vscode$' } },
    {
      name: 'tfjs-in-two-files',
      severity: 'error',
      from: { path: '^(src|webview)/', pathNot: TFJS_FILES },
      to: { path: 'node_modules/@tensorflow/', dependencyTypesNot: ['type-only'] },
    },
    { name: 'node-at-the-edges', severity: 'error', from: { path: '^(src|webview)/', pathNot: NODE_FILES }, to: { dependencyTypes: ['core'] } },
    { name: 'ts-morph-in-its-front-end', severity: 'error', from: { path: '^(src|webview)/', pathNot: '^src/frontend/typescript/' }, to: { path: 'node_modules/ts-morph/' } },
    { name: 'tree-sitter-in-its-front-end', severity: 'error', from: { path: '^(src|webview)/', pathNot: '^src/frontend/python/' }, to: { path: 'node_modules/(web-tree-sitter|tree-sitter-python)/' } },
    { name: 'no-tests-in-the-house', severity: 'error', from: { path: '^(src|webview)/' }, to: { path: '^test/' } },
    { name: 'resolvable', severity: 'error', from: { path: '^(src|webview)/' }, to: { couldNotResolve: true, pathNot: '^vscode$' } },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|media/gallery|test/fixtures)/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};
