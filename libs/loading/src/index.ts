export { type ChangeCounts, changeLine, changeValue, type RecordedChange } from './changes/recorded-change.ts';
export { type DocumentDump, type DumpedResource, type DumpOptions, dumpDocuments } from './dumping/dump-documents.ts';
export { DocumentFolder } from './files/document-folder.ts';
export { type ConvertedDocuments, type ConvertOptions, convertDocuments } from './loading/convert-documents.ts';
export type { DocumentFeed, FeedDocument, RefusedFeed } from './loading/document-feed.ts';
export { loadDocuments } from './loading/load-documents.ts';
export type { LoadOptions } from './loading/load-options.ts';
export type { LoadCounts, LoadProgress, LoadReject, LoadSummary } from './loading/load-report.ts';
export { type RejectCause, RejectCauses, type RejectSummary } from './loading/reject-causes.ts';
export { rejectsFile } from './loading/rejects-file.ts';
export { preparedSeeding, type SeededDatabase, seededCounts, seededLine } from './seeding/prepared-seeding.ts';
export {
  type DescriptorSet,
  type ReadDescriptorsOptions,
  readDescriptorSet,
  type Seeded,
  type SeedOptions,
  seedDescriptors,
} from './seeding/seed-descriptors.ts';
