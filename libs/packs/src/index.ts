export { checkPackLength, type PackLimits, packLimits } from './limits.ts';
export type { PackProducer } from './messages/envelope.ts';
export { buildPack, type Pack, packFileName, packManifestText, type ReadPackOptions, readPack } from './pack.ts';
