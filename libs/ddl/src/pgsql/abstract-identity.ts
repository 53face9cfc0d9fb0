import type { AbstractIdentityTrigger } from '@dms/inventory';
import { enclosed, indented, listed, setClause } from '../statement-lines.ts';
import type { TriggerSource } from '../trigger-source.ts';
import { bodyLines, leaveUnchanged, literal, q, qualified } from './body-text.ts';

const id = q('DocumentId');

/**
 * Keeps the row of the abstract identity table in step with a subclass row (design 07 §9.3). Values come from the
 * table, where a nested statement may have changed them.
 */
export function abstractIdentityBody({ trigger, table }: TriggerSource<AbstractIdentityTrigger>): string[] {
  const { targetColumnMappings: mappings } = trigger;
  const targets = mappings.map(({ targetColumn }) => targetColumn);
  const values = [id, ...mappings.map(({ sourceColumn }) => q(sourceColumn))].map((column) => `t.${column}`);
  const assignments = targets.map((column) => `${q(column)} = EXCLUDED.${q(column)}`);
  return bodyLines(
    [],
    [
      ...leaveUnchanged(trigger.identityProjectionColumns),
      `INSERT INTO ${qualified(trigger.targetTable)} (`,
      ...indented(listed(['DocumentId', ...targets, 'Discriminator'].map(q))),
      ')',
      'SELECT',
      ...indented(listed([...values, literal(trigger.discriminatorValue)])),
      `FROM ${qualified(table)} AS t`,
      `WHERE t.${id} = NEW.${id}`,
      `ON CONFLICT (${id}) DO UPDATE`,
      ...enclosed('', setClause(assignments), ';'),
    ],
  );
}
