import type { AbstractIdentityTrigger } from '@dms/inventory';
import { type AbstractIdentityTable, qualified } from '@dms/model';
import { dialectOf, group, type SqlDialect } from '@dms/sql';
import type { LawfulSet, QueriedRule } from './law.ts';

/** Every member of an abstract resource has its row in the abstract table, which has no others. */
export function abstractIdentityRules({ model, inventory }: LawfulSet): readonly QueriedRule[] {
  const members = inventory.triggers.filter((trigger) => trigger.kind === 'AbstractIdentityMaintenance');
  return model.abstractIdentityTables.map(({ table: { table, columns } }) => {
    // on SQL Server the collation of a marked column decides whether two texts are equal (design 22 §2.3)
    const texts = columns
      .filter(({ scalarType, identityText }) => scalarType?.kind === 'String' && !identityText)
      .map(({ name }) => name);
    const own = members.filter(({ targetTable }) => qualified(targetTable) === qualified(table));
    return abstractIdentityRule(table, own, new Set(texts), model.dialect);
  });
}

/** The rule for some members of an abstract resource; `texts` are the columns whose texts are compared exactly. */
export function abstractIdentityRule(
  table: AbstractIdentityTable['table']['table'],
  members: readonly AbstractIdentityTrigger[],
  texts: ReadonlySet<string>,
  dialect: SqlDialect,
): QueriedRule {
  const { sql, id, literal } = dialectOf[dialect];
  const unique = (members[0]?.targetColumnMappings ?? []).map(({ targetColumn }) => targetColumn);
  const resourceKeys = members.flatMap(({ resourceKeyIdValue }) => resourceKeyIdValue ?? []);
  const resource = resourceKeys.length === 0 ? [] : ['ResourceKeyId'];
  return {
    rule: 'abstractIdentity',
    object: qualified(table),
    table,
    row: sql`i`,
    key: ['DocumentId'],
    values: [...unique, ...resource, 'Discriminator'].map((column) => ({
      column,
      isText: column === 'Discriminator' || texts.has(column),
    })),
    unique,
    from: members.map((member) => member.table),
    expected: {
      in: 'query',
      before: group(),
      arms: members.map(({ table: member, targetColumnMappings, resourceKeyIdValue, discriminatorValue }) => {
        const sources = new Map(
          targetColumnMappings.map(({ targetColumn, sourceColumn }) => [targetColumn, sourceColumn]),
        );
        return {
          from: sql`${member} AS t`,
          where: null,
          key: [sql`t."DocumentId"`],
          values: [
            ...unique.map((column) => sql`t.${id(sources.get(column) ?? column)}`),
            ...(resourceKeyIdValue === undefined ? [] : [literal(resourceKeyIdValue)]),
            literal(discriminatorValue),
          ],
        };
      }),
    },
  };
}
