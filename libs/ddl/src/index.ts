export { ddlManifestText } from './ddl-manifest.ts';
export { type DerivedRows, derivedRows } from './derived-rows.ts';
export { type EmittedDdl, emitDdl } from './emit-ddl.ts';
export { identityBlocks, namePartsOf, referentialIdNamespace } from './identity-name.ts';
export { type ObjectStatements, objectStatements } from './object-statements.ts';
export { type DdlManifest, readDdlManifest } from './read-ddl-manifest.ts';
export { renderBodies } from './render-bodies.ts';
export { assertSeedValues, type SeedValues, seedIssues } from './seed-values.ts';
export { normalizeSql, statementCount } from './statement-count.ts';
