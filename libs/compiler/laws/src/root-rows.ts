import { resourceLabel } from '@dms/api-schema';
import { core, type DbTableName, qualified, type ResourceModel } from '@dms/model';
import { dialectOf, group } from '@dms/sql';
import type { LawfulSet, QueriedRule } from './law.ts';

/** The table with a row for each document of a resource; descriptors share one. */
const rootOf = ({ tablesInDependencyOrder: [root], storageKind }: ResourceModel): DbTableName =>
  root === undefined || storageKind === 'SharedDescriptorTable' ? core.descriptor : root.table;

/** A document has its root row. A root row has its document, unless descriptors share the table. */
export const rootRowRules = ({ model }: LawfulSet): readonly QueriedRule[] =>
  model.resources.map((resource) => {
    const { sql, literal } = dialectOf[model.dialect];
    const table = rootOf(resource);
    return {
      rule: 'rootRow',
      object: resourceLabel(resource.resourceKey),
      table,
      row: sql`t`,
      key: ['DocumentId'],
      values: [],
      unique: [],
      from: [core.document],
      expected: {
        in: 'query',
        before: group(),
        arms: [
          {
            from: sql`${core.document} AS d`,
            where: sql`d."ResourceKeyId" = ${literal(resource.resourceKey.id)}`,
            key: [sql`d."DocumentId"`],
            values: [],
          },
        ],
      },
    };
  });

/** The columns of a document that its root row repeats. */
const stampColumns = ['ContentVersion', 'ContentLastModifiedAt'] as const;

/** Root rows repeat the stamps of their document, in a generation whose triggers write them (design 16 §4.3). */
export function mirrorRules({ model, inventory }: LawfulSet): readonly QueriedRule[] {
  const { sql, id } = dialectOf[model.dialect];
  const mirrored = inventory.triggers.flatMap((trigger) =>
    trigger.kind === 'DocumentStamping' &&
    qualified(trigger.mirrorStampTargetTable ?? core.document) === qualified(trigger.table)
      ? [trigger.table]
      : [],
  );
  return [...new Map(mirrored.map((table) => [qualified(table), table])).values()].map((table) => ({
    rule: 'contentVersion',
    object: qualified(table),
    table,
    row: sql`t`,
    key: ['DocumentId'],
    values: stampColumns.map((column) => ({ column, isText: false })),
    unique: [],
    from: [core.document],
    expected: {
      in: 'query',
      before: group(),
      arms: [
        {
          from: sql`${core.document} AS d`,
          where: null,
          key: [sql`d."DocumentId"`],
          values: stampColumns.map((column) => sql`d.${id(column)}`),
        },
      ],
    },
  }));
}
