import type { TableDefinition } from '@dms/catalog';
import { fail } from '@dms/diagnostics';
import type { IdentityPropagationTrigger, ReferrerUpdate } from '@dms/inventory';
import { mustExist, qualified } from '@dms/model';
import { chained, dialectOf, group, hanging, join, listed, type PlainLines } from '@dms/sql';
import { groupBy } from '@dms/values';
import type { TriggerBodies } from '../ddl-generation.ts';
import { changedImage, differs, documentSet, flagged, images } from '../mssql/body-text.ts';
import { insertChanges, repeatedRounds, writtenRows } from '../mssql/repeated-rounds.ts';
import { columnOf, type TriggerSource } from '../trigger-source.ts';

const { sql, lines, id } = dialectOf.mssql;

type PropagationSource = TriggerSource<IdentityPropagationTrigger>;

/** Updates the copies of an identity that foreign keys do not update. */
export const identityPropagation: TriggerBodies<IdentityPropagationTrigger> = {
  pgsql: refuse,
  mssql: (source, { propagatesIdentities }) => (propagatesIdentities ? propagate(source) : refuse(source)),
};

/** Throws `DDL_PROPAGATION_DIALECT` for a dialect and generation in which every key cascades or refuses. */
function refuse({ trigger: { name }, dialect }: PropagationSource): never {
  const text = `The ${dialect} model has the propagation trigger ${name}.`;
  return fail('DDL_PROPAGATION_DIALECT', text, {}, { trigger: name });
}

/**
 * Updates the copies that a reduced key does not update (design 07 §9.4, 11 §3.3). The old and new rows tell which
 * documents changed in which columns; the values come from the table. If the writes of the body lead back to the
 * trigger table, the body repeats (`repeatedRounds`).
 *
 * Only changed columns are copied: the others may still be in progress, and the referrer may already have their new
 * values.
 */
function propagate(source: PropagationSource): PlainLines {
  const { trigger, table, cascades } = source;
  if (trigger.referrerUpdates.length === 0) {
    fail(
      'DDL_PROPAGATION_EMPTY',
      `The propagation trigger ${trigger.name} has no referrers.`,
      {},
      { trigger: trigger.name },
    );
  }
  const columns = sourceColumns(source);
  const hasFlags = flagged(columns).length > 0;
  const updates = group(...trigger.referrerUpdates.map((update) => updateReferrer(source, update, hasFlags)));
  const watched = new Set(columns.map(({ name }) => name));
  const written = trigger.referrerUpdates.flatMap(({ referrerTable, referrerFkColumn, targetColumnMappings }) => {
    const targetColumns = targetColumnMappings.map(({ targetColumn }) => targetColumn);
    const update = { table: referrerTable, documentColumn: referrerFkColumn, columns: targetColumns };
    const rows = writtenRows(update, table, watched, cascades);
    return rows ? [rows] : [];
  });
  return lines`
    BEGIN
        SET NOCOUNT ON;
        ${documentSet(columns)}
        ${insertChanges(columns, sql`d`, sql`i`)}
        ${images}
        WHERE ${changedImage(columns)};
        IF @@ROWCOUNT = 0 RETURN;
        ${written.length === 0 ? updates : repeatedRounds(table, columns, written, updates)}
    END;`;
}

/** The columns whose change updates copies, without duplicates, in the order of the referrers. */
function sourceColumns({ trigger, table }: PropagationSource): TableDefinition['columns'] {
  const mappings = trigger.referrerUpdates.flatMap(({ targetColumnMappings }) => targetColumnMappings);
  return [...new Set(mappings.map(({ sourceColumn }) => sourceColumn))].map((name) => columnOf(table, name));
}

/**
 * Gives the referrers of the documents in `@documents` the current values of the columns that changed in their target,
 * if they differ. With flags, `@documents` tells which columns changed.
 */
function updateReferrer({ table, tables }: PropagationSource, update: ReferrerUpdate, hasFlags: boolean): PlainLines {
  const { referrerTable } = update;
  const referrer = mustExist(tables.get(qualified(referrerTable)), `the table ${qualified(referrerTable)}`);
  const sourcesOf = groupBy(update.targetColumnMappings, ({ targetColumn }) => targetColumn);
  const assignments = [...sourcesOf].map(([target, sources]) => {
    // unified parts share a stored column; the value comes from a part that changed
    const moved = sources.map(({ sourceColumn: name }) => sql`WHEN c.${id(name)} = 1 THEN t.${id(name)}`);
    const { sourceColumn } = mustExist(sources[0], `a source of ${target}`);
    const value = hasFlags ? sql`CASE ${join(moved, ' ')} ELSE r.${id(target)} END` : sql`t.${id(sourceColumn)}`;
    return sql`${id(target)} = ${value}`;
  });
  const pairs = update.targetColumnMappings.map(({ sourceColumn, targetColumn }) => ({
    old: sql`r.${id(targetColumn)}`,
    now: sql`t.${id(sourceColumn)}`,
    type: columnOf(referrer, targetColumn).scalarType,
    sourceColumn,
  }));
  const conditions = hasFlags
    ? pairs.map((pair) => lines`(c.${id(pair.sourceColumn)} = 1 AND ${differs([pair])})`)
    : [differs(pairs)];
  return lines`
    UPDATE r
    SET ${hanging(listed(assignments))}
    FROM @documents AS c
    INNER LOOP JOIN ${referrerTable} AS r WITH (FORCESEEK) ON r.${id(update.referrerFkColumn)} = c."DocumentId"
    INNER LOOP JOIN ${table} AS t WITH (FORCESEEK) ON t."DocumentId" = c."DocumentId"
    WHERE ${chained(conditions, 'OR')};`;
}
