import type { DesiredTable } from '@dms/catalog';
import { fail } from '@dms/diagnostics';
import type { IdentityPropagationTrigger, ReferrerUpdate } from '@dms/relational-model';
import { columnOf, type TriggerSource } from '../trigger-source.ts';
import { anyDistinct, bodyLines, isDistinct, q, qualified } from './body-text.ts';
import { type CascadeStep, cascadesBack } from './cascades-back.ts';

type Source = TriggerSource<IdentityPropagationTrigger>;

/** The items, each in a line of its own. */
const separated = (head: string, items: readonly string[], separator: string, end = '') =>
  items.map((item, index) => `${index === 0 ? head : '    '}${item}${index < items.length - 1 ? separator : end}`);

const id = q('DocumentId');

/** The columns whose change moves copies, each once, in the order of the referrers. */
function sourceColumns({ trigger, table }: Source): DesiredTable['columns'] {
  const mappings = trigger.referrerUpdates.flatMap(({ targetColumnMappings }) => targetColumnMappings);
  return [...new Set(mappings.map(({ sourceColumn }) => sourceColumn))].map((name) => columnOf(table, name));
}

/**
 * The select list of the document id of `b` and, under its own name, whether a column differs from `a`: 1 or 0. A single column
 * has no such flag: its document is only listed when it changed.
 */
function selectChanges(columns: DesiredTable['columns'], a: string, b: string): string[] {
  const flags = columns.map((column) => `CASE WHEN ${anyDistinct([column], a, b)} THEN 1 ELSE 0 END`);
  return separated('SELECT ', [`${b}.${id}`, ...(columns.length === 1 ? [] : flags)], ',');
}

const flagNames = (columns: DesiredTable['columns']) =>
  columns.length === 1 ? '' : columns.map(({ name }) => `, ${q(name)}`).join('');

/**
 * Gives the referrers of the documents in `@documents` the current values of the columns that changed in their target, where
 * they differ.
 */
function updateReferrer(source: Source, update: ReferrerUpdate): string[] {
  const { table, tables } = source;
  const referrer = tables.get(`${update.referrerTable.schema}.${update.referrerTable.name}`);
  if (!referrer) throw new Error(`no table ${update.referrerTable.schema}.${update.referrerTable.name}`);
  const hasFlags = sourceColumns(source).length > 1;
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

/** The documents of the trigger table that an update of the referrers of `@documents` may write, over cascades too. */
function writtenBy(update: ReferrerUpdate, back: readonly CascadeStep[]): string {
  const joins = back.map(
    ({ receiver, fkColumn }, index) =>
      ` INNER JOIN ${qualified(receiver)} AS r${index + 1} ON r${index + 1}.${q(fkColumn)} = r${index === 0 ? '' : index}.${id}`,
  );
  const last = joins.length === 0 ? 'r' : `r${joins.length}`;
  const referrers = `FROM ${qualified(update.referrerTable)} AS r INNER JOIN @documents AS c ON c.${id} = r.${q(update.referrerFkColumn)}`;
  return `t.${id} IN (SELECT ${last}.${id} ${referrers}${joins.join('')})`;
}

/**
 * Moves the copies that a reduced key does not (design 07 §9.4, 11 §3.3): the old and new rows say which documents changed in
 * which columns, the values come from the table. SQL Server does not start a trigger again for a write of its own body, so where
 * that write reaches the trigger table, as its referrer or over cascades, the body repeats for the rows that changed.
 *
 * Only columns that changed are copied: the others may be on their way, and the referrer may have their new values already.
 */
export function identityPropagationBody(source: Source): string[] {
  const { trigger, table, tables } = source;
  if (trigger.referrerUpdates.length === 0) {
    fail('DDL_PROPAGATION_EMPTY', `The propagation trigger ${trigger.name} has no referrers.`, {}, { trigger: trigger.name });
  }
  const columns = sourceColumns(source);
  const flags = columns.length === 1 ? '' : columns.map(({ name }) => `, ${q(name)} bit NOT NULL`).join('');
  const collect = [
    `DECLARE @documents TABLE (${id} bigint NOT NULL${flags});`,
    `INSERT INTO @documents (${id}${flagNames(columns)})`,
    ...selectChanges(columns, 'd', 'i'),
    'FROM inserted AS i',
    `INNER JOIN deleted AS d ON d.${id} = i.${id}`,
    `WHERE ${anyDistinct(columns, 'd', 'i')};`,
  ];
  const updates = trigger.referrerUpdates.map((update) => updateReferrer(source, update));
  const written = trigger.referrerUpdates.flatMap((update) => {
    const back = cascadesBack(update, table, columns, tables);
    return back ? [writtenBy(update, back)] : [];
  });
  if (written.length === 0) {
    return bodyLines(collect, ['IF NOT EXISTS (SELECT 1 FROM @documents) RETURN;'], ...updates);
  }
  const names = columns.map(({ name }) => `, ${q(name)}`).join('');
  return bodyLines(collect, [
    `DECLARE @before TABLE (${id} bigint NOT NULL${columns.map(({ name, type }) => `, ${q(name)} ${type} NULL`).join('')});`,
    'WHILE EXISTS (SELECT 1 FROM @documents)',
    'BEGIN',
    ...[
      'DELETE FROM @before;',
      `INSERT INTO @before (${id}${names})`,
      `SELECT t.${id}${columns.map(({ name }) => `, t.${q(name)}`).join('')}`,
      `FROM ${qualified(table)} AS t`,
      ...separated('WHERE ', written, ' OR', ';'),
      ...updates.flat(),
      'DELETE FROM @documents;',
      `INSERT INTO @documents (${id}${flagNames(columns)})`,
      ...selectChanges(columns, 'b', 't'),
      'FROM @before AS b',
      `INNER JOIN ${qualified(table)} AS t ON t.${id} = b.${id}`,
      `WHERE ${anyDistinct(columns, 'b', 't')};`,
    ].map((line) => `    ${line}`),
    'END;',
  ]);
}
