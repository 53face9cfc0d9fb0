import type { AbstractIdentityTrigger } from '@dms/inventory';
import { columnList, dialectRules } from '@dms/sql';
import type { TriggerSource } from '../trigger-source.ts';
import { bodyLines, literal, q, qualified, skipUnchanged } from './body-text.ts';

/** Keeps the row of the abstract identity table in step with a subclass row (design 07 §9.3). */
export function abstractIdentityBody({ trigger, table }: TriggerSource<AbstractIdentityTrigger>): string[] {
  const { targetColumnMappings: mappings } = trigger;
  const targets = mappings.map(({ targetColumn }) => targetColumn);
  const values = [q('DocumentId'), ...mappings.map(({ sourceColumn }) => q(sourceColumn))].map((column) => `t.${column}`);
  return bodyLines(skipUnchanged(trigger.identityProjectionColumns), [
    `INSERT INTO ${qualified(trigger.targetTable)} (${columnList(dialectRules.pgsql, ['DocumentId', ...targets, 'Discriminator'])})`,
    `SELECT ${values.join(', ')}, ${literal(trigger.discriminatorValue)}`,
    `FROM ${qualified(table)} AS t`,
    `WHERE t.${q('DocumentId')} = NEW.${q('DocumentId')}`,
    `ON CONFLICT (${q('DocumentId')}) DO UPDATE`,
    `SET ${targets.map((column) => `${q(column)} = EXCLUDED.${q(column)}`).join(', ')};`,
  ]);
}
