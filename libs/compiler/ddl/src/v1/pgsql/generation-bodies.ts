import type { AuthEdOrgEntity, AuthHierarchyTrigger, ReferentialIdentityTrigger } from '@dms/inventory';
import { coreV1 } from '@dms/model';
import type { SqlWriter } from '@dms/sql';
import type { Expectation, GenerationBodies, IdentityTexts } from '../../ddl-generation.ts';
import { identityBlocks } from '../../identity-name.ts';
import { anonymousBlock, readStoredHash } from '../../pgsql/anonymous-block.ts';
import {
  assignArray,
  bodyLines,
  changedRows,
  leaveWhen,
  literal,
  perEvent,
  q,
  qualified,
} from '../../pgsql/body-text.ts';
import { authHierarchyBody, parentsOf } from '../../pgsql/hierarchy-closure.ts';
import {
  abstractIdentityBody,
  insertRows,
  referentialIdentityTable,
  uuidv5Body,
  valueTexts,
} from '../../pgsql/identity-rows.ts';
import { enclosed, indented, listed } from '../../statement-lines.ts';
import { noIdentityPropagation, type TriggerSource } from '../../trigger-source.ts';
import { documentStampingBody } from './document-stamping.ts';

/** The ids of the organizations whose id or parents the statement changed. */
function collectChanged(entity: AuthEdOrgEntity, events: readonly string[]): string[] {
  const id = q(entity.identityColumn);
  const columns = [entity.identityColumn, ...parentsOf(entity)];
  const changed = (...images: Parameters<typeof changedRows>[1]) => [
    `SELECT c.${id}::bigint`,
    ...changedRows(columns, images),
  ];
  const queries: Readonly<Record<string, readonly string[]>> = {
    INSERT: [`SELECT n.${id}::bigint FROM new_rows AS n`],
    UPDATE: [...changed('new_rows', 'old_rows'), 'UNION ALL', ...changed('old_rows', 'new_rows')],
    DELETE: [`SELECT o.${id}::bigint FROM old_rows AS o`],
  };
  return perEvent(events.map((event) => [event, assignArray('changed', queries[event] ?? [])]));
}

/** Keeps the closure of the education organizations, once per statement (design 07 §9.6). */
const hierarchyOfStatement = (source: TriggerSource<AuthHierarchyTrigger>): string[] =>
  authHierarchyBody(source, [
    ...collectChanged(source.trigger.entity, source.events),
    ...leaveWhen('pg_catalog.cardinality(changed) = 0'),
  ]);

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
  referentialIdentity: (source) => referentialIdentityBody(source, valueTexts),
  abstractIdentity: abstractIdentityBody,
  authHierarchy: hierarchyOfStatement,
  identityPropagation: noIdentityPropagation,
  // the catalog expects pgcrypto in its usual schema
  routine: () => uuidv5Body('public'),
  identityTexts: valueTexts,
};

const id = q('DocumentId');

const forEachDocument = (lines: readonly string[]) => [
  'FOREACH document IN ARRAY documents LOOP',
  ...indented(lines),
  'END LOOP;',
];

/**
 * Keeps the hashed identities of documents, own and superclass, in step with their root rows (design 07 §9.2). All old
 * rows are deleted before new ones are inserted, because an identity may pass from one document to another. The table
 * is read by key, one document at a time: for a set, PostgreSQL would scan a table that was never analysed.
 */
function referentialIdentityBody(
  { trigger, table }: TriggerSource<ReferentialIdentityTrigger>,
  texts: IdentityTexts,
): string[] {
  const blocks = identityBlocks(trigger);
  const keys = blocks.map(({ resourceKeyId }) => resourceKeyId).join(', ');
  const columns = [...new Set(['DocumentId', ...trigger.identityProjectionColumns])];
  return bodyLines(
    ['documents bigint[];', 'document bigint;'],
    perEvent([
      ['INSERT', assignArray('documents', [`SELECT n.${id} FROM new_rows AS n`, 'ORDER BY 1'])],
      [
        'UPDATE',
        // cascades share the transition tables of a statement: a row that several keys reach may be there several times
        assignArray('documents', [
          `SELECT DISTINCT c.${id}`,
          ...changedRows(columns, ['new_rows', 'old_rows']),
          'ORDER BY 1',
        ]),
      ],
    ]),
    leaveWhen('pg_catalog.cardinality(documents) = 0'),
    forEachDocument([
      `DELETE FROM ${referentialIdentityTable}`,
      `WHERE ${id} = document`,
      `    AND ${q('ResourceKeyId')} IN (${keys});`,
    ]),
    forEachDocument(
      blocks.flatMap((block) => insertRows(block, qualified(table), [`WHERE t.${id} = document`], texts)),
    ),
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
