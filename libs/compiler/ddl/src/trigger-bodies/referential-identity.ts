import type { ReferentialIdentityTrigger } from '@dms/inventory';
import type { IdentityBlock } from '@dms/model';
import type { GenerationBodies, TriggerBodies } from '../ddl-generation.ts';
import { identityBlocks } from '../identity-name.ts';
import * as mssql from '../mssql/body-text.ts';
import * as mssqlRows from '../mssql/identity-rows.ts';
import * as pgsql from '../pgsql/body-text.ts';
import * as pgsqlRows from '../pgsql/identity-rows.ts';
import { enclosed, indented } from '../statement-lines.ts';
import { columnOf, type TriggerSource } from '../trigger-source.ts';

type Source = TriggerSource<ReferentialIdentityTrigger>;

/** Keeps the hashed identities of documents, own and superclass, equal to their root rows (design 07 §9.2, 16 §6.4). */
export const referentialIdentity: TriggerBodies<ReferentialIdentityTrigger> = {
  pgsql: (source, generation) => (source.runsForRows ? ofRow(source, generation) : ofStatement(source, generation)),
  mssql: ofMssqlStatement,
};

/**
 * All old rows are deleted before new ones are inserted, because an identity may pass from one document to another. The
 * table is read by key, one document at a time: for a set, PostgreSQL would scan a table that was never analyzed.
 */
function ofStatement({ trigger, table }: Source, { identityTexts }: GenerationBodies): string[] {
  const { assignArray, changedRows, q, qualified } = pgsql;
  const id = q('DocumentId');
  const blocks = identityBlocks(trigger);
  const keys = blocks.map(({ resourceKeyId }) => resourceKeyId).join(', ');
  const columns = [...new Set(['DocumentId', ...trigger.identityProjectionColumns])];
  const ofDocument = [`WHERE t.${id} = document`];
  return pgsql.bodyLines(
    ['documents bigint[];', 'document bigint;'],
    pgsql.perEvent([
      ['INSERT', assignArray('documents', [`SELECT n.${id} FROM new_rows AS n`, 'ORDER BY 1'])],
      [
        'UPDATE',
        // cascades share the transition tables of a statement: a row that several keys reach may occur there several
        // times
        assignArray('documents', [
          `SELECT DISTINCT c.${id}`,
          ...changedRows(columns, ['new_rows', 'old_rows']),
          'ORDER BY 1',
        ]),
      ],
    ]),
    pgsql.leaveWhen('pg_catalog.cardinality(documents) = 0'),
    forEachDocument([
      `DELETE FROM ${pgsqlRows.referentialIdentityTable}`,
      `WHERE ${id} = document`,
      `    AND ${q('ResourceKeyId')} IN (${keys});`,
    ]),
    forEachDocument(
      blocks.flatMap((block) => pgsqlRows.insertRows(block, qualified(table), ofDocument, identityTexts)),
    ),
  );
}

const forEachDocument = (lines: readonly string[]) => [
  'FOREACH document IN ARRAY documents LOOP',
  ...indented(lines),
  'END LOOP;',
];

function ofRow({ trigger, table }: Source, { identityTexts }: GenerationBodies): string[] {
  const { q, qualified } = pgsql;
  const id = q('DocumentId');
  const referentialId = q('ReferentialId');
  const ofDocument = [
    `WHERE t.${id} = NEW.${id}`,
    `ON CONFLICT (${id}, ${q('ResourceKeyId')}) DO UPDATE`,
    `SET ${referentialId} = EXCLUDED.${referentialId}`,
  ];
  return pgsql.bodyLines(
    [],
    pgsql.leaveUnchanged(['DocumentId', ...trigger.identityProjectionColumns]),
    identityBlocks(trigger).flatMap((block) =>
      pgsqlRows.insertRows(block, qualified(table), ofDocument, identityTexts),
    ),
  );
}

function ofMssqlStatement(
  { trigger, table }: Source,
  { identityTexts, leaveUnwritten, images }: GenerationBodies,
): string[] {
  const { q, qualified } = mssql;
  const projection = trigger.identityProjectionColumns.map((name) => columnOf(table, name));
  const blocks = identityBlocks(trigger);
  const rows = mssql.byKey(qualified(table), 't', 'DocumentId', `c.${q('DocumentId')}`);
  return mssql.bodyLines(
    leaveUnwritten(trigger.identityProjectionColumns),
    mssql.collectChangedDocuments(projection, images),
    deleteRows(blocks),
    ...blocks.map((block) => mssqlRows.insertRows(block, ['FROM @documents AS c', rows], identityTexts)),
  );
}

/**
 * Deletes the rows of all documents and blocks before any insert, because documents may swap identities. A new document
 * has no rows yet, except one whose root row was deleted by hand and is inserted again.
 */
function deleteRows(blocks: readonly IdentityBlock[]): string[] {
  const keys = blocks.map(({ resourceKeyId }) => resourceKeyId);
  const present = [
    'FROM @documents AS c',
    mssql.byKey(mssqlRows.referentialIdentityTable, 'r', 'DocumentId', `c.${mssql.q('DocumentId')}`),
    `WHERE r.${mssql.q('ResourceKeyId')} IN (${keys.join(', ')})`,
  ];
  return [
    'IF EXISTS (',
    ...indented(['SELECT 1', ...present]),
    ')',
    ...indented(['DELETE r', ...enclosed('', present, ';')]),
  ];
}
