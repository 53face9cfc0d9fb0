export {
  compareRows,
  differenceDiagnostics,
  type RowComparison,
} from './comparing/compare-rows.ts';
export {
  CopiedOds,
  type CopyVersion,
  copyLines,
  type Since,
  sourceNameOf,
} from './copying/copied-ods.ts';
export { applyViews, dropViews, ownViewOptions, restoreViews } from './databases/apply-views.ts';
export { checkCopies } from './databases/check-copies.ts';
export { copiedTables, type TableCopy } from './databases/copied-tables.ts';
export { documentRows, type ExpectedViewRows } from './documents/document-rows.ts';
export { documentFitting } from './documents/fitted-documents.ts';
export { deriveEarlier } from './earlier/derive-earlier.ts';
export { columnSources, earlierColumns } from './earlier/earlier-columns.ts';
export { earlierMappingText, readEarlierMapping } from './earlier/earlier-file.ts';
export {
  type EarlierMapping,
  type EarlierTable,
  type NotGivenBack,
  notGivenBackOf,
  notGivenBackText,
} from './earlier/earlier-mapping.ts';
export {
  applyEarlierCommand,
  type EarlierViewOptions,
  earlierOptionsOfMark,
} from './earlier/earlier-options.ts';
export { earlierDatabaseOf, earlierScript } from './earlier/earlier-script.ts';
export { type DerivedMapping, deriveMapping } from './mapping/derive-mapping.ts';
export { mappingText, readMapping } from './mapping/mapping-file.ts';
export {
  type ColumnContent,
  type OdsColumn,
  type OdsMapping,
  type OdsSource,
  type OdsTable,
  type OdsType,
  tableLabel,
} from './mapping/ods-mapping.ts';
export { type LeafOverrides, readOverrides } from './mapping/overrides.ts';
export { askKeyFolding } from './reading/key-checks.ts';
export type { OdsChange } from './reading/read-changes.ts';
export {
  type OdsReadOptions,
  type OpenOds,
  type OpenOdsOptions,
  openOds,
  readOds,
} from './reading/read-ods.ts';
export {
  type Loss,
  type OdsDocument,
  type OdsReading,
  readingLines,
  readingValue,
  versionLines,
} from './reading/reading-report.ts';
export { isOds } from './reading/source-catalog.ts';
export { hasViewsDatabase, type ReportingScript, reportingScript, viewsDatabaseOf } from './script/reporting-script.ts';
export { applyCommand, optionsOfMark, type ReportingOptions, usualOptions } from './views/reporting-dialect.ts';
