import type { ReferentialIdentityTrigger } from '@dms/inventory';
import { core } from '@dms/model';
import { dialectOf, group, type PlainLines } from '@dms/sql';
import type { GenerationBodies, TriggerBodies } from '../ddl-generation.ts';
import { identityBlocks } from '../identity-name.ts';
import { collectChangedDocuments } from '../mssql/body-text.ts';
import * as mssqlRows from '../mssql/identity-rows.ts';
import { changedRows, leaveUnchanged, leaveWhen, perEvent } from '../pgsql/body-text.ts';
import * as pgsqlRows from '../pgsql/identity-rows.ts';
import { columnOf, type TriggerSource } from '../trigger-source.ts';

type HashedIdentitySource = TriggerSource<ReferentialIdentityTrigger>;

/** Keeps the hashed identities of documents, own and superclass, equal to their root rows (design 07 §9.2, 16 §6.4). */
export const referentialIdentity: TriggerBodies<ReferentialIdentityTrigger> = {
  pgsql: (source, generation) => (source.runsForRows ? ofRow(source, generation) : ofStatement(source, generation)),
  mssql: ofMssqlStatement,
};

/**
 * All old rows are deleted before new ones are inserted, because an identity may pass from one document to another. The
 * table is read by key, one document at a time: for a set, PostgreSQL would scan a table that was never analyzed.
 * Cascades share the transition tables of a statement: a row that several keys reach may occur there several times.
 */
function ofStatement({ trigger, table }: HashedIdentitySource, { identityTexts }: GenerationBodies): PlainLines {
  const { sql, lines, literals } = dialectOf.pgsql;
  const blocks = identityBlocks(trigger);
  const columns = [...new Set(['DocumentId', ...trigger.identityProjectionColumns])];
  const ofDocument = lines`WHERE t."DocumentId" = document`;
  const inserted = lines`
    documents := ARRAY(
        SELECT n."DocumentId" FROM new_rows AS n
        ORDER BY 1
    );`;
  const updated = lines`
    documents := ARRAY(
        SELECT DISTINCT c."DocumentId"
        ${changedRows(columns, ['new_rows', 'old_rows'])}
        ORDER BY 1
    );`;
  return lines`
    DECLARE
        documents bigint[];
        document bigint;
    BEGIN
        ${perEvent([
          ['INSERT', inserted],
          ['UPDATE', updated],
        ])}
        ${leaveWhen(sql`pg_catalog.cardinality(documents) = 0`)}
        FOREACH document IN ARRAY documents LOOP
            DELETE FROM ${core.referentialIdentity}
            WHERE "DocumentId" = document
                AND "ResourceKeyId" IN (${literals(blocks.map(({ resourceKeyId }) => resourceKeyId))});
        END LOOP;
        FOREACH document IN ARRAY documents LOOP
            ${group(...blocks.map((block) => pgsqlRows.insertRows(block, table, ofDocument, identityTexts)))}
        END LOOP;
        RETURN NULL;
    END`;
}

function ofRow({ trigger, table }: HashedIdentitySource, { identityTexts }: GenerationBodies): PlainLines {
  const { lines } = dialectOf.pgsql;
  const ofDocument = lines`
    WHERE t."DocumentId" = NEW."DocumentId"
    ON CONFLICT ("DocumentId", "ResourceKeyId") DO UPDATE
    SET "ReferentialId" = EXCLUDED."ReferentialId"`;
  const blocks = identityBlocks(trigger);
  return lines`
    BEGIN
        ${leaveUnchanged(['DocumentId', ...trigger.identityProjectionColumns])}
        ${group(...blocks.map((block) => pgsqlRows.insertRows(block, table, ofDocument, identityTexts)))}
        RETURN NULL;
    END`;
}

/**
 * The rows of all documents and blocks are deleted before any insert, because documents may swap identities. A new
 * document has no rows yet, except one whose root row was deleted by hand and is inserted again.
 */
function ofMssqlStatement(
  { trigger, table }: HashedIdentitySource,
  { identityTexts, leaveUnwritten }: GenerationBodies,
): PlainLines {
  const { lines, literals } = dialectOf.mssql;
  const projection = trigger.identityProjectionColumns.map((name) => columnOf(table, name));
  const blocks = identityBlocks(trigger);
  const present = lines`
    FROM @documents AS c
    INNER LOOP JOIN ${core.referentialIdentity} AS r WITH (FORCESEEK) ON r."DocumentId" = c."DocumentId"
    WHERE r."ResourceKeyId" IN (${literals(blocks.map(({ resourceKeyId }) => resourceKeyId))})`;
  const changed = lines`
    FROM @documents AS c
    INNER LOOP JOIN ${table} AS t WITH (FORCESEEK) ON t."DocumentId" = c."DocumentId"`;
  return lines`
    BEGIN
        SET NOCOUNT ON;
        ${leaveUnwritten(trigger.identityProjectionColumns)}
        ${collectChangedDocuments(projection)}
        IF EXISTS (
            SELECT 1
            ${present}
        )
            DELETE r
            ${present};
        ${group(...blocks.map((block) => mssqlRows.insertRows(block, changed, identityTexts)))}
    END;`;
}
