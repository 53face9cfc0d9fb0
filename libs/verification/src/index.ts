export { verificationText } from './report/report-text.ts';
export type * from './report/verification-report.ts';
export { tsqlFindings } from './static/mssql/static-checks.ts';
export * from './static/mssql/tsql-script.ts';
export * from './static/mssql/tsql-tokens.ts';
export type { VerificationInput } from './verification-input.ts';
export { type VerificationOptions, verifyScript } from './verify-script.ts';
