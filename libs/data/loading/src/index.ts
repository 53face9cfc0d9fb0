export { changeLine, changeValue } from './changes/recorded-change.ts';
export { dumpDocuments } from './dumping/dump-documents.ts';
export { DocumentFolder } from './files/document-folder.ts';
export { convertDocuments } from './loading/convert-documents.ts';
export type { DocumentFeed } from './loading/document-feed.ts';
export { inputCheck } from './loading/input-check.ts';
export { upsertDescriptor } from './loading/load-descriptors.ts';
export { loadDocuments } from './loading/load-documents.ts';
export type { LoadOptions, LoadProgress, LoadReject, LoadSummary } from './loading/load-report.ts';
export { RejectCauses, type RejectSummary, rejectsFile } from './loading/rejects.ts';
export {
  preparedSeeding,
  type SeededDatabase,
  seededCounts,
  seededLine,
} from './seeding/seed-descriptors.ts';
