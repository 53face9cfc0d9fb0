import type { TableDefinition } from '@dms/catalog';
import { fail } from '@dms/diagnostics';
import type { IdentityPropagationTrigger, ReferrerUpdate } from '@dms/inventory';
import type { TriggerBodies } from '../ddl-generation.ts';
import {
  anyOf,
  bodyLines,
  byKey,
  changed,
  differs,
  documentSet,
  flagged,
  images,
  leaveWhenEmpty,
  q,
  qualified,
} from '../mssql/body-text.ts';
import { insertChanges, repeatedRounds, writtenRows } from '../mssql/repeated-rounds.ts';
import { enclosed, setClause } from '../statement-lines.ts';
import { columnOf, type TriggerSource } from '../trigger-source.ts';

type Source = TriggerSource<IdentityPropagationTrigger>;

/** Updates the copies of an identity that foreign keys do not update. */
export const identityPropagation: TriggerBodies<IdentityPropagationTrigger> = {
  pgsql: refuse,
  mssql: (source, { propagatesIdentities }) => (propagatesIdentities ? propagate(source) : refuse(source)),
};

/** Throws `DDL_PROPAGATION_DIALECT` for a dialect and generation in which every key cascades or refuses. */
function refuse({ trigger: { name }, dialect }: Source): never {
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
function propagate(source: Source): string[] {
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
  const collect = [
    ...documentSet('@documents', columns),
    ...insertChanges('@documents', columns, 'd', 'i'),
    ...images,
    ...enclosed('WHERE ', changed(columns, 'd', 'i'), ';'),
    leaveWhenEmpty,
  ];
  const hasFlags = flagged(columns).length > 0;
  const updates = trigger.referrerUpdates.flatMap((update) => updateReferrer(source, update, hasFlags));
  const watched = new Set(columns.map(({ name }) => name));
  const written = trigger.referrerUpdates.flatMap(({ referrerTable, referrerFkColumn, targetColumnMappings }) => {
    const targetColumns = targetColumnMappings.map(({ targetColumn }) => targetColumn);
    const update = { table: referrerTable, documentColumn: referrerFkColumn, columns: targetColumns };
    const rows = writtenRows(update, table, watched, cascades);
    return rows ? [rows] : [];
  });
  return written.length === 0
    ? bodyLines(collect, updates)
    : bodyLines(collect, repeatedRounds(table, columns, written, updates));
}

/** The columns whose change updates copies, without duplicates, in the order of the referrers. */
function sourceColumns({ trigger, table }: Source): TableDefinition['columns'] {
  const mappings = trigger.referrerUpdates.flatMap(({ targetColumnMappings }) => targetColumnMappings);
  return [...new Set(mappings.map(({ sourceColumn }) => sourceColumn))].map((name) => columnOf(table, name));
}

const id = q('DocumentId');

/**
 * Gives the referrers of the documents in `@documents` the current values of the columns that changed in their target,
 * if they differ. With flags, `@documents` tells which columns changed.
 */
function updateReferrer({ table, tables }: Source, update: ReferrerUpdate, hasFlags: boolean): string[] {
  const referrer = tables.get(`${update.referrerTable.schema}.${update.referrerTable.name}`);
  if (!referrer) throw new Error(`no table ${update.referrerTable.schema}.${update.referrerTable.name}`);
  const sourcesOf = new Map<string, string[]>();
  for (const { sourceColumn, targetColumn } of update.targetColumnMappings)
    sourcesOf.set(targetColumn, [...(sourcesOf.get(targetColumn) ?? []), sourceColumn]);
  const assignments = [...sourcesOf].map(([target, sources]) => {
    // unified parts share a stored column; the value comes from a part that changed
    const moved = sources.map((name) => `WHEN c.${q(name)} = 1 THEN t.${q(name)}`).join(' ');
    const value = hasFlags ? `CASE ${moved} ELSE r.${q(target)} END` : `t.${q(sources[0] as string)}`;
    return `${q(target)} = ${value}`;
  });
  const pairs = update.targetColumnMappings.map(({ sourceColumn, targetColumn }) => ({
    old: `r.${q(targetColumn)}`,
    now: `t.${q(sourceColumn)}`,
    type: columnOf(referrer, targetColumn).scalarType,
    sourceColumn,
  }));
  const conditions = hasFlags
    ? pairs.map((pair) => enclosed(`(c.${q(pair.sourceColumn)} = 1 AND `, differs([pair]), ')'))
    : [differs(pairs)];
  return [
    'UPDATE r',
    ...setClause(assignments),
    'FROM @documents AS c',
    byKey(qualified(update.referrerTable), 'r', update.referrerFkColumn, `c.${id}`),
    byKey(qualified(table), 't', 'DocumentId', `c.${id}`),
    ...enclosed('WHERE ', anyOf(conditions), ';'),
  ];
}
