import type { AbstractIdentityTrigger } from '@dms/inventory';
import { columnList, dialectRules } from '@dms/sql';
import { indented, listed, setClause } from '../statement-lines.ts';
import { columnOf, type TriggerSource } from '../trigger-source.ts';
import { bodyLines, byKey, collectChangedDocuments, literal, q, qualified } from './body-text.ts';
import { repeatedRounds, writtenRows } from './repeated-rounds.ts';

/**
 * Keeps the rows of the abstract identity table in step with subclass rows (design 07 §9.3). If the identity of a
 * subclass contains copies of the abstract identity, they follow over cascades, and the body repeats for these rows
 * (`repeatedRounds`).
 *
 * @param guard leaves statements that cannot change the identity
 */
export function abstractIdentityBody(
  { trigger, table, cascades }: TriggerSource<AbstractIdentityTrigger>,
  guard: readonly string[] = [],
): string[] {
  const { targetColumnMappings: mappings } = trigger;
  const target = qualified(trigger.targetTable);
  const id = q('DocumentId');
  const projection = trigger.identityProjectionColumns.map((name) => columnOf(table, name));
  const rows = byKey(qualified(table), 't', 'DocumentId', `c.${id}`);
  const update = [
    'UPDATE a',
    ...setClause(mappings.map(({ sourceColumn, targetColumn }) => `${q(targetColumn)} = t.${q(sourceColumn)}`)),
    'FROM @documents AS c',
    byKey(target, 'a', 'DocumentId', `c.${id}`),
    `${rows};`,
  ];
  const insert = [
    `INSERT INTO ${target} (${columnList(dialectRules.mssql, ['DocumentId', ...mappings.map(({ targetColumn }) => targetColumn), 'Discriminator'])})`,
    'SELECT',
    ...indented(
      listed([
        `t.${id}`,
        ...mappings.map(({ sourceColumn }) => `t.${q(sourceColumn)}`),
        literal(trigger.discriminatorValue),
      ]),
    ),
    'FROM @documents AS c',
    rows,
    `WHERE NOT EXISTS (SELECT 1 FROM ${target} AS a WHERE a.${id} = t.${id});`,
  ];
  const written = writtenRows(
    {
      table: trigger.targetTable,
      documentColumn: 'DocumentId',
      columns: mappings.map(({ targetColumn }) => targetColumn),
    },
    table,
    new Set(trigger.identityProjectionColumns),
    cascades,
  );
  if (written === undefined) return bodyLines(guard, collectChangedDocuments(projection), update, insert);
  const collect = collectChangedDocuments(projection, projection);
  return bodyLines(guard, collect, insert, repeatedRounds(table, projection, [written], update));
}
