export { type FilledTable, ReservedNumbers } from './bulk/bulk-dialect.ts';
export { bulkDialects, type NewNumbers } from './bulk/bulk-rules.ts';
export { IdentityTable } from './bulk/identity-table.ts';
export { PostponedKeys } from './bulk/postponed-keys.ts';
export { changeLine, changeValue, type RecordedChange } from './changes/recorded-change.ts';
export { type DatabaseDocument, type DatabaseFeed, databaseFeed } from './dumping/database-feed.ts';
export { dumpDocuments } from './dumping/dump-documents.ts';
export { countedDocuments, DocumentFolder } from './files/document-folder.ts';
export { generations as bulkRules } from './generations.ts';
export { type DocumentFeed, diagnosticOfRow, type FeedDocument } from './loading/document-feed.ts';
export { inputCheck } from './loading/input-check.ts';
export { type SourceDocument, type SourceDocuments, withSourceDocuments } from './loading/input-documents.ts';
export { upsertDescriptor } from './loading/load-descriptors.ts';
export { loadDocuments } from './loading/load-documents.ts';
export type { LoadDocumentsOptions, LoadProgress, LoadReject, LoadSummary } from './loading/load-report.ts';
export { RejectCauses, type RejectSummary, rejectsFile } from './loading/rejects.ts';
export { descriptorResolver, type ResolveDescriptor } from './seeding/resolve-descriptor.ts';
export {
  type PreparedSeeding,
  preparedSeeding,
  type SeededDatabase,
  seededCounts,
  seededLine,
} from './seeding/seed-descriptors.ts';
export { type DocumentComparison, DocumentsInDatabase } from './verifying/compare-documents.ts';
