export { buildDesiredCatalog } from './build-desired-catalog.ts';
export type * from './catalog.ts';
export { catalogText } from './catalog-text.ts';
export { changeVersionSequence, journalTriggerName } from './core-tables.ts';
export type * from './desired-catalog.ts';
export { type Expression, type ExpressionLeaves, normalForm, printExpression } from './expression.ts';
