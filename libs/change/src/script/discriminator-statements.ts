import { core, qualified } from '@dms/model';
import { qualifiedName } from '@dms/sql';
import type { DiscriminatorPlan } from '../planning/discriminators.ts';
import { renameOrder } from './rename-order.ts';
import type { QualifiedName, UpgradeDialect } from './upgrade-dialect.ts';

/** A statement, and the `schema.name` of its subject. */
interface DiscriminatorStatement {
  readonly subject: string;
  readonly sql: string;
}

/**
 * Writes the new name of a resource into the rows that repeat its name, once resources have their later numbers. A URI is unique among
 * descriptors of the same name, so names change in an order that never makes two of them equal (design 12 §11).
 */
export function discriminatorStatements(
  { rules }: UpgradeDialect,
  { members, descriptors, kept, tracked }: DiscriminatorPlan,
): readonly DiscriminatorStatement[] {
  const { quote, stringLiteral } = rules;
  const id = quote('DocumentId');
  const update = (table: QualifiedName, column: string, name: string, where: string): DiscriminatorStatement => ({
    subject: qualified(table),
    sql: `UPDATE ${qualifiedName(rules, table)} SET ${quote(column)} = ${stringLiteral(name)} WHERE ${where};`,
  });
  const steps = renameOrder(descriptors, kept, rules.comparedName);
  return [
    ...members.map(({ table, targetTable, discriminatorValue }) => {
      const documents = `SELECT m.${id} FROM ${qualifiedName(rules, table)} AS m`;
      return update(targetTable, 'Discriminator', discriminatorValue, `${id} IN (${documents})`);
    }),
    ...steps.map(({ resourceKeyId, to }) => {
      const documents = `SELECT d.${id} FROM ${qualifiedName(rules, core.document)} AS d WHERE d.${quote('ResourceKeyId')} = ${resourceKeyId}`;
      return update(core.descriptor, 'Discriminator', to, `${id} IN (${documents})`);
    }),
    ...tracked.flatMap(({ table, column }) =>
      steps.map(({ from, to }) => update(table, column, to, `${quote(column)} = ${stringLiteral(from)}`)),
    ),
  ];
}
