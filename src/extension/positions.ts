/** Between the analysis's places, which count from 1, and the editor's, which count from 0. */
import { Position, Range } from 'vscode';
import type { Span } from '../program/types';

export const positionOf = (place: { readonly line: number; readonly column: number }): Position =>
  new Position(Math.max(0, place.line - 1), Math.max(0, place.column - 1));

export const rangeOf = (span: Span): Range => new Range(positionOf(span), positionOf({ line: span.endLine, column: span.endColumn }));
