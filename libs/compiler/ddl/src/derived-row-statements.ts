import type { AbstractIdentityTrigger, AuthEdOrgHierarchy } from '@dms/inventory';
import type { DbTableName, IdentityBlock } from '@dms/model';
import { columnList, type DialectRules, qualifiedName } from '@dms/sql';

/** Statements that recompute, for all rows at once, the values that triggers maintain row by row (design 12 §3.5). */
export interface DerivedRows {
  /** Inserts the referential ids of one block for all rows of its table; none may exist yet. */
  referentialIds(block: IdentityBlock, table: DbTableName): string;
  /** The referential id of one block, as an expression over a row `t` of its table. */
  referentialId(block: IdentityBlock): string;
  /** Inserts the rows of a member that its abstract identity table lacks. */
  abstractIdentities(trigger: AbstractIdentityTrigger): string;
  /** Corrects the closure of the education organizations: inserts missing rows and deletes extra ones. */
  hierarchy(hierarchy: AuthEdOrgHierarchy): string;
}

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
