export { type Comparison, compareDatabase, type Drift, repaired } from './check/compare-database.ts';
export { driftLines, driftMembers, driftText } from './check/drift-report.ts';
export type { WantedDatabase, WantedRows } from './check/wanted-database.ts';
export { checkData, repairData, wrongSequences } from './derived-rows/check-data.ts';
export {
  type DataFinding,
  type DataFindingKind,
  type DataInput,
  isUnreadable,
  type ServiceCause,
  shownExamples,
} from './derived-rows/data-finding.ts';
export { dataLines, isRepairable, leftByService } from './derived-rows/data-lines.ts';
export { verificationText } from './report/report-text.ts';
export type * from './report/verification-report.ts';
export { tsqlFindings } from './static/mssql/static-checks.ts';
export * from './static/mssql/tsql-script.ts';
export { upgradeScriptFindings } from './static/mssql/upgrade-checks.ts';
export { staticFindings } from './static/static-findings.ts';
export {
  type ProvisionedSet,
  type VerifiedUpgrade,
  type VerifyUpgradeOptions,
  verifyUpgrade,
} from './upgrade/verify-upgrade.ts';
export type { VerificationInput } from './verification-input.ts';
export { type VerificationOptions, verifyScript } from './verify-script.ts';
