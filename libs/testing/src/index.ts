export * as build from './schema-builder.ts';
export { hasSharedData, readSharedJson, readSharedText, sharedFile, sharedFolder } from './shared-data.ts';
