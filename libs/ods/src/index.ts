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
export { type AppliedViews, type ApplyOptions, applyViews } from './databases/apply-views.ts';
export { copyViews, type RefusedCopy, type TableCopy } from './databases/copy-views.ts';
export { dropViews } from './databases/drop-views.ts';
export { restoreViews } from './databases/restore-views.ts';
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
export { readOverrides } from './mapping/overrides.ts';
export type { LeafOverride, LeafOverrides } from './mapping/shipped-overrides.ts';
export { askKeyFolding, type KeyFolding } from './reading/merged-keys.ts';
export type { OdsDocument } from './reading/ods-document.ts';
export {
  type OdsReading,
  type OdsTree,
  type OnRefused,
  type OpenOds,
  type OpenOdsOptions,
  openOds,
} from './reading/open-ods.ts';
export type { OdsChange } from './reading/read-changes.ts';
export { type OdsProgress, type OdsReadOptions, readOds } from './reading/read-ods.ts';
export { readingLines, versionLines } from './reading/reading-lines.ts';
export type { Loss, ReadTable } from './reading/reading-report.ts';
export { type CopiedTable, copiedTables } from './script/ods-tables.ts';
export { type ReportingScript, reportingScript, viewsDatabaseOf } from './script/reporting-script.ts';
export { type ReportingOptions, usualOptions } from './views/reporting-dialect.ts';
