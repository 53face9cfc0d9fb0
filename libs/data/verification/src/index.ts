export { catalogRepairRefused, compareDatabase, type Drift, repaired } from './check/compare-database.ts';
export { driftLines, driftMembers, driftText } from './check/drift-report.ts';
export { fleetFindingLines, fleetFindings, namesText } from './check/fleet-findings.ts';
export { checkData, repairData } from './derived-rows/check-data.ts';
export { type DataFinding, dataLines } from './derived-rows/data-finding.ts';
export { expectKept } from './scratch-database.ts';
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
