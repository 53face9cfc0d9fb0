import type { DocumentStampingTrigger } from '@dms/inventory';
import { core, type DbTableName, qualified as joined, mustExist } from '@dms/model';
import { chained, dialectOf, group, listed, type PlainLines, type PlainSql } from '@dms/sql';
import { changedRows, leaveWhen, nextVersion, perEvent, selectDistinct, selectFrom } from '../../pgsql/body-text.ts';
import { type BodyScope, type OwnReference, stampKey, type TriggerSource } from '../../trigger-source.ts';

const { sql, lines, id, nameLiteral } = dialectOf.pgsql;

/**
 * Finds the first and the last document of the rows of an insert or a delete, and all documents if there are several.
 * Most statements write rows of one document, and a cascade to a table without rows finds none.
 */
const ownDocuments = (rows: 'newtab' | 'oldtab', key: string) => lines`
  SELECT pg_catalog.min(r.${id(key)}), pg_catalog.max(r.${id(key)})
  INTO first, last
  FROM ${rows === 'newtab' ? sql`newtab` : sql`oldtab`} AS r;
  IF first <> last THEN
      documents := ARRAY(
          ${selectFrom(rows, [key], selectDistinct)}
      );
  END IF;`;

/**
 * Finds the documents of rows that an update really changed; a reassigned row changes both its documents (design 16
 * §6.2).
 */
const changedDocuments = (key: string, columns: readonly string[]) => lines`
  documents := ARRAY(
      SELECT c.${id(key)}
      ${changedRows(columns, ['newtab', 'oldtab'])}
      UNION
      SELECT c.${id(key)}
      ${changedRows(columns, ['oldtab', 'newtab'])}
  );
  first := documents[1];
  last := documents[pg_catalog.cardinality(documents)];`;

/** Stamps a root row that still exists, and gives its document the same stamp. */
const stampOne = (root: DbTableName) => lines`
  UPDATE ${root} AS t
  SET "ContentVersion" = ${nextVersion},
      "ContentLastModifiedAt" = pg_catalog.now()
  WHERE t."DocumentId" = first
  RETURNING t."ContentVersion" INTO version;
  IF FOUND THEN
      UPDATE ${core.document} AS d
      SET "ContentVersion" = version,
          "ContentLastModifiedAt" = pg_catalog.now()
      WHERE d."DocumentId" = first;
  END IF;`;

/**
 * Stamps several root rows and their documents; the root rows are first locked in the order of their keys. A cascade
 * may have deleted all of them.
 */
const stampSeveral = (root: DbTableName) => lines`
  documents := ARRAY(
      SELECT t."DocumentId"
      FROM ${root} AS t
      WHERE t."DocumentId" = ANY (documents)
      ORDER BY t."DocumentId"
      FOR NO KEY UPDATE
  );
  ${leaveWhen(sql`pg_catalog.cardinality(documents) = 0`)}
  UPDATE ${core.document} AS d
  SET "ContentVersion" = ${nextVersion},
      "ContentLastModifiedAt" = pg_catalog.now()
  WHERE d."DocumentId" = ANY (documents);
  UPDATE ${root} AS t
  SET ("ContentVersion", "ContentLastModifiedAt") = (
      SELECT d."ContentVersion", d."ContentLastModifiedAt" FROM ${core.document} AS d WHERE d."DocumentId" = t."DocumentId"
  )
  WHERE t."DocumentId" = ANY (documents);`;

/**
 * Stamps the documents of a table below a root once per statement, and mirrors the stamps in their root rows (design 16
 * §6.2). The root row is locked before its document, as by a write of the root row itself, so that writers of a
 * document wait for each other and never deadlock. A document whose root row is already gone has its last stamp. The
 * plan of a statement with an array depends on the length of the array and is made each time, so a single document is
 * handled separately.
 */
export function childStampingBody(source: TriggerSource<DocumentStampingTrigger>): PlainLines {
  const { trigger, table } = source;
  const root = trigger.mirrorStampTargetTable;
  if (root === null) throw new Error(`${trigger.name} has no table that mirrors its stamps`);
  const key = stampKey(source);
  const stored = table.columns.filter(({ generated }) => generated === null).map(({ name }) => name);
  return lines`
    DECLARE
        documents bigint[];
        first bigint;
        last bigint;
        version bigint;
    BEGIN
        ${perEvent([
          ['INSERT', ownDocuments('newtab', key)],
          ['UPDATE', changedDocuments(key, stored)],
          ['DELETE', group(checkOwnReferences(source, root, table), ownDocuments('oldtab', key))],
        ])}
        ${leaveWhen(sql`first IS NULL`)}
        IF first = last THEN
            ${stampOne(root)}
        ELSE
            ${stampSeveral(root)}
        END IF;
        RETURN NULL;
    END`;
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
  sql`'dms.deleted_' || ${nameLiteral(root)}::pg_catalog.regclass::pg_catalog.oid`;
const waiting = (root: DbTableName) => sql`nullif(pg_catalog.current_setting(${settingOf(root)}, true), '')`;
const setWaiting = (root: DbTableName, value: PlainSql) =>
  sql`PERFORM pg_catalog.set_config(${settingOf(root)}, ${value}, true);`;

const constraints = (keys: readonly OwnReference[]) =>
  listed(keys.map(({ table, key }) => sql`${{ schema: table.schema, name: key.name }}`));

const someRow = ({ table }: OwnReference, condition: PlainSql) =>
  sql`EXISTS (SELECT 1 FROM ${table} AS r WHERE ${condition})`;

/** Before a root row is deleted: defers the keys if a row of its document refers to it. */
export function deferOwnReferences({ ownReferences }: BodyScope, root: DbTableName): PlainLines {
  const keys = ownReferences.get(joined(root)) ?? [];
  if (keys.length === 0) return group();
  const refers = keys.map((key) =>
    someRow(key, sql`r.${id(key.documentColumn)} = OLD."DocumentId" AND r.${id(targetColumn(key))} = OLD."DocumentId"`),
  );
  return lines`
    IF ${chained(refers, 'OR')} THEN
        ${setWaiting(root, sql`pg_catalog.concat_ws(',', ${waiting(root)}, OLD."DocumentId")`)}
        SET CONSTRAINTS
            ${constraints(keys)} DEFERRED;
    END IF;`;
}

/** The column of a key with the id of the document that it references. */
const targetColumn = ({ key }: OwnReference) =>
  mustExist(key.columns[key.targetColumns.indexOf('DocumentId')], `the column of ${key.name} with a document`);

/** After rows of a table with such a key were deleted: checks the keys if no rows of the waiting documents are left. */
function checkOwnReferences({ ownReferences }: BodyScope, root: DbTableName, table: DbTableName): PlainLines {
  const keys = ownReferences.get(joined(root)) ?? [];
  if (!keys.some((key) => joined(key.table) === joined(table))) return group();
  const noneLeft = keys.map((key) => sql`NOT ${someRow(key, sql`r.${id(key.documentColumn)} = ANY (documents)`)}`);
  return lines`
    documents := pg_catalog.string_to_array(${waiting(root)}, ',');
    IF ${chained([sql`documents IS NOT NULL`, ...noneLeft], 'AND')} THEN
        ${setWaiting(root, sql`''`)}
        SET CONSTRAINTS
            ${constraints(keys)} IMMEDIATE;
    END IF;`;
}
