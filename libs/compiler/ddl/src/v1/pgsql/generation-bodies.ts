import { coreV1 } from '@dms/model';
import { dialectOf, group, type PlainLines, type PlainSql, type SqlWriter } from '@dms/sql';
import type { Expectation, GenerationBodies } from '../../ddl-generation.ts';
import { anonymousBlock, readStoredHash } from '../../pgsql/anonymous-block.ts';
import { changedRows, leaveWhen, perEvent } from '../../pgsql/body-text.ts';
import { usualUuidv5Body, valueTexts } from '../../pgsql/identity-rows.ts';
import { documentStampingBody } from './document-stamping.ts';

const { sql, lines, literal } = dialectOf.pgsql;

const insertEvents = (alias: PlainSql, from: PlainLines) => lines`
  INSERT INTO ${coreV1.documentChangeEvent} (
      "ChangeVersion",
      "DocumentId",
      "ResourceKeyId",
      "CreatedAt"
  )
  SELECT
      ${alias}."ContentVersion",
      ${alias}."DocumentId",
      ${alias}."ResourceKeyId",
      pg_catalog.now()
  ${from};`;

const changed = changedRows(['ContentVersion', 'DocumentId', 'ResourceKeyId'], ['new_rows', 'old_rows']);

/** Adds every new content version of a document to the journal as an event (design 06 §5.2). */
const documentJournalBody = lines`
  BEGIN
      ${leaveWhen(sql`NOT EXISTS (SELECT 1 FROM new_rows)`)}
      ${perEvent([
        ['INSERT', insertEvents(sql`n`, group(sql`FROM new_rows AS n`))],
        ['UPDATE', insertEvents(sql`c`, changed)],
      ])}
      RETURN NULL;
  END`;

export const pgsqlBodiesV1: GenerationBodies = {
  coreTrigger: () => documentJournalBody,
  documentStamping: documentStampingBody,
  propagatesIdentities: false,
  leaveUnwritten: () => group(),
  routine: () => usualUuidv5Body,
  identityTexts: valueTexts,
};

/**
 * Refuses a database that was made for another schema (design 06 §6.1). A client that continues after the refusal must
 * do no damage: the first block disarms the session. It is a separate statement, so that the setting is committed
 * before the second block fails.
 */
export function pgsqlGuardsV1(writer: SqlWriter, { effectiveSchemaHash }: Expectation): void {
  const hash = literal(effectiveSchemaHash);
  // `stored_hash` is the hash of the other schema
  const whenForeign = (statement: PlainSql) =>
    anonymousBlock(
      lines`stored_hash text;`,
      readStoredHash(lines`
        IF stored_hash <> ${hash} THEN
            ${statement}
        END IF;`),
    );
  writer
    .write(sql`-- Preflight: fail fast if database is provisioned for a different schema hash`)
    .write(whenForeign(sql`PERFORM pg_catalog.set_config('default_transaction_read_only', 'on', false);`))
    .blank()
    .write(
      whenForeign(
        sql`RAISE EXCEPTION 'EffectiveSchemaHash mismatch: database has ''%'' but expected ''%''', stored_hash, ${hash};`,
      ),
    )
    .blank();
}
