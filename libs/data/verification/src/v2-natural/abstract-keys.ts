import { qualified } from '@dms/model';
import { isRefusedWith, outcomeText } from '../behaviour/behaviour-session.ts';
import type { CheckedWorld } from '../behaviour/checked-world.ts';

/** R19: a row of an abstract identity table has the resource key of its document (design 22 §2.2). */
export async function checkAbstractKeys({ session, failures, rowsOf, input }: CheckedWorld): Promise<void> {
  const { foreignKey } = session.dialect.codes;
  const { abstractIdentityTables, effectiveSchema } = input.model;
  const trials = abstractIdentityTables.flatMap(({ table: { table, constraints } }) => {
    const [row] = rowsOf(table);
    const other = effectiveSchema.resourceKeys.find(({ id }) => String(id) !== row?.ResourceKeyId)?.id;
    const key = constraints.find(
      (each) => each.kind === 'ForeignKey' && each.columns.some((name) => name === 'ResourceKeyId'),
    );
    if (row === undefined || other === undefined) return [];
    const id = session.quote('ResourceKeyId');
    const statement = `UPDATE ${session.table(table)} SET ${id} = ${other} WHERE ${session.quote('DocumentId')} = ${row.DocumentId}`;
    return [{ object: `${qualified(table)} of another resource`, statement, name: key?.name ?? 'a key' }];
  });
  const outcomes = await session.outcomes(trials.map(({ statement }) => statement));
  for (const [index, { object, name }] of trials.entries()) {
    const outcome = outcomes[index] ?? null;
    if (!isRefusedWith(outcome, foreignKey, name))
      failures.add('R19', object, `refused with ${foreignKey} ${name}`, outcomeText(outcome));
  }
}
