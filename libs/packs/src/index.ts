export { buildPack, type PackProducer, packFileName } from './build-pack.ts';
export { checkPackLength, type PackLimits, packLimits } from './limits.ts';
export { packManifestText } from './pack-manifest.ts';
export { type Pack, type ReadPackOptions, readPack } from './read-pack.ts';
