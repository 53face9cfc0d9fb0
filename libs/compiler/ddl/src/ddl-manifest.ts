import { fingerprintVersions, generationMember, type MappingVersion, readGeneration } from '@dms/api-schema';
import { fail } from '@dms/diagnostics';
import { readShape } from '@dms/model';
import { canonicalSqlText, dialects, type SqlDialect } from '@dms/sql';
import { compareBy, manifestText, sha256Hex } from '@dms/values';
import * as z from 'zod/mini';

/** The text of `ddl.manifest.json` (design 06 §8): one entry per script, `mssql` before `pgsql`. */
export function ddlManifestText(
  fingerprint: { readonly effectiveSchemaHash: string; readonly relationalMappingVersion: MappingVersion },
  scripts: readonly { readonly dialect: SqlDialect; readonly script: string }[],
): string {
  return manifestText({
    effective_schema_hash: fingerprint.effectiveSchemaHash,
    relational_mapping_version: fingerprintVersions[fingerprint.relationalMappingVersion],
    generation: generationMember(fingerprint.relationalMappingVersion),
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
  generation: z.optional(z.string()),
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
      `${file} is not a DDL manifest: ${reason}; emit the artifacts again.`,
      { file },
      { reason },
    );
  }
  const { value: manifest } = read;
  return {
    effectiveSchemaHash: manifest.effective_schema_hash,
    relationalMappingVersion: readGeneration(
      { fingerprintVersion: manifest.relational_mapping_version, generation: manifest.generation },
      file,
      { file },
    ),
    scripts: manifest.ddl.map((entry) => ({
      dialect: entry.dialect,
      normalizedSha256: entry.normalized_sql_sha256,
      statementCount: entry.statement_count,
    })),
  };
}

const lineBreak = /\r\n|[\r\n\f\u0085\u2028\u2029]/g;
// Unicode White_Space; `trimEnd` would also remove U+FEFF
const trailingWhiteSpace = /\p{White_Space}+$/u;
const surroundingWhiteSpace = /^\p{White_Space}+|\p{White_Space}+$/gu;

const hasOnlyAscii = (text: string) => !/[^\0-\x7f]/.test(text);
const isCanonical = (text: string) =>
  canonicalSqlText(text) === text && !text.includes('\f') && !text.includes('\v') && hasOnlyAscii(text);

/** Unifies line ends and removes white space before them; leaves a canonical script unchanged (design 06 §8.1). */
export function normalizeSql(text: string): string {
  if (isCanonical(text)) return text;
  return text
    .replace(lineBreak, '\n')
    .split('\n')
    .map((line) => line.replace(trailingWhiteSpace, ''))
    .join('\n');
}

/** Within ASCII, String.trim removes exactly White_Space and is much faster. */
const trimmed = (line: string) => (hasOnlyAscii(line) ? line.trim() : line.replace(surroundingWhiteSpace, ''));

/** The end of the line that contains `from`. */
function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

/**
 * Counts by line, with a heuristic for dollar-quoted blocks (design 06 §8.2). A script has very many lines, so only the
 * lines that may count, open a block or close one are extracted.
 */
function countPgsql(text: string): number {
  let count = 0;
  let start = 0;
  while (start < text.length) {
    let end = lineEnd(text, start);
    const line = end > start && text[end - 1] === '$' ? trimmed(text.slice(start, end)) : '';
    if (/\$[A-Za-z0-9_]*\$$/.test(line)) {
      end = endOfBlock(text, end + 1, shortestTag(line));
      if (end === -1) break;
    }
    if (end > start && text[end - 1] === ';') count += 1;
    start = end + 1;
  }
  return count;
}

/** The end of the first line from `from` on that closes the block; -1 if there is none. */
function endOfBlock(text: string, from: number, tag: string): number {
  for (let at = text.indexOf(tag, from); at !== -1; ) {
    const end = lineEnd(text, at);
    const line = trimmed(text.slice(text.lastIndexOf('\n', at) + 1, end));
    if (line.startsWith(tag) || (line.startsWith('END ') && line.startsWith(tag, 4))) return end;
    at = text.indexOf(tag, end);
  }
  return -1;
}

/** The shortest suffix that is a dollar tag: `$a$$` ends in `$$`. */
function shortestTag(line: string): string {
  return line.slice(line.lastIndexOf('$', line.length - 2));
}

const moduleStart = /^(?:CREATE OR ALTER|CREATE|ALTER) (?:FUNCTION|TRIGGER|PROCEDURE)/i;

/** Counts by batch; a routine or trigger is one statement (design 06 §8.3). */
function countMssql(text: string): number {
  let count = 0;
  // whether the statement of the current batch has begun
  let hasBegun = false;
  let isModule = false;
  for (let start = 0, end = 0; start < text.length; start = end + 1) {
    end = lineEnd(text, start);
    const last = text[end - 1];
    const maySeparate = last === 'O' || last === 'o';
    if (start === end || (hasBegun && !maySeparate && (isModule || last !== ';'))) continue;
    const line = trimmed(text.slice(start, end));
    if (line.toUpperCase() === 'GO') hasBegun = isModule = false;
    else if (!isModule && line !== '' && !line.startsWith('--')) {
      isModule = !hasBegun && moduleStart.test(line);
      hasBegun = true;
      if (isModule || line.endsWith(';')) count += 1;
    }
  }
  return count;
}

const counters: Readonly<Record<SqlDialect, (text: string) => number>> = { pgsql: countPgsql, mssql: countMssql };

/** The `statement_count` of a script that `normalizeSql` has returned. */
function normalizedStatementCount(dialect: SqlDialect, normalized: string): number {
  return counters[dialect](normalized);
}

/** The `statement_count` of a script; `text` is normalized first. */
export function statementCount(dialect: SqlDialect, text: string): number {
  return normalizedStatementCount(dialect, normalizeSql(text));
}
