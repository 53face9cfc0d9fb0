export type * from './catalog.ts';
export { notDeterministic, relationCount } from './catalog.ts';
export type { ShapeMark } from './catalog-rules.ts';
export { catalogText, readCatalog } from './catalog-text.ts';
export {
  type ChangeClass,
  type ColumnType,
  changeClasses,
  columnType,
  integerBitsOf,
  typeChange,
  verdictWords,
  worstClass,
} from './change-class.ts';
export { viewColumnType } from './definition/core-tables.ts';
export { coreTableColumns } from './definition/define-core-tables.ts';
export { defineDatabase } from './definition/define-database.ts';
export { columnTypeName } from './definition/define-table.ts';
export type * from './definition/definition.ts';
export { plainRoutine } from './definition/routines.ts';
export { type Bodies, bodyHash, desiredCatalog } from './desired-catalog.ts';
export { dialectFacts } from './dialect-facts.ts';
export { diffCatalogs } from './drift/diff-catalogs.ts';
export {
  type CatalogDiff,
  type CatalogDifference,
  type CatalogValue,
  differenceCounts,
  diffText,
  partPath,
  type RenameHint,
  type Severity,
  warningLines,
} from './drift/difference.ts';
export { driftAdvice } from './drift/drift-advice.ts';
export { type DecidedDifference, repairDecisions } from './drift/repair-rules.ts';
export { type CheckExpression, type ExpressionLeaves, printExpression } from './expression.ts';
export { block, blocks, line, lines } from './line-text.ts';
export { normalExpression } from './live/normal-expression.ts';
export { printedView } from './live/printed-view.ts';
export { type NeedsOfServer, needsOfServer } from './needs-of-server.ts';
export {
  isOfSet,
  isScriptOfShape,
  type LiveShape,
  liveShape,
  marksOfOtherShapes,
  marksOfShape,
  shapeMarks,
  shapeOfCatalog,
  shapeText,
} from './origin/live-shape.ts';
export { diffByOrigin, findOrigin, type JudgedCatalog, type OriginKind } from './origin/origin.ts';
export { mixedText, originLines, originNames } from './origin/origin-text.ts';
export { ownerRoleNames, serviceTableNames } from './origin/service-objects.ts';
export { hasServiceSet, serviceCatalog } from './service-catalog.ts';
export { descriptorValues, lifecycleStates, mirrorColumns } from './v2/core-tables.ts';
export { descriptorKeyError, serverErrors } from './v2/server-errors.ts';
