export { integerWidthDifferences } from './validation/foreign-key-columns.ts';
export { modelViolations } from './validation/validate-model.ts';
