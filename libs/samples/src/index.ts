export { SampleConflict } from './compose-document.ts';
export { DocumentWorld, type WorldDescriptor, type WorldDocument, type WorldRules } from './document-world.ts';
export type { Fill } from './fill.ts';
export {
  type GeneratedDescriptor,
  type GeneratedDocument,
  type GeneratedDocuments,
  type GeneratedShape,
  type GenerationOptions,
  generateDocuments,
} from './generate-documents.ts';
export type { Identity } from './known-documents.ts';
export { type SampleDocument, type SampleOptions, sampleDocuments } from './sample-documents.ts';
export type { Scalar } from './scalar.ts';
