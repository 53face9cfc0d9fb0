import { type ColumnDefinition, descriptorKeyError, descriptorValues, mirrorColumns } from '@dms/catalog';
import type { TrackedChangeTable } from '@dms/inventory';
import { core, type DbTableName, qualified } from '@dms/model';
import { dialectOf, group, listed, type PlainLines, type PlainSql } from '@dms/sql';
import { changedImage, comparedColumn, leaveUnwritten, nextVersion } from '../../mssql/body-text.ts';
import { columnOf, type StampingSource, stampKey } from '../../trigger-source.ts';
import { findTrackedTable, sourcedValues, valueText } from '../tracked-values.ts';

const { sql, lines, id, literal } = dialectOf.mssql;

/** A descriptor must have the resource key of its document (design 16 §6.6). */
const checkResource = lines`
  IF EXISTS (
      SELECT 1
      FROM inserted AS i
      INNER LOOP JOIN ${core.document} AS d WITH (FORCESEEK) ON d."DocumentId" = i."DocumentId"
      WHERE d."ResourceKeyId" <> i."ResourceKeyId"
  )
  BEGIN
      THROW 50000, ${literal(`${descriptorKeyError.begins} ${descriptorKeyError.says}.`)}, 1;
  END;`;

/**
 * The body of a stamping trigger, which depends on whether its table mirrors the stamps (design 16 §6.2, §6.6).
 *
 * @param checksResource whether the trigger of descriptors compares their resource key with that of the document
 */
export const documentStampingBody =
  (checksResource: boolean) =>
  (source: StampingSource): PlainLines => {
    const { trigger } = source;
    const target = trigger.mirrorStampTargetTable;
    if (target === null) throw new Error(`${trigger.name} has no table that repeats its stamps`);
    stampKey(source);
    return qualified(target) === qualified(trigger.table)
      ? mirroredStampingBody(source, checksResource)
      : childStampingBody(source, target);
  };

/** Keeps the mirrors of rows equal to the stamps of their documents (design 16 §6.2, §6.6). */
function mirroredStampingBody(source: StampingSource, checksResource: boolean): PlainLines {
  const { table } = source;
  const isDescriptor = qualified(table) === qualified(core.descriptor);
  const values = isDescriptor
    ? ['DocumentId', ...descriptorValues].map((name) => columnOf(table, name))
    : valueColumns(source);
  const tracked = findTrackedTable(source);
  return lines`
    BEGIN
        SET NOCOUNT ON;
        ${isDescriptor && checksResource ? checkResource : group()}
        ${takeStamps(table)}
        ${leaveUnwritten(values.map((column) => column.name))}
        DECLARE @documents TABLE ("DocumentId" bigint NOT NULL PRIMARY KEY);
        INSERT INTO @documents ("DocumentId")
        ${changedDocuments('DocumentId', values)};
        IF @@ROWCOUNT = 0 RETURN;
        ${stampDocuments}
        IF NOT EXISTS (SELECT 1 FROM inserted)
        BEGIN
            ${tracked ? tombstones(tracked) : group()}
            RETURN;
        END;
        ${repeatStamps(table)}
        ${identityChange(source)}
    END;`;
}

/** The stored columns whose change is a change of the document: all except the mirrors of its stamps. */
const valueColumns = ({ table }: StampingSource) =>
  table.columns.filter(({ name, generated }) => generated === null && !mirrorColumns.includes(name));

/** Gives a new row the stamps of its document. */
const takeStamps = (table: DbTableName) => lines`
  IF NOT EXISTS (SELECT 1 FROM deleted)
  BEGIN
      IF NOT EXISTS (SELECT 1 FROM inserted) RETURN;
      UPDATE t
      SET "ContentVersion" = d."ContentVersion",
          "ContentLastModifiedAt" = d."ContentLastModifiedAt"
      FROM inserted AS i
      INNER LOOP JOIN ${core.document} AS d WITH (FORCESEEK) ON d."DocumentId" = i."DocumentId"
      INNER LOOP JOIN ${table} AS t WITH (FORCESEEK) ON t."DocumentId" = i."DocumentId";
      RETURN;
  END;`;

/**
 * The documents of the rows that were inserted, deleted or really changed (design 16 §6.2): of the rows of one image of
 * the statement that the other lacks. `key` names the column with the document of a row.
 */
function changedDocuments(key: string, columns: readonly ColumnDefinition[]): PlainLines {
  const select = (image: PlainSql, alias: PlainSql) => {
    const values = columns.flatMap(({ name, scalarType }) => comparedColumn(sql`${alias}.${id(name)}`, scalarType));
    return lines`
      SELECT
          ${listed([sql`${alias}.${id(key)} AS "document"`, ...values.map((value, index) => sql`${value} AS c${literal(index + 1)}`)])}
      FROM ${image} AS ${alias}`;
  };
  const inserted = select(sql`inserted`, sql`i`);
  const deleted = select(sql`deleted`, sql`d`);
  return lines`
    SELECT o."document"
    FROM (
        ${inserted}
        EXCEPT
        ${deleted}
    ) AS o
    UNION
    SELECT o."document"
    FROM (
        ${deleted}
        EXCEPT
        ${inserted}
    ) AS o`;
}

/**
 * Stamps the content of `@documents` and keeps the stamps in `@stamped`, so that the document and the row that mirrors
 * it get the same value. An UPDATE of zero rows still runs triggers.
 */
const stampDocuments = lines`
  DECLARE @stamped TABLE (
      "DocumentId" bigint NOT NULL PRIMARY KEY,
      "ContentVersion" bigint NOT NULL,
      "ContentLastModifiedAt" datetime2(7) NOT NULL,
      "DocumentUuid" uniqueidentifier NOT NULL
  );
  DECLARE @now datetime2(7) = sysutcdatetime();
  UPDATE d
  SET "ContentVersion" = ${nextVersion},
      "ContentLastModifiedAt" = @now
  OUTPUT inserted."DocumentId", inserted."ContentVersion", inserted."ContentLastModifiedAt", inserted."DocumentUuid"
  INTO @stamped ("DocumentId", "ContentVersion", "ContentLastModifiedAt", "DocumentUuid")
  FROM @documents AS c
  INNER LOOP JOIN ${core.document} AS d WITH (FORCESEEK) ON d."DocumentId" = c."DocumentId";
  IF NOT EXISTS (SELECT 1 FROM @stamped) RETURN;`;

/** Gives the rows of a table the stamps of their documents. */
const repeatStamps = (table: DbTableName) => lines`
  UPDATE t
  SET "ContentVersion" = c."ContentVersion",
      "ContentLastModifiedAt" = c."ContentLastModifiedAt"
  FROM @stamped AS c
  INNER LOOP JOIN ${table} AS t WITH (FORCESEEK) ON t."DocumentId" = c."DocumentId";`;

const textOfValue = valueText(dialectOf.mssql);

/** A column of the row set with an alias. */
const ofOldRow = (name: string) => sql`o.${id(name)}`;
const ofNewRow = (name: string) => sql`n.${id(name)}`;

/**
 * Records the deleted rows whose documents are stamped, with the current version of these documents (design 16 §7.3).
 */
function tombstones(tracked: TrackedChangeTable): PlainLines {
  const values = sourcedValues(tracked);
  const discriminator = tracked.systemColumns
    .filter(({ role }) => role === 'Discriminator')
    .map(({ column }) => column);
  return lines`
    ${insertStamped(
      tracked,
      [...values.map(({ oldColumn }) => oldColumn), ...discriminator],
      [...values.map(({ source }) => textOfValue(source, ofOldRow)), ...discriminator.map(ofOldRow)],
    )}
    INNER JOIN deleted AS o ON o."DocumentId" = c."DocumentId";`;
}

/** The head of an INSERT from the stamped documents `c`, with their uuids and versions. */
const insertStamped = ({ table }: TrackedChangeTable, columns: readonly string[], values: readonly PlainSql[]) => lines`
  INSERT INTO ${table} (
      ${listed([...columns, 'Id', 'ChangeVersion'].map(id))}
  )
  SELECT
      ${listed([...values, sql`c."DocumentUuid"`, sql`c."ContentVersion"`])}
  FROM @stamped AS c`;

/**
 * Stamps the identity of the documents whose projection changed, and records their old and new keys. A row that was
 * reassigned to another document has no old row of this document. A subclass row may be found under a different key,
 * but must be the same row: its keys are not recorded.
 */
function identityChange(source: StampingSource): PlainLines {
  const { identityProjectionColumns: projection } = source.trigger;
  if (projection.length === 0) return group();
  const tracked = findTrackedTable(source);
  return lines`
    DECLARE @renamed TABLE ("DocumentId" bigint NOT NULL PRIMARY KEY);
    INSERT INTO @renamed ("DocumentId")
    SELECT i."DocumentId"
    FROM inserted AS i
    LEFT JOIN deleted AS d ON d."DocumentId" = i."DocumentId"
    WHERE ${changedImage(projection.map((name) => columnOf(source.table, name)))};
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET "IdentityVersion" = ${nextVersion},
        "IdentityLastModifiedAt" = sysutcdatetime()
    FROM @renamed AS c
    INNER LOOP JOIN ${core.document} AS d WITH (FORCESEEK) ON d."DocumentId" = c."DocumentId";
    ${tracked?.kind === 'Resource' ? keyChanges(tracked) : group()}`;
}

/** Records the old and new values of the documents in `@renamed` (design 16 §7.3). */
function keyChanges(tracked: TrackedChangeTable): PlainLines {
  const values = sourcedValues(tracked);
  return lines`
    ${insertStamped(
      tracked,
      values.flatMap(({ oldColumn, newColumn }) => [oldColumn, newColumn]),
      values.flatMap(({ source }) => [textOfValue(source, ofOldRow), textOfValue(source, ofNewRow)]),
    )}
    INNER JOIN @renamed AS k ON k."DocumentId" = c."DocumentId"
    INNER JOIN inserted AS n ON n."DocumentId" = c."DocumentId"
    INNER JOIN deleted AS o ON o."DocumentId" = c."DocumentId";`;
}

/**
 * Stamps the documents of a table below a root, and mirrors the stamps in their root rows (design 16 §6.2). Root rows
 * are locked first, because a write of a root row also locks it before its document. A document whose root row was
 * deleted is not stamped here.
 */
const childStampingBody = (source: StampingSource, root: DbTableName) => lines`
  BEGIN
      SET NOCOUNT ON;
      DECLARE @changed TABLE ("DocumentId" bigint NOT NULL PRIMARY KEY);
      INSERT INTO @changed ("DocumentId")
      ${changedDocuments(stampKey(source), valueColumns(source))};
      IF @@ROWCOUNT = 0 RETURN;
      DECLARE @documents TABLE ("DocumentId" bigint NOT NULL PRIMARY KEY);
      INSERT INTO @documents ("DocumentId")
      SELECT t."DocumentId"
      FROM @changed AS c
      INNER LOOP JOIN ${root} AS t WITH (FORCESEEK, UPDLOCK) ON t."DocumentId" = c."DocumentId";
      IF @@ROWCOUNT = 0 RETURN;
      ${stampDocuments}
      ${repeatStamps(root)}
  END;`;
