export {
  type Comparison,
  compareDatabase,
  type Drift,
  repaired,
  type WantedDatabase,
  type WantedRows,
} from './check/compare-database.ts';
export { driftLines, driftMembers, driftText } from './check/drift-report.ts';
export { fleetFindingLines, fleetFindings, namesText } from './check/fleet-findings.ts';
export { checkData, repairData, wrongSequences } from './derived-rows/check-data.ts';
export {
  type DataFinding,
  type DataFindingKind,
  dataLines,
  isRepairable,
  isUnreadable,
  leftByService,
  type ServiceCause,
  shownExamples,
} from './derived-rows/data-finding.ts';
export { tsqlFindings, upgradeScriptFindings } from './static/mssql/static-checks.ts';
export { readScript, type Script, type ScriptModule } from './static/mssql/tsql-script.ts';
export { staticFindings } from './static/static-findings.ts';
export {
  type ProvisionedSet,
  type VerifiedUpgrade,
  type VerifyUpgradeOptions,
  verifyUpgrade,
} from './upgrade/verify-upgrade.ts';
export type { VerificationInput } from './verification-input.ts';
export type * from './verification-report.ts';
export { verificationReportLines, verificationReportValue, verificationText } from './verification-report.ts';
export { type VerificationOptions, verifyScript } from './verify-script.ts';
