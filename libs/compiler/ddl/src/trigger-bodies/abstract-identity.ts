import type { AbstractIdentityTrigger } from '@dms/inventory';
import { columnList, dialectRules } from '@dms/sql';
import type { GenerationBodies, TriggerBodies } from '../ddl-generation.ts';
import * as mssql from '../mssql/body-text.ts';
import { repeatedRounds, writtenRows } from '../mssql/repeated-rounds.ts';
import * as pgsql from '../pgsql/body-text.ts';
import { enclosed, indented, listed, setClause } from '../statement-lines.ts';
import { columnOf, type TriggerSource } from '../trigger-source.ts';

type Source = TriggerSource<AbstractIdentityTrigger>;

/**
 * Keeps the rows of the abstract identity table equal to the subclass rows (design 07 §9.3). Values come from the
 * table, where a nested statement may have changed them.
 */
export const abstractIdentity: TriggerBodies<AbstractIdentityTrigger> = { pgsql: pgsqlBody, mssql: mssqlBody };

function pgsqlBody({ trigger, table }: Source): string[] {
  const { literal, q, qualified } = pgsql;
  const id = q('DocumentId');
  const { targetColumnMappings: mappings } = trigger;
  const targets = mappings.map(({ targetColumn }) => targetColumn);
  const values = [id, ...mappings.map(({ sourceColumn }) => q(sourceColumn))].map((column) => `t.${column}`);
  const assignments = targets.map((column) => `${q(column)} = EXCLUDED.${q(column)}`);
  return pgsql.bodyLines(
    [],
    [
      ...pgsql.leaveUnchanged(trigger.identityProjectionColumns),
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

/**
 * If the identity of a subclass contains copies of the abstract identity, cascades update these copies, and the body
 * repeats for their rows (`repeatedRounds`).
 */
function mssqlBody({ trigger, table, cascades }: Source, { leaveUnwritten, images }: GenerationBodies): string[] {
  const { bodyLines, byKey, collectChangedDocuments, literal, q, qualified } = mssql;
  const guard = leaveUnwritten(trigger.identityProjectionColumns);
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
  if (written === undefined) return bodyLines(guard, collectChangedDocuments(projection, images), update, insert);
  const collect = collectChangedDocuments(projection, images, projection);
  return bodyLines(guard, collect, insert, repeatedRounds(table, projection, [written], update));
}
