export type { CheckedScript } from './checked-script.ts';
export { unlikeModel } from './model-keys.ts';
export { tsqlFindings, upgradeScriptFindings } from './mssql/static-checks.ts';
export { readScript, type Script, type ScriptModule } from './mssql/tsql-script.ts';
export { staticFindings } from './static-findings.ts';
