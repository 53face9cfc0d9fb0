export { buildPack, packFileName } from './build-pack.ts';
export { checkPackLength, type PackLimits, packLimits } from './limits.ts';
export type { PackProducer } from './messages/envelope.ts';
export { packManifestText } from './pack-manifest.ts';
export { type Pack, type ReadPackOptions, readPack } from './read-pack.ts';
