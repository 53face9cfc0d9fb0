import type { AbstractIdentityTrigger } from '@dms/relational-model';
import { columnList, dialectRules } from '@dms/sql';
import { columnOf, type TriggerSource } from '../trigger-source.ts';
import { bodyLines, collectChangedDocuments, literal, q, qualified } from './body-text.ts';

/** Keeps the rows of the abstract identity table in step with subclass rows (design 07 §9.3). */
export function abstractIdentityBody({ trigger, table }: TriggerSource<AbstractIdentityTrigger>): string[] {
  const { targetColumnMappings: mappings } = trigger;
  const target = qualified(trigger.targetTable);
  const id = q('DocumentId');
  const values = [id, ...mappings.map(({ sourceColumn }) => q(sourceColumn))].map((column) => `t.${column}`);
  return bodyLines(collectChangedDocuments(trigger.identityProjectionColumns.map((name) => columnOf(table, name))), [
    'UPDATE a',
    `SET ${mappings.map(({ sourceColumn, targetColumn }) => `${q(targetColumn)} = t.${q(sourceColumn)}`).join(', ')}`,
    `FROM ${target} AS a`,
    `INNER JOIN @documents AS c ON c.${id} = a.${id}`,
    `INNER JOIN ${qualified(table)} AS t ON t.${id} = a.${id};`,
    `INSERT INTO ${target} (${columnList(dialectRules.mssql, ['DocumentId', ...mappings.map(({ targetColumn }) => targetColumn), 'Discriminator'])})`,
    `SELECT ${values.join(', ')}, ${literal(trigger.discriminatorValue)}`,
    `FROM ${qualified(table)} AS t`,
    `INNER JOIN @documents AS c ON c.${id} = t.${id}`,
    `WHERE NOT EXISTS (SELECT 1 FROM ${target} AS a WHERE a.${id} = t.${id});`,
  ]);
}
