import type { AbstractIdentityTrigger } from '@dms/inventory';
import { type AbstractIdentityTable, qualified } from '@dms/model';
import { dialectOf, group, type SqlDialect } from '@dms/sql';
import type { CopyArm, CopyRule, LawfulSet } from './law.ts';

/** Every member of an abstract resource has its row in the abstract table, which has no others. */
export function abstractIdentityRules({ model, inventory }: LawfulSet): readonly CopyRule[] {
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
): CopyRule {
  const { sql } = dialectOf[dialect];
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
      arms: members.map((member) => memberArm(member, unique, dialect)),
    },
  };
}

/** The rows that a member requires: its key, the `copied` columns, and what is the same for all of its rows. */
function memberArm(
  { table, targetColumnMappings, resourceKeyIdValue, discriminatorValue }: AbstractIdentityTrigger,
  copied: readonly string[],
  dialect: SqlDialect,
): CopyArm {
  const { sql, id, literal } = dialectOf[dialect];
  const given = new Map(targetColumnMappings.map(({ targetColumn, sourceColumn }) => [targetColumn, sourceColumn]));
  const sources = copied.map((column) => ({ column, source: given.get(column) ?? column }));
  const fixed = {
    ...(resourceKeyIdValue === undefined ? {} : { ResourceKeyId: resourceKeyIdValue }),
    Discriminator: discriminatorValue,
  };
  const fixedTexts = Object.fromEntries(Object.entries(fixed).map(([column, value]) => [column, String(value)]));
  return {
    from: sql`${table} AS t`,
    where: null,
    key: [sql`t."DocumentId"`],
    values: [...sources.map(({ source }) => sql`t.${id(source)}`), ...Object.values(fixed).map(literal)],
    reads: table,
    columns: ['DocumentId', ...sources.map(({ source }) => source)],
    row: (shown) => ({
      DocumentId: shown.DocumentId ?? null,
      ...Object.fromEntries(sources.map(({ column, source }) => [column, shown[source] ?? null])),
      ...fixedTexts,
    }),
  };
}
