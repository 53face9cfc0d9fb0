import { type MappingVersion, mappingVersionOf } from '@dms/api-schema';
import { fail } from '@dms/diagnostics';
import { readShape } from '@dms/model';
import { dialects, type SqlDialect } from '@dms/sql';
import * as z from 'zod/mini';

/** The contents of `ddl.manifest.json` about the scripts of a schema set (design 06 §8). */
export interface DdlManifest {
  readonly effectiveSchemaHash: string;
  readonly relationalMappingVersion: MappingVersion;
  readonly scripts: readonly {
    readonly dialect: SqlDialect;
    /** SHA-256 of the normalized script, 64 lower-case hex digits. */
    readonly normalizedSha256: string;
    readonly statementCount: number;
  }[];
}

const hash = z.string().check(z.regex(/^[0-9a-f]{64}$/, { error: 'expected 64 lower-case hex digits' }));

const manifestFile = z.object({
  effective_schema_hash: hash,
  relational_mapping_version: z.string(),
  ddl: z.array(
    z.object({
      dialect: z.enum(dialects),
      normalized_sql_sha256: hash,
      statement_count: z.int().check(z.nonnegative()),
    }),
  ),
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Reads `ddl.manifest.json`. Throws `MODEL_FILE_INVALID`, `MAPPING_VERSION_UNKNOWN`. */
export function readDdlManifest(text: string, file: string): DdlManifest {
  const read = readShape(manifestFile, parsed(text));
  if ('found' in read) {
    const { found: reason } = read;
    return fail(
      'MODEL_FILE_INVALID',
      `${file} is not a DDL manifest: ${reason}; run the step that writes it again.`,
      { file },
      { reason },
    );
  }
  const { value: manifest } = read;
  return {
    effectiveSchemaHash: manifest.effective_schema_hash,
    relationalMappingVersion: mappingVersionOf(manifest.relational_mapping_version, file, { file }),
    scripts: manifest.ddl.map((entry) => ({
      dialect: entry.dialect,
      normalizedSha256: entry.normalized_sql_sha256,
      statementCount: entry.statement_count,
    })),
  };
}
