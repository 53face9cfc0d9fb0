export { ddlManifestText } from './ddl-manifest.ts';
export { type EmittedDdl, emitDdl } from './emit-ddl.ts';
export { normalizeSql, statementCount } from './statement-count.ts';
