import { core, coreV2, type DbTableName, qualified } from '@dms/model';
import type { DataInput, RowCheck } from './data-finding.ts';
import type { RowDialect } from './row-dialect.ts';
import { columnsIn, namesOf, plain, tableOf } from './row-names.ts';

/** Rows of the cache and of its queue are of a document and not ahead of it. */
export function cacheChecks(input: DataInput, dialect: RowDialect): RowCheck[] {
  const { q, named, id, document } = namesOf(dialect);
  const checkOf = (
    kind: 'cache' | 'queue',
    name: DbTableName,
    rows: readonly (readonly [column: string, condition: string])[],
  ) => {
    const table = tableOf(input, name);
    const conditions = rows.flatMap(([column, condition]) => (columnsIn(table, column) ? [condition] : []));
    if (table === undefined || conditions.length === 0) return [];
    const find = plain(
      `SELECT ${dialect.uuidText(`d.${q('DocumentUuid')}`)} AS example FROM ${named(name)} AS t INNER JOIN ${document} AS d ON d.${id} = t.${id} WHERE ${conditions.join(' OR ')}`,
    );
    return [{ kind, object: qualified(name), table: qualified(name), find, repair: [] }];
  };
  const isAhead = (own: string, of: string) => [own, `t.${q(own)} > d.${q(of)}`] as const;
  const otherResource = ['ProjectName', 'ResourceName', 'ResourceVersion']
    .map((name) => `k.${q(name)} = t.${q(name)}`)
    .join(' AND ');
  return [
    ...checkOf('cache', core.documentCache, [
      ['DocumentUuid', `t.${q('DocumentUuid')} <> d.${q('DocumentUuid')}`],
      [
        'ResourceName',
        `NOT EXISTS (SELECT 1 FROM ${named(core.resourceKey)} AS k WHERE k.${q('ResourceKeyId')} = d.${q('ResourceKeyId')} AND ${otherResource})`,
      ],
      isAhead('ContentVersion', 'ContentVersion'),
      isAhead('LastModifiedAt', 'ContentLastModifiedAt'),
    ]),
    ...checkOf('queue', coreV2.documentProjectionWork, [
      isAhead('RequiredContentVersion', 'ContentVersion'),
      ['RequiredContentVersion', `t.${q('RequiredContentVersion')} <= 0`],
      ['FirstEnqueuedAt', `t.${q('FirstEnqueuedAt')} > t.${q('LastEnqueuedAt')}`],
    ]),
  ];
}
