export { type ChangeCounts, changeLine, changeValue, type RecordedChange } from './changes/recorded-change.ts';
export { type DocumentDump, type DumpedResource, type DumpOptions, dumpDocuments } from './dumping/dump-documents.ts';
export { DocumentFolder } from './files/document-folder.ts';
export { type ConvertedDocuments, type ConvertOptions, convertDocuments } from './loading/convert-documents.ts';
export type { DocumentFeed, FeedDocument, RefusedFeed } from './loading/document-feed.ts';
export { loadDocuments } from './loading/load-documents.ts';
export type { LoadCounts, LoadOptions, LoadProgress, LoadReject, LoadSummary } from './loading/load-report.ts';
export { type RejectCause, RejectCauses, type RejectSummary, rejectsFile } from './loading/rejects.ts';
export {
  type DescriptorSet,
  preparedSeeding,
  type ReadDescriptorsOptions,
  readDescriptorSet,
  type Seeded,
  type SeededDatabase,
  type SeedOptions,
  seedDescriptors,
  seededCounts,
  seededLine,
} from './seeding/seed-descriptors.ts';
