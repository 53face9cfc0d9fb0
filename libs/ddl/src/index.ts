export { ddlManifestText } from './ddl-manifest.ts';
export { type EmittedDdl, emitDdl } from './emit-ddl.ts';
export { identityBlocks, namePartsOf, referentialIdNamespace } from './identity-name.ts';
export { type NamedStatement, type ObjectStatements, objectStatements } from './object-statements.ts';
export { type DdlManifest, readDdlManifest } from './read-ddl-manifest.ts';
export { assertSeedValues, type SeedValues, seedIssues } from './seed-values.ts';
export { normalizeSql, statementCount } from './statement-count.ts';
