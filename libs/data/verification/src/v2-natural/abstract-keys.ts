import { qualified } from '@dms/model';
import { isRefusedWith, outcomeText } from '../behaviour/behaviour-session.ts';
import type { CheckedWorld } from '../behaviour/checked-world.ts';

/**
 * R19: a row of an abstract identity table has the resource key of its document, and its identity is that of no other
 * member (design 22 §2.2).
 */
export async function checkAbstractKeys({ session, failures, rowsOf, input }: CheckedWorld): Promise<void> {
  const { foreignKey, unique } = session.dialect.codes;
  const { abstractIdentityTables, effectiveSchema } = input.model;
  const trials = abstractIdentityTables.flatMap(({ table: { table, columns, constraints } }) => {
    const rows = rowsOf(table);
    const [row] = rows;
    if (row === undefined) return [];
    const update = (values: readonly (readonly [column: string, value: unknown])[], documentId: unknown) =>
      session.updateText(
        table,
        values.map(([column, value]) => session.equal(column, String(value))),
        session.equal('DocumentId', Number(documentId)),
      );
    const other = effectiveSchema.resourceKeys.find(({ id }) => String(id) !== row.ResourceKeyId)?.id;
    const resourceKey = constraints.find(
      (key) => key.kind === 'ForeignKey' && key.columns.some((name) => name === 'ResourceKeyId'),
    );
    const identity = columns.filter(({ sourcePath }) => sourcePath !== null).map(({ name }) => name);
    const naturalKey = constraints.find(
      (key) => key.kind === 'Unique' && key.columns.every((name) => identity.includes(name)),
    );
    const member = rows.find(({ ResourceKeyId }) => ResourceKeyId !== row.ResourceKeyId);
    return [
      other !== undefined && {
        object: `${qualified(table)} of another resource`,
        statement: update([['ResourceKeyId', other]], row.DocumentId),
        code: foreignKey,
        key: resourceKey?.name ?? 'a key',
      },
      member !== undefined && {
        object: `${qualified(table)} with the identity of another member`,
        statement: update(
          identity.map((column) => [column, row[column]]),
          member.DocumentId,
        ),
        code: unique,
        key: naturalKey?.name ?? 'a key',
      },
    ].filter((trial) => trial !== false);
  });
  const outcomes = await session.outcomes(trials.map(({ statement }) => statement));
  for (const [index, { object, code, key }] of trials.entries()) {
    const outcome = outcomes[index] ?? null;
    if (!isRefusedWith(outcome, code, key))
      failures.add('R19', object, `refused with ${code} ${key}`, outcomeText(outcome));
  }
}
