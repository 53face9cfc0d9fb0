export { type Connection, type Limits, type Row, rolledBack } from './connection/connection.ts';
export { driverCodeOf, type FailureCode, isFailure } from './connection/failure.ts';
export { inDatabase, type OpenOptions, openDatabase } from './connection/open-database.ts';
export { serverVersion } from './connection/server-checks.ts';
export { type StartedServer, startServer } from './connection/throw-away-server.ts';
export { findTarget, type TargetSearch, type TargetSources } from './target/find-target.ts';
export { type ParsedTarget, parseTarget } from './target/parse-target.ts';
export { type Redact, redactor, type Secret } from './target/secret.ts';
export * from './target/target.ts';
