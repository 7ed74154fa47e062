/** The source transform: every assignment and return of a function also reports its value. Nothing else of the module changes. */
import ts from 'typescript';
import { insideClass, insideFunction, isBuild, OUTSIDE, type Scope, withHint } from './scope';
import { bare, bindingTargets, indexedTarget, isPattern, type NamedTarget, namedTarget, patternTargets } from './targets';
import type { Site } from './types';

/** The recorder's name inside the transformed module. */
export const RECORDER = '__recorder';
/** What `import.meta` becomes. */
export const IMPORT_META = '__importMeta';

const { factory } = ts;
const SILENT_CALLBACKS = new Set(['tidy', 'map']);

const report = (method: string, ...args: ts.Expression[]): ts.Expression =>
  factory.createCallExpression(factory.createPropertyAccessExpression(factory.createIdentifier(RECORDER), method), undefined, args);

const isFunction = (node: ts.Node): node is ts.FunctionLikeDeclaration =>
  ts.isFunctionDeclaration(node) ||
  ts.isFunctionExpression(node) ||
  ts.isArrowFunction(node) ||
  ts.isMethodDeclaration(node) ||
  ts.isConstructorDeclaration(node) ||
  ts.isGetAccessorDeclaration(node) ||
  ts.isSetAccessorDeclaration(node);

/** Functions and classes take their name from what they are assigned to, so they are left bare. */
const takesName = (node: ts.Expression): boolean => ts.isFunctionExpression(bare(node)) || ts.isArrowFunction(bare(node)) || ts.isClassExpression(bare(node));

const isSilentCallback = (call: ts.CallExpression): boolean => {
  const callee = bare(call.expression);
  const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : ts.isIdentifier(callee) ? callee.text : '';
  return SILENT_CALLBACKS.has(name);
};

const isAssignment = (node: ts.Node): node is ts.BinaryExpression =>
  ts.isBinaryExpression(node) && node.operatorToken.kind >= ts.SyntaxKind.FirstAssignment && node.operatorToken.kind <= ts.SyntaxKind.LastAssignment;

/** Operators that assign only sometimes, and then their right side as it is. */
const ASSIGNS_RIGHT_SIDE = new Set<ts.SyntaxKind>([
  ts.SyntaxKind.EqualsToken,
  ts.SyntaxKind.BarBarEqualsToken,
  ts.SyntaxKind.AmpersandAmpersandEqualsToken,
  ts.SyntaxKind.QuestionQuestionEqualsToken,
]);

/** The transformer of one file; `addSite` keeps a place and gives its number. */
export function recording(name: string, addSite: (site: Site) => number): ts.TransformerFactory<ts.SourceFile> {
  return (context) => (source) => {
    const visitWith = (scope: Scope) => (node: ts.Node) => visit(node, scope);
    const children = <T extends ts.Node>(node: T, scope: Scope): T => ts.visitEachChild(node, visitWith(scope), context);
    const expression = (node: ts.Expression, scope: Scope) => ts.visitNode(node, visitWith(scope), ts.isExpression) as ts.Expression;

    const site = (scope: Scope, node: ts.Node, label: string): ts.Expression => {
      const from = source.getLineAndCharacterOfPosition(node.getStart(source));
      const to = source.getLineAndCharacterOfPosition(node.getEnd());
      const first = source.getLineAndCharacterOfPosition((scope.statement ?? node).getStart(source));
      const number = addSite({
        file: name,
        line: first.line + 1,
        column: from.character + 1,
        endLine: to.line + 1,
        endColumn: to.character + 1,
        function: scope.function ?? '',
        name: label,
      });
      return factory.createNumericLiteral(number);
    };
    const records = (scope: Scope) => scope.function !== undefined && !scope.silent;
    const noteOf = (scope: Scope, target: NamedTarget) => report('note', site(scope, target.node, target.name), target.read());
    const notes = (scope: Scope, targets: readonly NamedTarget[]): ts.Statement[] =>
      targets.map((target) => factory.createExpressionStatement(noteOf(scope, target)));

    const declaration = (node: ts.VariableDeclaration, scope: Scope): ts.VariableDeclaration => {
      const named = withHint(scope, node.name);
      if (!records(scope) || !node.initializer || !ts.isIdentifier(node.name) || takesName(node.initializer)) return children(node, named);
      const value = report('note', site(scope, node.name, node.name.text), expression(node.initializer, named));
      return factory.updateVariableDeclaration(node, node.name, node.exclamationToken, undefined, value);
    };

    const variableStatement = (node: ts.VariableStatement, scope: Scope): ts.Statement | ts.Statement[] => {
      const patterns = records(scope) ? node.declarationList.declarations.filter((item) => !ts.isIdentifier(item.name)) : [];
      const after = patterns.flatMap((item) => notes(scope, bindingTargets(item.name)));
      const updated = children(node, scope);
      return after.length > 0 ? [updated, ...after] : updated;
    };

    const assignment = (node: ts.BinaryExpression, scope: Scope): ts.Expression => {
      const named = withHint(scope, bare(node.left));
      const target = namedTarget(node.left);
      if (!records(scope) || takesName(node.right)) return children(node, named);
      if (target && ASSIGNS_RIGHT_SIDE.has(node.operatorToken.kind)) {
        const value = report('note', site(scope, target.node, target.name), expression(node.right, named));
        return factory.updateBinaryExpression(node, expression(node.left, scope), node.operatorToken, value);
      }
      if (target) return report('note', site(scope, target.node, target.name), children(node, named));
      const indexed = indexedTarget(node.left);
      const targets = indexed ? [indexed] : isPattern(node.left) ? patternTargets(node.left) : [];
      if (targets.length === 0) return children(node, named);
      const after = factory.createArrowFunction(undefined, undefined, [], undefined, undefined, factory.createBlock(notes(scope, targets)));
      return report('after', factory.createParenthesizedExpression(children(node, named)), after);
    };

    const loopOver = (node: ts.ForOfStatement, scope: Scope): ts.Statement => {
      const updated = children(node, scope);
      if (!records(scope)) return updated;
      const head = node.initializer;
      const targets = ts.isVariableDeclarationList(head) ? head.declarations.flatMap((item) => bindingTargets(item.name)) : patternTargets(head);
      const body = ts.isBlock(updated.statement) ? updated.statement.statements : [updated.statement];
      const block = factory.createBlock([...notes(scope, targets), ...body], true);
      return factory.updateForOfStatement(updated, updated.awaitModifier, updated.initializer, updated.expression, block);
    };

    const returned = (value: ts.Expression, place: ts.Node, scope: Scope): ts.Expression =>
      scope.function === undefined || scope.silentReturn ? expression(value, scope) : report('note', site(scope, place, 'return'), expression(value, scope));

    const arrowBody = (node: ts.ArrowFunction, scope: Scope): ts.ArrowFunction => {
      const body = node.body as ts.Expression;
      const inner: Scope = { ...scope, statement: body };
      const parameters = ts.visitNodes(node.parameters, visitWith(inner), ts.isParameter);
      return factory.updateArrowFunction(node, node.modifiers, undefined, parameters, undefined, node.equalsGreaterThanToken, returned(body, body, inner));
    };

    const functionLike = (node: ts.FunctionLikeDeclaration, scope: Scope, callback: boolean): ts.Node => {
      const inner = insideFunction(node, scope, callback);
      if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) return arrowBody(node, inner);
      const updated = children(node, inner);
      return isBuild(node, scope) ? paused(updated as ts.MethodDeclaration) : updated;
    };

    /** `build` runs with the recorder paused, its helpers too. */
    const paused = (node: ts.MethodDeclaration): ts.MethodDeclaration => {
      const resume = factory.createBlock([factory.createExpressionStatement(report('resume', factory.createIdentifier('__depth')))]);
      const pause = factory.createVariableStatement(
        undefined,
        factory.createVariableDeclarationList([factory.createVariableDeclaration('__depth', undefined, undefined, report('pause'))], ts.NodeFlags.Const),
      );
      const body = factory.createBlock([pause, factory.createTryStatement(node.body as ts.Block, undefined, resume)], true);
      return factory.updateMethodDeclaration(
        node,
        node.modifiers,
        node.asteriskToken,
        node.name,
        node.questionToken,
        node.typeParameters,
        node.parameters,
        node.type,
        body,
      );
    };

    const call = (node: ts.CallExpression, scope: Scope): ts.Node => {
      if (!isSilentCallback(node)) return children(node, scope);
      const visitArgument = (argument: ts.Node) =>
        ts.isExpression(argument) && takesName(argument) && isFunction(bare(argument))
          ? functionLike(bare(argument) as ts.ArrowFunction, scope, true)
          : visit(argument, scope);
      const args = ts.visitNodes(node.arguments, visitArgument, ts.isExpression);
      return factory.updateCallExpression(node, expression(node.expression, scope), undefined, args);
    };

    const visit = (node: ts.Node, outer: Scope): ts.Node | ts.Node[] => {
      const scope = ts.isStatement(node) && !ts.isBlock(node) ? { ...outer, statement: node } : outer;
      if (ts.isVariableStatement(node)) return variableStatement(node, scope);
      if (ts.isVariableDeclaration(node)) return declaration(node, scope);
      if (ts.isForOfStatement(node)) return loopOver(node, scope);
      if (ts.isReturnStatement(node) && node.expression) return factory.updateReturnStatement(node, returned(node.expression, node, scope));
      if (ts.isClassLike(node)) return children(node, insideClass(node, scope));
      if (isFunction(node)) return functionLike(node, scope, false);
      if (ts.isCallExpression(node)) return call(node, scope);
      if (ts.isNewExpression(node) && scope.function !== undefined) return report('made', report('pause'), children(node, scope));
      if (isAssignment(node)) return assignment(node, scope);
      if (ts.isPropertyAssignment(node) || ts.isPropertyDeclaration(node)) return children(node, withHint(scope, node.name));
      if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword) return factory.createIdentifier(IMPORT_META);
      return children(node, scope);
    };
    return ts.visitNode(source, visitWith(OUTSIDE), ts.isSourceFile) as ts.SourceFile;
  };
}

const OPTIONS: ts.CompilerOptions = {
  module: ts.ModuleKind.CommonJS,
  target: ts.ScriptTarget.ES2022,
  esModuleInterop: true,
  experimentalDecorators: true,
  allowJs: true,
  isolatedModules: true,
  sourceMap: true,
};

/** A file as CommonJS, and the places that it reports, by number. */
export interface Compiled {
  readonly code: string;
  readonly sites: readonly Site[];
  /** From the code back to the source. */
  readonly map: string;
}

/** Compiles a file; with `reporting`, one that reports under the given name. */
export function compile(text: string, path: string, name: string, reporting: boolean): Compiled {
  const sites: Site[] = [];
  const jsx = /x$/.test(path) ? { jsx: ts.JsxEmit.React } : {};
  const before = reporting ? { transformers: { before: [recording(name, (site) => sites.push(site) - 1)] } } : {};
  // A file's name decides its module kind; the output here is always CommonJS.
  const fileName = path.replace(/\.[cm](js|ts)$/, '.$1');
  const { outputText, sourceMapText = '{}' } = ts.transpileModule(text, { fileName, compilerOptions: { ...OPTIONS, ...jsx }, ...before });
  return { code: outputText, sites, map: sourceMapText };
}
