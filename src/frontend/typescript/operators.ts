/** JavaScript's operators in the small language's terms. */
import { ts } from 'ts-morph';
import type { AssignOperator, BinaryOperator, CompareOperator, UnaryOperator } from '../../program/types';

const K = ts.SyntaxKind;

export const BINARY: ReadonlyMap<ts.SyntaxKind, BinaryOperator> = new Map([
  [K.PlusToken, '+'],
  [K.MinusToken, '-'],
  [K.AsteriskToken, '*'],
  [K.SlashToken, '/'],
  [K.PercentToken, '%'],
  [K.AsteriskAsteriskToken, '**'],
  [K.AmpersandToken, '&'],
  [K.BarToken, '|'],
  [K.CaretToken, '^'],
  [K.LessThanLessThanToken, '<<'],
  [K.GreaterThanGreaterThanToken, '>>'],
]);

export const COMPARE: ReadonlyMap<ts.SyntaxKind, CompareOperator> = new Map([
  [K.EqualsEqualsEqualsToken, '=='],
  [K.ExclamationEqualsEqualsToken, '!='],
  [K.EqualsEqualsToken, 'loose=='],
  [K.ExclamationEqualsToken, 'loose!='],
  [K.LessThanToken, '<'],
  [K.LessThanEqualsToken, '<='],
  [K.GreaterThanToken, '>'],
  [K.GreaterThanEqualsToken, '>='],
  [K.InKeyword, 'in'],
  [K.InstanceOfKeyword, 'instanceof'],
]);

export const LOGICAL: ReadonlyMap<ts.SyntaxKind, 'and' | 'or' | 'coalesce'> = new Map([
  [K.AmpersandAmpersandToken, 'and'],
  [K.BarBarToken, 'or'],
  [K.QuestionQuestionToken, 'coalesce'],
]);

export const ASSIGN: ReadonlyMap<ts.SyntaxKind, AssignOperator> = new Map([
  [K.EqualsToken, '='],
  [K.PlusEqualsToken, '+'],
  [K.MinusEqualsToken, '-'],
  [K.AsteriskEqualsToken, '*'],
  [K.SlashEqualsToken, '/'],
  [K.PercentEqualsToken, '%'],
  [K.AsteriskAsteriskEqualsToken, '**'],
  [K.AmpersandEqualsToken, '&'],
  [K.BarEqualsToken, '|'],
  [K.CaretEqualsToken, '^'],
  [K.LessThanLessThanEqualsToken, '<<'],
  [K.GreaterThanGreaterThanEqualsToken, '>>'],
  [K.AmpersandAmpersandEqualsToken, 'and'],
  [K.BarBarEqualsToken, 'or'],
  [K.QuestionQuestionEqualsToken, 'coalesce'],
]);

export const UNARY: ReadonlyMap<ts.SyntaxKind, UnaryOperator> = new Map([
  [K.MinusToken, '-'],
  [K.PlusToken, '+'],
  [K.ExclamationToken, 'not'],
  [K.TildeToken, '~'],
]);
