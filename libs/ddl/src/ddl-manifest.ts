import { compareBy, manifestText, sha256Hex } from '@dms/files';
import type { SqlDialect } from '@dms/sql';
import { normalizedStatementCount, normalizeSql } from './statement-count.ts';

/** The text of `ddl.manifest.json` (design 06 §8): one entry per script, `mssql` before `pgsql`. */
export function ddlManifestText(
  fingerprint: { readonly effectiveSchemaHash: string; readonly relationalMappingVersion: string },
  scripts: readonly { readonly dialect: SqlDialect; readonly script: string }[],
): string {
  return manifestText({
    effective_schema_hash: fingerprint.effectiveSchemaHash,
    relational_mapping_version: fingerprint.relationalMappingVersion,
    ddl: [...scripts].sort(compareBy(({ dialect }) => dialect)).map(({ dialect, script }) => {
      const normalized = normalizeSql(script);
      return {
        dialect,
        normalized_sql_sha256: sha256Hex(normalized),
        statement_count: normalizedStatementCount(dialect, normalized),
      };
    }),
  });
}
