import type { DocumentStampingTrigger } from '@dms/inventory';
import { type DbTableName, qualified as joined, mustExist } from '@dms/model';
import {
  assignArray,
  bodyLines,
  changedRows,
  documentTable,
  leaveWhen,
  literal,
  nextVersion,
  perEvent,
  q,
  qualified,
  selectFrom,
} from '../../pgsql/body-text.ts';
import { enclosed, indented, listed } from '../../statement-lines.ts';
import { type BodyScope, type OwnReference, stampKey, type TriggerSource } from '../../trigger-source.ts';

const id = q('DocumentId');
const version = q('ContentVersion');
const modified = q('ContentLastModifiedAt');

/**
 * Finds the first and the last document of the rows of an insert or a delete, and all documents if there are several.
 * Most statements write rows of one document, and a cascade to a table without rows finds none.
 */
function ownDocuments(rows: 'newtab' | 'oldtab', key: string): string[] {
  return [
    `SELECT pg_catalog.min(r.${q(key)}), pg_catalog.max(r.${q(key)})`,
    'INTO first, last',
    `FROM ${rows} AS r;`,
    'IF first <> last THEN',
    ...indented(assignArray('documents', selectFrom(rows, [key], 'SELECT DISTINCT'))),
    'END IF;',
  ];
}

/**
 * Finds the documents of rows that an update really changed; a reassigned row changes both its documents (design 16
 * §6.2).
 */
function changedDocuments(key: string, columns: readonly string[]): string[] {
  const of = (...images: Parameters<typeof changedRows>[1]) => [`SELECT c.${q(key)}`, ...changedRows(columns, images)];
  return [
    ...assignArray('documents', [...of('newtab', 'oldtab'), 'UNION', ...of('oldtab', 'newtab')]),
    'first := documents[1];',
    'last := documents[pg_catalog.cardinality(documents)];',
  ];
}

/** Stamps a root row that still exists, and gives its document the same stamp. */
const stampOne = (root: string) => [
  `UPDATE ${root} AS t`,
  `SET ${version} = ${nextVersion},`,
  `    ${modified} = pg_catalog.now()`,
  `WHERE t.${id} = first`,
  `RETURNING t.${version} INTO version;`,
  'IF FOUND THEN',
  ...indented([
    `UPDATE ${documentTable} AS d`,
    `SET ${version} = version,`,
    `    ${modified} = pg_catalog.now()`,
    `WHERE d.${id} = first;`,
  ]),
  'END IF;',
];

/**
 * Stamps several root rows and their documents; the root rows are first locked in the order of their keys. A cascade
 * may have deleted all of them.
 */
const stampSeveral = (root: string) => [
  ...assignArray('documents', [
    `SELECT t.${id}`,
    `FROM ${root} AS t`,
    `WHERE t.${id} = ANY (documents)`,
    `ORDER BY t.${id}`,
    'FOR NO KEY UPDATE',
  ]),
  ...leaveWhen('pg_catalog.cardinality(documents) = 0'),
  `UPDATE ${documentTable} AS d`,
  `SET ${version} = ${nextVersion},`,
  `    ${modified} = pg_catalog.now()`,
  `WHERE d.${id} = ANY (documents);`,
  `UPDATE ${root} AS t`,
  `SET (${version}, ${modified}) = (`,
  ...indented([`SELECT d.${version}, d.${modified} FROM ${documentTable} AS d WHERE d.${id} = t.${id}`]),
  ')',
  `WHERE t.${id} = ANY (documents);`,
];

/**
 * Stamps the documents of a table below a root once per statement, and mirrors the stamps in their root rows (design 16
 * §6.2). The root row is locked before its document, as by a write of the root row itself, so that writers of a
 * document wait for each other and never deadlock. A document whose root row is already gone has its last stamp. The
 * plan of a statement with an array depends on the length of the array and is made each time, so a single document is
 * handled separately.
 */
export function childStampingBody(source: TriggerSource<DocumentStampingTrigger>): string[] {
  const { trigger, table } = source;
  const target = trigger.mirrorStampTargetTable;
  if (target === null) throw new Error(`${trigger.name} has no table that mirrors its stamps`);
  const key = stampKey(source);
  const root = qualified(target);
  const stored = table.columns.filter(({ generated }) => generated === null).map(({ name }) => name);
  return bodyLines(
    ['documents bigint[];', 'first bigint;', 'last bigint;', 'version bigint;'],
    perEvent([
      ['INSERT', ownDocuments('newtab', key)],
      ['UPDATE', changedDocuments(key, stored)],
      ['DELETE', [...checkOwnReferences(source, target, table), ...ownDocuments('oldtab', key)]],
    ]),
    leaveWhen('first IS NULL'),
    ['IF first = last THEN', ...indented(stampOne(root)), 'ELSE', ...indented(stampSeveral(root)), 'END IF;'],
  );
}

/*
 * A document that refers to itself from a row below its root could not be deleted: the foreign key is checked before
 * the cascades have deleted that row. So the key is deferred until the cascades are done, and the statement itself then
 * refuses any reference to the document that is left (design 16 §8.1). PostgreSQL runs the cascades of a statement
 * level by level, and the triggers of a level after its deletes, so the triggers of the tables with such keys see when
 * the last of these rows is gone.
 */

/** The transaction setting with the ids of the documents whose keys wait, by the table of their roots. */
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

const someRow = ({ table }: OwnReference, condition: string) =>
  `EXISTS (SELECT 1 FROM ${qualified(table)} AS r WHERE ${condition})`;

/** Before a root row is deleted: defers the keys if a row of its document refers to it. */
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

/** The column of a key with the id of the document that it references. */
const targetColumn = ({ key }: OwnReference) =>
  q(mustExist(key.columns[key.targetColumns.indexOf('DocumentId')], `the column of ${key.name} with a document`));

const joinedBy = (word: string, conditions: readonly string[]) =>
  conditions.map((text, index) => (index === 0 ? text : `    ${word} ${text}`));

/** After rows of a table with such a key were deleted: checks the keys if no rows of the waiting documents are left. */
function checkOwnReferences({ ownReferences }: BodyScope, root: DbTableName, table: DbTableName): string[] {
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
