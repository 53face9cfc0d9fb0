import {
  descriptorKeyError,
  descriptorValues,
  type ExpressionLeaves,
  mirrorColumns,
  type TableDefinition,
} from '@dms/catalog';
import type { TrackedChangeTable } from '@dms/inventory';
import { core, qualified as joined } from '@dms/model';
import { dialectOf, empty, group, hanging, listed, type PlainLines, type PlainSql, textOf } from '@dms/sql';
import { expressionLeaves, printed } from '../../expression-leaves.ts';
import { isUnchanged, nextVersion } from '../../pgsql/body-text.ts';
import { columnOf, type StampingSource, stampKey } from '../../trigger-source.ts';
import { findTrackedTable, sourcedValues, valueText } from '../tracked-values.ts';
import { childStampingBody, deferOwnReferences } from './child-stamping.ts';

const { sql, lines, id, literal } = dialectOf.pgsql;

/** The rules for a table whose rows mirror the stamps of their documents. */
interface MirrorRules {
  readonly declarations: PlainLines;
  /** The columns whose change is a change of the document. */
  readonly values: readonly string[];
  /** Reads the document of the inserted row; without a document, the foreign key refuses the row. */
  readonly readDocument: PlainLines;
  /** Statements that refuse an inserted row after its document was read. */
  readonly checkInsert: PlainLines;
  /** Statements that refuse an updated row. */
  readonly checkUpdate: PlainLines;
}

const ofNewDocument = lines`
  FROM ${core.document} AS d
  WHERE d."DocumentId" = NEW."DocumentId";`;

const mismatch = literal(`${descriptorKeyError.begins} % ${descriptorKeyError.says}, which has %.`);

/** A descriptor must have the resource key of its document. */
const checkResource = lines`
  IF resource_key <> NEW."ResourceKeyId" THEN
      RAISE EXCEPTION ${mismatch}, NEW."ResourceKeyId", resource_key;
  END IF;`;

/** The table of all descriptors (design 16 §6.6): only its values count as changes. */
const checkedDescriptors: MirrorRules = {
  declarations: lines`resource_key smallint;`,
  values: ['DocumentId', ...descriptorValues],
  readDocument: lines`
    SELECT d."ResourceKeyId", d."ContentVersion", d."ContentLastModifiedAt"
    INTO resource_key, version, modified
    ${ofNewDocument}`,
  checkInsert: checkResource,
  checkUpdate: lines`
    IF NOT (${isUnchanged(['DocumentId', 'ResourceKeyId'])}) THEN
        SELECT d."ResourceKeyId"
        INTO resource_key
        ${ofNewDocument}
        ${checkResource}
    END IF;`,
};

/** The rules for rows whose stamps alone are read. */
const plainRules = (values: readonly string[]): MirrorRules => ({
  values,
  declarations: group(),
  readDocument: lines`
    SELECT d."ContentVersion", d."ContentLastModifiedAt"
    INTO version, modified
    ${ofNewDocument}`,
  checkInsert: group(),
  checkUpdate: group(),
});

/** The same where a foreign key refuses a descriptor with another resource key than its document (design 22 §2.1). */
const keyedDescriptors = plainRules(checkedDescriptors.values);

const rootRules = ({ table }: StampingSource): MirrorRules =>
  plainRules(
    table.columns
      .filter(({ name, generated }) => generated === null && !mirrorColumns.includes(name))
      .map(({ name }) => name),
  );

/**
 * The body of a stamping trigger, which depends on whether its table mirrors the stamps (design 16 §6.2, §6.6).
 *
 * @param checksResource whether the trigger of descriptors compares their resource key with that of the document
 */
export const documentStampingBody =
  (checksResource: boolean) =>
  (source: StampingSource): PlainLines => {
    const { table, mirrorStampTargetTable: target } = source.trigger;
    if (target === null || joined(target) !== joined(table)) return childStampingBody(source);
    stampKey(source);
    const descriptorRules = checksResource ? checkedDescriptors : keyedDescriptors;
    const isDescriptor = joined(table) === joined(core.descriptor);
    return mirroredStampingBody(source, isDescriptor ? descriptorRules : rootRules(source));
  };

/**
 * Keeps a row and its document in step (design 16 §6.2, §6.6): the row takes its mirrors before it is written, and a
 * real change stamps the document at once. The comparison comes first, so a change of the mirrors alone ends there.
 */
const mirroredStampingBody = (source: StampingSource, rules: MirrorRules) => lines`
  DECLARE
      version bigint;
      modified timestamp with time zone;
      ${findTrackedTable(source) ? sql`document_uuid pg_catalog.uuid;` : empty}
      ${rules.declarations}
  BEGIN
      IF TG_OP = 'INSERT' THEN
          ${rules.readDocument}
          IF FOUND THEN
              ${rules.checkInsert}
              NEW."ContentVersion" := version;
              NEW."ContentLastModifiedAt" := modified;
          END IF;
          RETURN NEW;
      END IF;
      IF TG_OP = 'DELETE' THEN
          ${deferOwnReferences(source, source.table)}
          ${deletion(source)}
          RETURN OLD;
      END IF;
      ${rules.checkUpdate}
      IF ${isUnchanged(rules.values)} THEN
          RETURN NEW;
      END IF;
      ${change(source)}
      RETURN NEW;
  END`;

const ofOld = sql`OLD."DocumentId"`;
const ofNew = sql`NEW."DocumentId"`;

/** Stamps the document of a deleted row if it still exists, and records the delete. */
function deletion(source: StampingSource): PlainLines {
  const tracked = findTrackedTable(source);
  if (!tracked) return stamp(ofOld, stampTo(nextVersion));
  return lines`
    ${stamp(ofOld, stampTo(nextVersion), sql`RETURNING d."ContentVersion", d."DocumentUuid" INTO version, document_uuid`)}
    IF FOUND THEN
        ${tombstone(tracked)}
    END IF;`;
}

/** Stamps a document; `returning` reads values from it. */
const stamp = (
  document: PlainSql,
  assignments: readonly PlainSql[],
  returning: PlainSql | PlainLines = group(),
) => lines`
  UPDATE ${core.document} AS d
  SET ${hanging(listed(assignments))}
  ${group(sql`WHERE d."DocumentId" = ${document}`, returning)};`;

const stampTo = (version: PlainSql) => [
  sql`"ContentVersion" = ${version}`,
  sql`"ContentLastModifiedAt" = pg_catalog.now()`,
];

const textOfValue = valueText(dialectOf.pgsql);

/** Records the delete of the row `OLD`, with the current version of its document (design 16 §7.3). */
function tombstone(tracked: TrackedChangeTable): PlainLines {
  const values = sourcedValues(tracked);
  const discriminator = tracked.systemColumns
    .filter(({ role }) => role === 'Discriminator')
    .map(({ column }) => column);
  return insertRow(
    tracked,
    [...values.map(({ oldColumn }) => oldColumn), ...discriminator],
    [...values.map(({ source }) => textOfValue(source, ofOldRow)), ...discriminator.map(ofOldRow)],
  );
}

/** Inserts a row of a tracked-change table, with the document's uuid and the new version. */
const insertRow = ({ table }: TrackedChangeTable, columns: readonly string[], values: readonly PlainSql[]) => lines`
  INSERT INTO ${table} (
      ${listed([...columns, 'Id', 'ChangeVersion'].map(id))}
  )
  VALUES (
      ${listed([...values, sql`document_uuid`, sql`version`])}
  );`;

const ofOldRow = (name: string) => sql`OLD.${id(name)}`;

/**
 * Stamps the document of a row that really changed; a new identity is stamped too, and its old and new key are
 * recorded. A row that is reassigned to another document also changes its former document.
 */
function change(source: StampingSource): PlainLines {
  const { identityProjectionColumns: projection } = source.trigger;
  const content = stamp(ofNew, stampTo(sql`version`));
  const stamped = lines`
    IF ${isUnchanged(['DocumentId', ...projection])} THEN
        ${content}
    ELSE
        ${identityChange(source)}
    END IF;`;
  return lines`
    version := ${nextVersion};
    ${projection.length === 0 ? content : stamped}
    IF NEW."DocumentId" <> OLD."DocumentId" THEN
        ${stamp(ofOld, stampTo(nextVersion))}
    END IF;
    NEW."ContentVersion" := version;
    NEW."ContentLastModifiedAt" := pg_catalog.now();`;
}

/** A subclass row may be found under a different key, but must be the same row: its keys are not recorded. */
function identityChange(source: StampingSource): PlainLines {
  const tracked = findTrackedTable(source);
  const assignments = [
    ...stampTo(sql`version`),
    sql`"IdentityVersion" = ${nextVersion}`,
    sql`"IdentityLastModifiedAt" = pg_catalog.now()`,
  ];
  if (tracked?.kind !== 'Resource') return stamp(ofNew, assignments);
  return lines`
    ${stamp(ofNew, assignments, sql`RETURNING d."DocumentUuid" INTO document_uuid`)}
    IF NEW."DocumentId" = OLD."DocumentId" THEN
        ${keyChange(tracked, source.table)}
    END IF;`;
}

/** Records the old and new values of a row whose identity changes, with the version of this change (design 16 §7.3). */
function keyChange(tracked: TrackedChangeTable, table: TableDefinition): PlainLines {
  const values = sourcedValues(tracked);
  const ofNewRow = newRowOf(table);
  return insertRow(
    tracked,
    values.flatMap(({ oldColumn, newColumn }) => [oldColumn, newColumn]),
    values.flatMap(({ source }) => [textOfValue(source, ofOldRow), textOfValue(source, ofNewRow)]),
  );
}

/**
 * A column of the new row, or its expression if it is generated: a row does not have its generated columns before it is
 * written.
 */
const newRowOf = (table: TableDefinition) => (name: string) => {
  const { generated } = columnOf(table, name);
  return generated ? printed(generated, newLeaves) : sql`NEW.${id(name)}`;
};

const newLeaves: ExpressionLeaves = {
  ...expressionLeaves.pgsql,
  column: (name) => textOf(sql`NEW.${id(name)}`),
};
