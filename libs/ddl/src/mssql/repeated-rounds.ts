import type { ColumnDefinition, TableDefinition } from '@dms/catalog';
import { anyDistinct, documentSet, flagged, literal, q, qualified, separated } from './body-text.ts';

const id = q('DocumentId');

const setColumns = (columns: readonly ColumnDefinition[]) => [id, ...flagged(columns).map(({ name }) => q(name))].join(', ');

/** The head of an INSERT into such a table variable, and the select list: 1 for what differs between the aliases. */
export function insertChanges(name: string, columns: readonly ColumnDefinition[], old: string, now: string): string[] {
  const flags = flagged(columns).map((column) => `CASE WHEN ${anyDistinct([column], old, now)} THEN 1 ELSE 0 END`);
  return [`INSERT INTO ${name} (${setColumns(columns)})`, ...separated('SELECT ', [`${now}.${id}`, ...flags], ',')];
}

/**
 * Runs `statements` for the rows in `@documents`, and again for the rows of the table that they changed, until there are none
 * (design 07 §9.4, 11 §3.3): SQL Server does not start a trigger again for what its own body writes, at once or over cascades.
 * `written` are the conditions for rows `t` that may change. In a circle of values that contradict each other a place would
 * change for ever; a second change of one place is refused.
 */
export function repeatedRounds(
  table: TableDefinition,
  columns: readonly ColumnDefinition[],
  written: readonly string[],
  statements: readonly string[],
): string[] {
  const names = columns.map(({ name }) => q(name));
  const again = flagged(columns).map(({ name }) => `c.${q(name)} = 1 AND m.${q(name)} = 1`);
  const message = `Identities in ${table.schema}.${table.name} copy each other in a circle and contradict each other.`;
  return [
    `DECLARE @before TABLE (${[`${id} bigint NOT NULL`, ...columns.map(({ name, type }) => `${q(name)} ${type} NULL`)].join(', ')});`,
    documentSet('@moved', columns),
    'WHILE EXISTS (SELECT 1 FROM @documents)',
    'BEGIN',
    ...[
      'DELETE FROM @before;',
      `INSERT INTO @before (${[id, ...names].join(', ')})`,
      `SELECT ${[id, ...names].map((name) => `t.${name}`).join(', ')}`,
      `FROM ${qualified(table)} AS t`,
      ...separated('WHERE ', written, ' OR', ';'),
      ...statements,
      'DELETE FROM @documents;',
      ...insertChanges('@documents', columns, 'b', 't'),
      'FROM @before AS b',
      `INNER JOIN ${qualified(table)} AS t ON t.${id} = b.${id}`,
      `WHERE ${anyDistinct(columns, 'b', 't')};`,
      `IF EXISTS (SELECT 1 FROM @documents AS c INNER JOIN @moved AS m ON m.${id} = c.${id}${again.length === 0 ? '' : ` WHERE ${again.join(' OR ')}`})`,
      'BEGIN',
      `    THROW 50000, ${literal(message)}, 1;`,
      'END;',
      `INSERT INTO @moved (${setColumns(columns)})`,
      `SELECT ${setColumns(columns)} FROM @documents;`,
    ].map((line) => `    ${line}`),
    'END;',
  ];
}
