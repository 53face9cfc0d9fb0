export { DocumentFolder } from './files/document-folder.ts';
export { SampleConflict } from './generation/compose-document.ts';
export { DocumentWorld, type WorldDescriptor, type WorldDocument, type WorldRules } from './generation/document-world.ts';
export { type Fill, full, minimal, some } from './generation/fill.ts';
export {
  type GeneratedDescriptor,
  type GeneratedDocument,
  type GeneratedDocuments,
  type GeneratedShape,
  type GenerationOptions,
  generateDocuments,
} from './generation/generate-documents.ts';
export type { Identity } from './generation/known-documents.ts';
export { type SampleDocument, type SampleOptions, sampleDocuments } from './generation/sample-documents.ts';
export type { Scalar } from './generation/sample-values.ts';
export { type NextNumber, seededNumbers } from './generation/seeded-numbers.ts';
