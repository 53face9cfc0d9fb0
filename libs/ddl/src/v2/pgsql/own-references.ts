import { type DbTableName, qualified as joined, mustExist } from '@dms/model';
import { literal, q, qualified } from '../../pgsql/body-text.ts';
import { enclosed, indented, listed } from '../../statement-lines.ts';
import type { BodyScope, OwnReference } from '../../trigger-source.ts';

/*
 * A document that refers to itself from a row below its root could not be deleted: its key is checked before the
 * cascades have deleted that row. So the key waits until they have, and whatever then still refers to the document is
 * refused by the statement itself (design 16 §8.1). PostgreSQL runs the cascades of a statement level by level, and the
 * triggers of a level after its deletes: so the triggers of the tables with such keys see when the last of these rows
 * is gone.
 */

/** The setting of the transaction with the ids of the documents that wait, by the table of their roots. */
const settingOf = (root: DbTableName) =>
  `${literal('dms.deleted_')} || ${literal(qualified(root))}::pg_catalog.regclass::pg_catalog.oid`;
const waiting = (root: DbTableName) => `nullif(pg_catalog.current_setting(${settingOf(root)}, true), '')`;
const setWaiting = (root: DbTableName, value: string) =>
  `PERFORM pg_catalog.set_config(${settingOf(root)}, ${value}, true);`;

const constraints = (keys: readonly OwnReference[], mode: 'DEFERRED' | 'IMMEDIATE') => [
  'SET CONSTRAINTS',
  ...indented(
    enclosed(
      '',
      listed(keys.map(({ table, key }) => qualified({ schema: table.schema, name: key.name }))),
      ` ${mode};`,
    ),
  ),
];

const joinedBy = (word: string, conditions: readonly string[]) =>
  conditions.map((text, index) => (index === 0 ? text : `    ${word} ${text}`));

const someRow = ({ table }: OwnReference, condition: string) =>
  `EXISTS (SELECT 1 FROM ${qualified(table)} AS r WHERE ${condition})`;

/** The column of a key with the document that it refers to. */
const targetColumn = ({ key }: OwnReference) =>
  q(mustExist(key.columns[key.targetColumns.indexOf('DocumentId')], `the column of ${key.name} with a document`));

/** Before a root row is deleted: lets the keys wait if a row of its document refers to it. */
export function deferOwnReferences({ ownReferences }: BodyScope, root: DbTableName): string[] {
  const keys = ownReferences.get(joined(root)) ?? [];
  if (keys.length === 0) return [];
  const id = `OLD.${q('DocumentId')}`;
  const refers = keys.map((key) =>
    someRow(key, `r.${q(key.documentColumn)} = ${id} AND r.${targetColumn(key)} = ${id}`),
  );
  return [
    ...enclosed('IF ', joinedBy('OR', refers), ' THEN'),
    ...indented([
      setWaiting(root, `pg_catalog.concat_ws(',', ${waiting(root)}, ${id})`),
      ...constraints(keys, 'DEFERRED'),
    ]),
    'END IF;',
  ];
}

/** After rows of a table with such a key were deleted: checks the keys if no rows of the waiting documents are left. */
export function checkOwnReferences({ ownReferences }: BodyScope, root: DbTableName, table: DbTableName): string[] {
  const keys = ownReferences.get(joined(root)) ?? [];
  if (!keys.some((key) => joined(key.table) === joined(table))) return [];
  const left = keys.map((key) => `NOT ${someRow(key, `r.${q(key.documentColumn)} = ANY (documents)`)}`);
  return [
    `documents := pg_catalog.string_to_array(${waiting(root)}, ',');`,
    ...enclosed('IF ', ['documents IS NOT NULL', ...left.map((text) => `    AND ${text}`)], ' THEN'),
    ...indented([setWaiting(root, "''"), ...constraints(keys, 'IMMEDIATE')]),
    'END IF;',
  ];
}
