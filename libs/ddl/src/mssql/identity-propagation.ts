import { fail } from '@dms/diagnostics';
import type { IdentityPropagationTrigger, ReferrerUpdate } from '@dms/relational-model';
import { columnOf, type TriggerSource } from '../trigger-source.ts';
import { anyDistinct, bodyLines, documentSet, isDistinct, q, qualified } from './body-text.ts';

type Source = TriggerSource<IdentityPropagationTrigger>;

const id = q('DocumentId');

/** Mappings with each target column once: unified parts share a column, and their sources are equal. */
function assignments({ targetColumnMappings }: ReferrerUpdate): ReferrerUpdate['targetColumnMappings'] {
  return [...new Map(targetColumnMappings.map((mapping) => [mapping.targetColumn, mapping])).values()];
}

/**
 * Gives the referrers of the documents in `@documents` the current values of their target, where they differ; `output` keeps
 * the ids of changed rows.
 */
function updateReferrer({ table, tables }: Source, update: ReferrerUpdate, output: string): string[] {
  const referrer = tables.get(`${update.referrerTable.schema}.${update.referrerTable.name}`);
  if (!referrer) throw new Error(`no table ${update.referrerTable.schema}.${update.referrerTable.name}`);
  const mappings = assignments(update);
  const differs = mappings.map(({ sourceColumn, targetColumn }) =>
    isDistinct(`r.${q(targetColumn)}`, `t.${q(sourceColumn)}`, columnOf(referrer, targetColumn).scalarType),
  );
  return [
    'UPDATE r',
    `SET ${mappings.map(({ sourceColumn, targetColumn }) => `${q(targetColumn)} = t.${q(sourceColumn)}`).join(', ')}`,
    ...(output === '' ? [] : [output]),
    `FROM ${qualified(update.referrerTable)} AS r`,
    `INNER JOIN @documents AS c ON c.${id} = r.${q(update.referrerFkColumn)}`,
    `INNER JOIN ${qualified(table)} AS t ON t.${id} = c.${id}`,
    `WHERE ${differs.join(' OR ')};`,
  ];
}

/**
 * Moves the copies that a reduced key does not (design 07 §9.4, 11 §3.3): the old and new rows say which documents changed, the
 * values come from the table. SQL Server does not start a trigger again for a write of its own body, so where a referrer is the
 * trigger table itself the body repeats for the rows that it changed.
 */
export function identityPropagationBody(source: Source): string[] {
  const { trigger, table } = source;
  if (trigger.referrerUpdates.length === 0) {
    fail('DDL_PROPAGATION_EMPTY', `The propagation trigger ${trigger.name} has no referrers.`, {}, { trigger: trigger.name });
  }
  const sources = new Set(
    trigger.referrerUpdates.flatMap(({ targetColumnMappings }) => targetColumnMappings.map(({ sourceColumn }) => sourceColumn)),
  );
  const collect = [
    documentSet('@documents'),
    `INSERT INTO @documents (${id})`,
    `SELECT i.${id}`,
    'FROM inserted AS i',
    `INNER JOIN deleted AS d ON d.${id} = i.${id}`,
    `WHERE ${anyDistinct(
      [...sources].map((name) => columnOf(table, name)),
      'd',
      'i',
    )};`,
  ];
  const isSelf = ({ referrerTable }: ReferrerUpdate) =>
    referrerTable.schema === table.schema && referrerTable.name === table.name;
  if (!trigger.referrerUpdates.some(isSelf)) {
    return bodyLines(
      collect,
      ['IF NOT EXISTS (SELECT 1 FROM @documents) RETURN;'],
      ...trigger.referrerUpdates.map((update) => updateReferrer(source, update, '')),
    );
  }
  const round = trigger.referrerUpdates.flatMap((update) =>
    updateReferrer(source, update, isSelf(update) ? `OUTPUT inserted.${id} INTO @moved (${id})` : ''),
  );
  return bodyLines(collect, [
    documentSet('@moved'),
    'WHILE EXISTS (SELECT 1 FROM @documents)',
    'BEGIN',
    ...[
      ...round,
      'DELETE FROM @documents;',
      `INSERT INTO @documents (${id})`,
      `SELECT DISTINCT m.${id} FROM @moved AS m;`,
      'DELETE FROM @moved;',
    ].map((line) => `    ${line}`),
    'END;',
  ]);
}
