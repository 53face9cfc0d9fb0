export { verificationText } from './report/report-text.ts';
export type * from './report/verification-report.ts';
export type { VerificationInput } from './verification-input.ts';
export { type VerificationOptions, verifyScript } from './verify-script.ts';
