import { core, coreV1, qualified } from '@dms/model';
import type { DataInput, RowCheck } from './data-finding.ts';
import type { KnownVersions } from './known-versions.ts';
import type { RowDialect } from './row-dialect.ts';
import { isIncomplete, namesOf, plain, tableOf } from './row-names.ts';

/**
 * The journal has the versions of each document, with its resource (design 06 §5.2). Which versions a document had is
 * known of three: the first one, the one with which its identity changed last, and the last one. Those in between are
 * stored once.
 */
export function journalChecks(input: DataInput, dialect: RowDialect, { used }: KnownVersions): RowCheck[] {
  const table = coreV1.documentChangeEvent;
  if (tableOf(input, table) === undefined) return [];
  const { q, named, id, document, bothOf } = namesOf(dialect);
  const uuid = dialect.uuidText(`d.${q('DocumentUuid')}`);
  const version = `t.${q('ChangeVersion')}`;
  const content = `d.${q('ContentVersion')}`;
  const key = q('ResourceKeyId');
  const time = `t.${q('CreatedAt')}`;
  const identity = `d.${q('IdentityVersion')}`;
  const joined = (example: string) =>
    `SELECT ${example} AS example FROM ${named(table)} AS t INNER JOIN ${document} AS d ON d.${id} = t.${id}`;
  const lacks = (condition: string) =>
    `SELECT ${uuid} AS example FROM ${document} AS d WHERE NOT EXISTS (SELECT 1 FROM ${named(table)} AS t WHERE t.${id} = d.${id} AND ${condition})`;
  // all rows of one transaction have its time, where the engine has one
  const byTime = dialect.hasTransactionTime
    ? [lacks(`${time} = d.${q('CreatedAt')}`), lacks(`${time} = d.${q('IdentityLastModifiedAt')}`)]
    : [];
  const check = { kind: 'journal' as const, table: qualified(table) };
  // the version of the document says that the row is of this document
  const isLast = `${version} = ${content}`;
  const differs = `t.${key} <> d.${key}`;
  const keys = (alias: string) => [dialect.numberText(`${alias}.${key}`)];
  return [
    {
      ...check,
      object: `${qualified(table)} ChangeVersion`,
      find: plain(
        [
          lacks(isLast),
          `${joined(uuid)} WHERE ${version} > ${content} OR ${version} <= 0 OR ${version} > ${used}`,
          // the identity gets its version right after the contents
          lacks(`${version} <= ${identity}`),
          ...byTime,
        ].join('\nUNION '),
      ),
      repair: [],
    },
    {
      ...check,
      object: `${qualified(table)} ResourceKeyId`,
      find: plain(`${joined(uuid)} WHERE ${differs} AND ${isLast}`),
      repair: [
        dialect.update({
          table,
          assignments: [{ column: 'ResourceKeyId', value: `d.${key}` }],
          from: [{ table: core.document, alias: 'd', on: `d.${id} = t.${id}` }],
          where: `${differs} AND ${isLast}`,
        }),
      ],
      // the key of a document is right if its row is in the table of that resource
      doubts: (found) => isIncomplete(found) || found.table === qualified(core.descriptor),
    },
    {
      ...check,
      object: `${qualified(table)} ResourceKeyId`,
      find: plain(`${joined(bothOf(uuid, keys('t'), keys('d')))} WHERE ${differs} AND NOT (${isLast})`),
      repair: [],
    },
  ];
}
