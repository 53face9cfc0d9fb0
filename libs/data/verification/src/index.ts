export { expectKept } from './scratch-database.ts';
export type { KnownShapes } from './shapes/known-shapes.ts';
export {
  type SetWithScript,
  type VerifiedUpgrade,
  type VerifyUpgradeOptions,
  verifyUpgrade,
} from './upgrade/verify-upgrade.ts';
export type { VerificationInput } from './verification-input.ts';
export type * from './verification-report.ts';
export { verificationReportLines, verificationReportValue, verificationText } from './verification-report.ts';
export { type VerificationOptions, verifyScript } from './verify-script.ts';
