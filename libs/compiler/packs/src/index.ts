export { checkPackLength, packLimits } from './limits.ts';
export { buildPack, type Pack, packFileName, packManifestText, type ReadPackOptions, readPack } from './pack.ts';
