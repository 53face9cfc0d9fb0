export { commentsScript } from './comments/comments-script.ts';
export type { SingletonTable } from './ddl-generation.ts';
export { type DdlManifest, ddlManifestText, normalizeSql, readDdlManifest, statementCount } from './ddl-manifest.ts';
export { emitDdl } from './emit-ddl.ts';
export { disarming, framed, mssqlFrame, runAgain } from './mssql/script-frame.ts';
export { anonymousBlock, pgsqlBlock, pgsqlSetGuard } from './pgsql/anonymous-block.ts';
export { unsuitablePgsqlServer } from './pgsql/unsuitable-server.ts';
export { renderBodies } from './render-bodies.ts';
export { renderScript } from './render-script.ts';
export {
  type ObjectStatements,
  objectStatements,
  scriptParts,
} from './script-parts.ts';
export { assertSeedValues, seedFindings } from './seed-values.ts';
export { shapeCondition } from './shape-conditions.ts';
export { singletonTables } from './singleton-tables.ts';
export { type OwnerRoleTexts, ownerRoleTexts } from './v2/pgsql/guards.ts';
export { recordedValues } from './v2/recorded-values.ts';
