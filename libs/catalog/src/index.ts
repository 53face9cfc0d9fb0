export { bodyHash } from './body-hash.ts';
export type * from './catalog.ts';
export { catalogText } from './catalog-text.ts';
export { changeVersionSequence, uuidFunction } from './core-tables.ts';
export { defineDatabase } from './define-database.ts';
export type * from './definition.ts';
export { type Bodies, desiredCatalog } from './desired-catalog.ts';
export { type Expression, type ExpressionLeaves, normalForm, printExpression } from './expression.ts';
export { normalExpression } from './live/normal-expression.ts';
