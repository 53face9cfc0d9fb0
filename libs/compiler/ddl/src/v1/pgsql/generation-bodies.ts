import { coreV1 } from '@dms/model';
import type { SqlWriter } from '@dms/sql';
import type { Expectation, GenerationBodies } from '../../ddl-generation.ts';
import { anonymousBlock, readStoredHash } from '../../pgsql/anonymous-block.ts';
import { bodyLines, changedRows, leaveWhen, literal, perEvent, q, qualified } from '../../pgsql/body-text.ts';
import { uuidv5Body, valueTexts } from '../../pgsql/identity-rows.ts';
import { enclosed, indented, listed } from '../../statement-lines.ts';
import { documentStampingBody } from './document-stamping.ts';

const versioned = ['ContentVersion', 'DocumentId', 'ResourceKeyId'];

function insertEvents(alias: string, from: readonly string[]): string[] {
  return [
    `INSERT INTO ${qualified(coreV1.documentChangeEvent)} (`,
    ...indented(listed(['ChangeVersion', 'DocumentId', 'ResourceKeyId', 'CreatedAt'].map(q))),
    ')',
    'SELECT',
    ...indented(listed([...versioned.map((column) => `${alias}.${q(column)}`), 'pg_catalog.now()'])),
    ...enclosed('', from, ';'),
  ];
}

/** Adds every new content version of a document to the journal as an event (design 06 §5.2). */
function documentJournalBody(): string[] {
  return bodyLines(
    [],
    leaveWhen('NOT EXISTS (SELECT 1 FROM new_rows)'),
    perEvent([
      ['INSERT', insertEvents('n', ['FROM new_rows AS n'])],
      ['UPDATE', insertEvents('c', changedRows(versioned, ['new_rows', 'old_rows']))],
    ]),
  );
}

export const pgsqlBodiesV1: GenerationBodies = {
  coreTrigger: documentJournalBody,
  documentStamping: documentStampingBody,
  propagatesIdentities: false,
  leaveUnwritten: () => [],
  images: [],
  // the catalog expects pgcrypto in its usual schema
  routine: () => uuidv5Body('public'),
  identityTexts: valueTexts,
};

/** Refuses a database that was made for another schema (design 06 §6.1). */
export function pgsqlGuardsV1(writer: SqlWriter, { effectiveSchemaHash: hash }: Expectation): void {
  writer.line('-- Preflight: fail fast if database is provisioned for a different schema hash');
  // a client that continues after the refusal must do no damage: the first block disarms the session. It is a separate
  // statement, so that the setting is committed before the second block fails
  whenForeign(writer, hash, ["PERFORM pg_catalog.set_config('default_transaction_read_only', 'on', false);"]);
  whenForeign(writer, hash, [
    `RAISE EXCEPTION 'EffectiveSchemaHash mismatch: database has ''%'' but expected ''%''', stored_hash, ${literal(hash)};`,
  ]);
}

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
