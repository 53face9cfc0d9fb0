export {
  type CompareOptions,
  compareRows,
  differenceProblems,
  type RowComparison,
  type RowDifference,
  type TableDifference,
} from './comparing/compare-rows.ts';
export {
  CopiedOds,
  type CopyEnd,
  type CopyVersion,
  copyLines,
  type Since,
  sourceNameOf,
} from './copying/copied-ods.ts';
export { type AppliedViews, type ApplyOptions, applyViews, dropViews, restoreViews } from './databases/apply-views.ts';
export { type CopiedTable, copiedTables, copyViews, type RefusedCopy, type TableCopy } from './databases/copy-views.ts';
export { type DocumentFitting, documentFitting } from './documents/fitted-documents.ts';
export { type DerivedMapping, deriveMapping } from './mapping/derive-mapping.ts';
export { mappingText, readMapping } from './mapping/mapping-file.ts';
export {
  type ColumnContent,
  type OdsColumn,
  type OdsForeignKey,
  type OdsMapping,
  type OdsSource,
  type OdsTable,
  type OdsTableKind,
  type OdsTableName,
  type OdsType,
  tableLabel,
} from './mapping/ods-mapping.ts';
export { type LeafOverride, type LeafOverrides, readOverrides } from './mapping/overrides.ts';
export { askKeyFolding, type KeyFolding } from './reading/key-checks.ts';
export type { OdsChange } from './reading/read-changes.ts';
export {
  type OdsProgress,
  type OdsReadOptions,
  type OdsTree,
  type OnRefused,
  type OpenOds,
  type OpenOdsOptions,
  openOds,
  readOds,
} from './reading/read-ods.ts';
export {
  type Loss,
  type OdsDocument,
  type OdsReading,
  type ReadTable,
  readingLines,
  versionLines,
} from './reading/reading-report.ts';
export { type ReportingScript, reportingScript, viewsDatabaseOf } from './script/reporting-script.ts';
export { type ReportingOptions, usualOptions } from './views/reporting-dialect.ts';
