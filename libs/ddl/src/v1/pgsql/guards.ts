import type { SqlWriter } from '@dms/sql';
import type { Expectation } from '../../ddl-generation.ts';
import { anonymousBlock } from '../../pgsql/anonymous-block.ts';
import { literal } from '../../pgsql/body-text.ts';
import { readStoredHash } from '../../pgsql/stored-hash.ts';

/**
 * A block that runs `statements` if the database was made for another schema; `stored_hash` is the hash of that schema.
 */
function whenForeign(writer: SqlWriter, hash: string, statements: readonly string[]): void {
  anonymousBlock(
    writer,
    ['stored_hash text;'],
    readStoredHash([`IF stored_hash <> ${literal(hash)} THEN`, ...statements.map((line) => `    ${line}`), 'END IF;']),
  );
}

/** Refuses a database that was made for another schema (design 06 §6.1). */
export function pgsqlGuardsV1(writer: SqlWriter, { effectiveSchemaHash: hash }: Expectation): void {
  writer.line('-- Preflight: fail fast if database is provisioned for a different schema hash');
  // a client that continues after the refusal must not do damage: the first block disarms the session. It is a separate
  // statement, so that the setting is committed before the second block fails
  whenForeign(writer, hash, ["PERFORM pg_catalog.set_config('default_transaction_read_only', 'on', false);"]);
  whenForeign(writer, hash, [
    `RAISE EXCEPTION 'EffectiveSchemaHash mismatch: database has ''%'' but expected ''%''', stored_hash, ${literal(hash)};`,
  ]);
}
