import type { AbstractIdentityTrigger } from '@dms/inventory';
import { columnList, type DialectRules, qualifiedName } from '@dms/sql';

/** Inserts the rows of a member that its abstract identity table lacks. */
export function abstractIdentityRows(
  rules: DialectRules,
  { table, targetTable, targetColumnMappings, discriminatorValue }: AbstractIdentityTrigger,
): string {
  const id = rules.quote('DocumentId');
  const targets = ['DocumentId', ...targetColumnMappings.map(({ targetColumn }) => targetColumn), 'Discriminator'];
  const values = ['DocumentId', ...targetColumnMappings.map(({ sourceColumn }) => sourceColumn)].map(
    (column) => `t.${rules.quote(column)}`,
  );
  const target = qualifiedName(rules, targetTable);
  return [
    `INSERT INTO ${target} (${columnList(rules, targets)})`,
    `SELECT ${[...values, rules.stringLiteral(discriminatorValue)].join(', ')}`,
    `FROM ${qualifiedName(rules, table)} AS t`,
    `WHERE NOT EXISTS (SELECT 1 FROM ${target} AS i WHERE i.${id} = t.${id});`,
  ].join('\n');
}
