import type { TableDefinition } from '@dms/catalog';
import { fail } from '@dms/diagnostics';
import type { IdentityPropagationTrigger, ReferrerUpdate } from '@dms/inventory';
import { columnOf, type TriggerSource } from '../trigger-source.ts';
import { anyDistinct, bodyLines, documentSet, flagged, isDistinct, q, qualified, separated } from './body-text.ts';
import { writtenRows } from './cascades-back.ts';
import { insertChanges, repeatedRounds } from './repeated-rounds.ts';

type Source = TriggerSource<IdentityPropagationTrigger>;

const id = q('DocumentId');

/** The columns whose change moves copies, each once, in the order of the referrers. */
function sourceColumns({ trigger, table }: Source): TableDefinition['columns'] {
  const mappings = trigger.referrerUpdates.flatMap(({ targetColumnMappings }) => targetColumnMappings);
  return [...new Set(mappings.map(({ sourceColumn }) => sourceColumn))].map((name) => columnOf(table, name));
}

/**
 * Gives the referrers of the documents in `@documents` the current values of the columns that changed in their target, where
 * they differ. With flags, `@documents` says which columns these are.
 */
function updateReferrer({ table, tables }: Source, update: ReferrerUpdate, hasFlags: boolean): string[] {
  const referrer = tables.get(`${update.referrerTable.schema}.${update.referrerTable.name}`);
  if (!referrer) throw new Error(`no table ${update.referrerTable.schema}.${update.referrerTable.name}`);
  const sourcesOf = new Map<string, string[]>();
  for (const { sourceColumn, targetColumn } of update.targetColumnMappings)
    sourcesOf.set(targetColumn, [...(sourcesOf.get(targetColumn) ?? []), sourceColumn]);
  const assignments = [...sourcesOf].map(([target, sources]) => {
    // unified parts share a stored column; the value comes from a part that changed
    const changed = sources.map((name) => `WHEN c.${q(name)} = 1 THEN t.${q(name)}`).join(' ');
    const value = hasFlags ? `CASE ${changed} ELSE r.${q(target)} END` : `t.${q(sources[0] as string)}`;
    return `${q(target)} = ${value}`;
  });
  const differs = update.targetColumnMappings.map(({ sourceColumn, targetColumn }) => {
    const type = columnOf(referrer, targetColumn).scalarType;
    const distinct = isDistinct(`r.${q(targetColumn)}`, `t.${q(sourceColumn)}`, type);
    return hasFlags ? `(c.${q(sourceColumn)} = 1 AND ${distinct})` : distinct;
  });
  return [
    'UPDATE r',
    ...separated('SET ', assignments, ','),
    `FROM ${qualified(update.referrerTable)} AS r`,
    `INNER JOIN @documents AS c ON c.${id} = r.${q(update.referrerFkColumn)}`,
    `INNER JOIN ${qualified(table)} AS t ON t.${id} = c.${id}`,
    ...separated('WHERE ', differs, ' OR', ';'),
  ];
}

/**
 * Moves the copies that a reduced key does not (design 07 §9.4, 11 §3.3): the old and new rows say which documents changed in
 * which columns, the values come from the table. Where what the body writes comes back to the trigger table, it repeats
 * (`repeatedRounds`).
 *
 * Only columns that changed are copied: the others may be on their way, and the referrer may have their new values already.
 */
export function identityPropagationBody(source: Source): string[] {
  const { trigger, table, tables } = source;
  if (trigger.referrerUpdates.length === 0) {
    fail('DDL_PROPAGATION_EMPTY', `The propagation trigger ${trigger.name} has no referrers.`, {}, { trigger: trigger.name });
  }
  const columns = sourceColumns(source);
  const collect = [
    documentSet('@documents', columns),
    ...insertChanges('@documents', columns, 'd', 'i'),
    'FROM inserted AS i',
    `INNER JOIN deleted AS d ON d.${id} = i.${id}`,
    `WHERE ${anyDistinct(columns, 'd', 'i')};`,
  ];
  const hasFlags = flagged(columns).length > 0;
  const updates = trigger.referrerUpdates.flatMap((update) => updateReferrer(source, update, hasFlags));
  const watched = new Set(columns.map(({ name }) => name));
  const written = trigger.referrerUpdates.flatMap(({ referrerTable, referrerFkColumn, targetColumnMappings }) => {
    const targetColumns = targetColumnMappings.map(({ targetColumn }) => targetColumn);
    const update = { table: referrerTable, documentColumn: referrerFkColumn, columns: targetColumns };
    return writtenRows(update, table, watched, tables) ?? [];
  });
  return written.length === 0
    ? bodyLines(collect, ['IF NOT EXISTS (SELECT 1 FROM @documents) RETURN;'], updates)
    : bodyLines(collect, repeatedRounds(table, columns, written, updates));
}
