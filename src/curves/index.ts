/** Blocks compared along a size: crossings, limits, a table and a chart. */
export { chart } from './chart';
export { crossings, passings } from './crossings';
export { logAt, named, quantityText, sizeText } from './curve';
export { crossingText, description, isAbove, marksText, passingText } from './description';
export { tickText } from './scale';
export { COLOURS, markerPath, styleOf } from './styles';
export { DARK, LIGHT, svgOf } from './svg';
export { markdownTable } from './table';
export { areOfTwoKinds, CURVE_WORDS, type CurveWords, fill, QUANTITIES } from './words';
