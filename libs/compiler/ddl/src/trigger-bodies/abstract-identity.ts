import type { AbstractIdentityTrigger } from '@dms/inventory';
import { dialectOf, hanging, listed, type PlainLines } from '@dms/sql';
import type { GenerationBodies, TriggerBodies } from '../ddl-generation.ts';
import { collectChangedDocuments } from '../mssql/body-text.ts';
import { repeatedRounds, writtenRows } from '../mssql/repeated-rounds.ts';
import { leaveUnchanged } from '../pgsql/body-text.ts';
import { columnOf, type TriggerSource } from '../trigger-source.ts';

type AbstractIdentitySource = TriggerSource<AbstractIdentityTrigger>;

/**
 * Keeps the rows of the abstract identity table equal to the subclass rows (design 07 §9.3). Values come from the
 * table, where a nested statement may have changed them.
 */
export const abstractIdentity: TriggerBodies<AbstractIdentityTrigger> = { pgsql: pgsqlBody, mssql: mssqlBody };

/** The columns whose values are the same in all rows of a member. */
const constantsOf = ({ resourceKeyIdValue, discriminatorValue }: AbstractIdentityTrigger) => [
  ...(resourceKeyIdValue === undefined ? [] : [{ column: 'ResourceKeyId', value: resourceKeyIdValue }]),
  { column: 'Discriminator', value: discriminatorValue },
];

function pgsqlBody({ trigger, table }: AbstractIdentitySource): PlainLines {
  const { sql, lines, id, literal } = dialectOf.pgsql;
  const { targetColumnMappings: mappings } = trigger;
  const targets = mappings.map(({ targetColumn }) => targetColumn);
  const constants = constantsOf(trigger);
  const values = mappings.map(({ sourceColumn }) => sql`t.${id(sourceColumn)}`);
  return lines`
    BEGIN
        ${leaveUnchanged(trigger.identityProjectionColumns)}
        INSERT INTO ${trigger.targetTable} (
            ${listed(['DocumentId', ...targets, ...constants.map(({ column }) => column)].map(id))}
        )
        SELECT
            ${listed([sql`t."DocumentId"`, ...values, ...constants.map(({ value }) => literal(value))])}
        FROM ${table} AS t
        WHERE t."DocumentId" = NEW."DocumentId"
        ON CONFLICT ("DocumentId") DO UPDATE
        SET ${hanging(listed(targets.map((column) => sql`${id(column)} = EXCLUDED.${id(column)}`)))};
        RETURN NULL;
    END`;
}

/**
 * If the identity of a subclass contains copies of the abstract identity, cascades update these copies, and the body
 * repeats for their rows (`repeatedRounds`).
 */
function mssqlBody(
  { trigger, table, cascades }: AbstractIdentitySource,
  { leaveUnwritten }: GenerationBodies,
): PlainLines {
  const { sql, lines, id, ids, literal } = dialectOf.mssql;
  const { targetTable, targetColumnMappings: mappings } = trigger;
  const targets = mappings.map(({ targetColumn }) => targetColumn);
  const constants = constantsOf(trigger);
  const values = mappings.map(({ sourceColumn }) => sql`t.${id(sourceColumn)}`);
  const assignments = mappings.map(
    ({ sourceColumn, targetColumn }) => sql`${id(targetColumn)} = t.${id(sourceColumn)}`,
  );
  const projection = trigger.identityProjectionColumns.map((name) => columnOf(table, name));
  const rows = sql`INNER LOOP JOIN ${table} AS t WITH (FORCESEEK) ON t."DocumentId" = c."DocumentId"`;
  const update = lines`
    UPDATE a
    SET ${hanging(listed(assignments))}
    FROM @documents AS c
    INNER LOOP JOIN ${targetTable} AS a WITH (FORCESEEK) ON a."DocumentId" = c."DocumentId"
    ${rows};`;
  const insert = lines`
    INSERT INTO ${targetTable} (${ids(['DocumentId', ...targets, ...constants.map(({ column }) => column)])})
    SELECT
        ${listed([sql`t."DocumentId"`, ...values, ...constants.map(({ value }) => literal(value))])}
    FROM @documents AS c
    ${rows}
    WHERE NOT EXISTS (SELECT 1 FROM ${targetTable} AS a WHERE a."DocumentId" = t."DocumentId");`;
  const written = writtenRows(
    { table: targetTable, documentColumn: 'DocumentId', columns: targets },
    table,
    new Set(trigger.identityProjectionColumns),
    cascades,
  );
  const statements =
    written === undefined
      ? lines`
        ${collectChangedDocuments(projection)}
        ${update}
        ${insert}`
      : lines`
        ${collectChangedDocuments(projection, projection)}
        ${insert}
        ${repeatedRounds(table, projection, [written], update)}`;
  return lines`
    BEGIN
        SET NOCOUNT ON;
        ${leaveUnwritten(trigger.identityProjectionColumns)}
        ${statements}
    END;`;
}
