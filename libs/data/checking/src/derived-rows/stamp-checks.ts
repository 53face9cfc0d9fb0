import type { CatalogTable } from '@dms/catalog';
import { type Connection, type Limits, rowsOf } from '@dms/databases';
import { mirrorRules, statementsOf } from '@dms/laws';
import { core, coreV1, coreV2, type DbTableName, qualified } from '@dms/model';
import { join, type PlainSql } from '@dms/sql';
import type { CheckedSet } from '../checked-set.ts';
import { cacheChecks } from './cached-documents.ts';
import type { RowCheck } from './data-finding.ts';
import type { RowDialect } from './row-dialect.ts';
import {
  columnsIn,
  isIncomplete,
  isNoTime,
  namesOf,
  rowCheck,
  rowDialects,
  tableNameOf,
  tableOf,
} from './row-dialects.ts';

/*
 * Stamps of documents, and the rows that copy them: mirrors, journal, cache, queue (design 06 §5.2, 16 §2.5 and §4.3).
 */

/** The last generated version, and the greatest version that is certainly in use. */
export interface KnownVersions {
  readonly last: string;
  /** At least `last`; greater if the sequence is behind versions that two rows agree on. */
  readonly used: bigint;
}

export function stampChecks(input: CheckedSet, dialect: RowDialect, versions: KnownVersions): RowCheck[] {
  return [
    ...documentStampChecks(input, dialect, versions),
    ...timeChecks(input, dialect),
    ...mirrorChecks(input, dialect, versions),
    ...journalChecks(input, dialect, versions),
    ...cacheChecks(input, dialect),
  ];
}

/** Versions that were never drawn or that two documents have, and impossible times. */
function documentStampChecks(input: CheckedSet, dialect: RowDialect, versions: KnownVersions): RowCheck[] {
  const used = dialect.rules.literal(versions.used);
  const { sql, q, named, document } = namesOf(dialect);
  const uuid = dialect.rules.text(sql`d."DocumentUuid"`, 'uuid');
  const content = sql`d."ContentVersion"`;
  const identity = sql`d."IdentityVersion"`;
  const times = ['ContentLastModifiedAt', 'IdentityLastModifiedAt', 'CreatedAt'].map((name) =>
    isNoTime(sql`d.${q(name)}`, dialect),
  );
  const impossible = [
    sql`${content} <= 0`,
    sql`${identity} <= 0`,
    sql`${content} > ${used}`,
    sql`(${identity} > ${used} AND ${identity} <> ${content} + 1)`,
    ...times,
  ];
  const doubled = (column: string) =>
    sql`SELECT ${uuid} AS example FROM ${document} AS d INNER JOIN (SELECT e.${q(column)} AS version FROM ${document} AS e GROUP BY e.${q(column)} HAVING count(*) > 1) AS s ON s.version = d.${q(column)}`;
  const queries = [
    sql`SELECT ${uuid} AS example FROM ${document} AS d WHERE ${join(impossible, ' OR ')}`,
    doubled('ContentVersion'),
    doubled('IdentityVersion'),
  ];
  const ofDocument = rowCheck('stamp', qualified(core.document), join(queries, '\nUNION '));
  const ofTracked = trackedTables(input).map((table): RowCheck => {
    const change = sql`t."ChangeVersion"`;
    return rowCheck(
      'stamp',
      qualified(table),
      sql`SELECT ${dialect.rules.text(change, 'bigint')} AS example FROM ${named(tableNameOf(table))} AS t WHERE ${change} <= 0 OR ${change} > ${used} OR ${isNoTime(sql`t."CreatedAt"`, dialect)}`,
    );
  });
  return [ofDocument, ...ofTracked];
}

/** The tables of deleted documents and changed keys. */
const trackedTables = ({ catalog }: CheckedSet): readonly CatalogTable[] =>
  catalog.tables.filter((table) => table.schema !== core.document.schema && columnsIn(table, 'ChangeVersion'));

/** Columns of times that the database writes, by table; the other times are checked with versions. */
const ownTimes: readonly (readonly [DbTableName, readonly string[]])[] = [
  [core.documentCache, ['LastModifiedAt', 'ComputedAt']],
  [coreV1.documentChangeEvent, ['CreatedAt']],
  [coreV2.documentProjectionWork, ['FirstEnqueuedAt', 'LastEnqueuedAt']],
  [core.effectiveSchema, ['AppliedAt']],
];

/** Times that no clock can have shown. */
function timeChecks(input: CheckedSet, dialect: RowDialect): RowCheck[] {
  const { sql, literal, q, named, joined } = namesOf(dialect);
  return ownTimes.flatMap(([name, columns]): RowCheck[] => {
    const own = columns.filter((column) => columnsIn(tableOf(input, name), column));
    if (own.length === 0) return [];
    const shown = joined(
      own.flatMap((column, index) => [...(index === 0 ? [] : [literal(', ')]), dialect.shownText(sql`t.${q(column)}`)]),
    );
    const impossible = own.map((column) => isNoTime(sql`t.${q(column)}`, dialect));
    const query = sql`SELECT ${shown} AS example FROM ${named(name)} AS t WHERE ${join(impossible, ' OR ')}`;
    return [rowCheck('stamp', qualified(name), query, { object: `${qualified(name)} ${own.join(', ')}` })];
  });
}

/**
 * Root rows copy the stamps of their document; if one of two stamps is impossible, it is the wrong one, otherwise
 * either may be.
 */
function mirrorChecks(input: CheckedSet, dialect: RowDialect, versions: KnownVersions): RowCheck[] {
  const used = dialect.rules.literal(versions.used);
  const { sql, q, bothOf } = namesOf(dialect);
  const isImpossible = (alias: PlainSql) => {
    const version = sql`${alias}."ContentVersion"`;
    return sql`(${version} <= 0 OR ${version} > ${used} OR ${isNoTime(sql`${alias}."ContentLastModifiedAt"`, dialect)})`;
  };
  const decided = sql`(${isImpossible(sql`t`)} AND NOT ${isImpossible(sql`d`)})`;
  return mirrorRules(input).flatMap((rule): RowCheck[] => {
    const { wrong, corrections } = statementsOf(rule, dialect.rules.name);
    const stamps = (alias: PlainSql) => rule.values.map(({ column }) => dialect.shownText(sql`${alias}.${q(column)}`));
    const uuid = dialect.rules.text(sql`d."DocumentUuid"`, 'uuid');
    const rows = (example: PlainSql, condition: PlainSql) => wrong(condition, sql`${example} AS example`);
    return [
      rowCheck('contentVersion', rule.object, rows(uuid, decided), {
        repair: corrections(decided),
      }),
      rowCheck('contentVersion', rule.object, rows(bothOf(uuid, stamps(sql`t`), stamps(sql`d`)), sql`NOT ${decided}`)),
    ];
  });
}

/**
 * The journal has the versions of each document, with its resource (design 06 §5.2). Three versions of a document are
 * known: the first one, the one with which its identity changed last, and the last one. The versions in between are
 * stored only in the journal.
 */
function journalChecks(input: CheckedSet, dialect: RowDialect, versions: KnownVersions): RowCheck[] {
  const used = dialect.rules.literal(versions.used);
  const table = coreV1.documentChangeEvent;
  if (tableOf(input, table) === undefined) return [];
  const { sql, q, named, id, document, bothOf } = namesOf(dialect);
  const uuid = dialect.rules.text(sql`d."DocumentUuid"`, 'uuid');
  const version = sql`t."ChangeVersion"`;
  const content = sql`d."ContentVersion"`;
  const key = q('ResourceKeyId');
  const time = sql`t."CreatedAt"`;
  const identity = sql`d."IdentityVersion"`;
  const withDocument = (example: PlainSql) =>
    sql`SELECT ${example} AS example FROM ${named(table)} AS t INNER JOIN ${document} AS d ON d.${id} = t.${id}`;
  const lacks = (condition: PlainSql) =>
    sql`SELECT ${uuid} AS example FROM ${document} AS d WHERE NOT EXISTS (SELECT 1 FROM ${named(table)} AS t WHERE t.${id} = d.${id} AND ${condition})`;
  // all rows of a transaction have the same time, if the engine has a transaction time
  const byTime = dialect.hasTransactionTime
    ? [lacks(sql`${time} = d."CreatedAt"`), lacks(sql`${time} = d."IdentityLastModifiedAt"`)]
    : [];
  const ofKeys = { object: `${qualified(table)} ResourceKeyId` };
  // the version of the document shows that the row belongs to this document
  const isLast = sql`${version} = ${content}`;
  const differs = sql`t.${key} <> d.${key}`;
  const keys = (alias: PlainSql) => [dialect.rules.text(sql`${alias}.${key}`, 'bigint')];
  const ofVersions = [
    lacks(isLast),
    sql`${withDocument(uuid)} WHERE ${version} > ${content} OR ${version} <= 0 OR ${version} > ${used}`,
    // the identity gets its version right after the content
    lacks(sql`${version} <= ${identity}`),
    ...byTime,
  ];
  return [
    rowCheck('journal', qualified(table), join(ofVersions, '\nUNION '), {
      object: `${qualified(table)} ChangeVersion`,
    }),
    rowCheck('journal', qualified(table), sql`${withDocument(uuid)} WHERE ${differs} AND ${isLast}`, {
      ...ofKeys,
      repair: [
        dialect.update({
          table,
          assignments: [{ column: 'ResourceKeyId', value: sql`d.${key}` }],
          from: [{ table: core.document, alias: sql`d`, on: sql`d.${id} = t.${id}` }],
          where: sql`${differs} AND ${isLast}`,
        }),
      ],
      // the resource key of a document is right if its row is in the table of that resource
      doubts: (found) => isIncomplete(found) || found.table === qualified(core.descriptor),
    }),
    rowCheck(
      'journal',
      qualified(table),
      sql`${withDocument(bothOf(uuid, keys(sql`t`), keys(sql`d`)))} WHERE ${differs} AND NOT (${isLast})`,
      ofKeys,
    ),
  ];
}

/**
 * Reads both versions. A version that only one row has says nothing about the sequence, because the row may be wrong. A
 * version in a document and in its mirror or its row of the journal does. If the sequence is behind such a version, the
 * versions of tracked changes count, too.
 */
export async function knownVersions(connection: Connection, input: CheckedSet, limits: Limits): Promise<KnownVersions> {
  const dialect = rowDialects[connection.dialect];
  const { sql, q, named, id, document } = namesOf(dialect);
  const last = dialect.lastNumber({ kind: 'sequence', sequence: core.changeVersionSequence });
  const version = q('ContentVersion');
  const agreed = (table: DbTableName, column: string) =>
    sql`FROM ${document} AS d INNER JOIN ${named(table)} AS t ON t.${id} = d.${id} AND t.${q(column)} = d.${version}`;
  const journal = tableOf(input, coreV1.documentChangeEvent);
  const pairs = [
    ...(journal === undefined ? [] : [agreed(coreV1.documentChangeEvent, 'ChangeVersion')]),
    ...mirrorRules(input).map(({ table }) => agreed(table, 'ContentVersion')),
  ];
  const identity = q('IdentityVersion');
  // a new document takes its identity version right after its content version
  const greatest = sql`CASE WHEN d.${identity} = d.${version} + 1 THEN d.${identity} ELSE d.${version} END`;
  const maxima = pairs.map((from) => sql`SELECT max(${greatest}) AS used ${from}`);
  const tracked = trackedTables(input).map(
    (table) => sql`SELECT max(t."ChangeVersion") AS used FROM ${named(tableNameOf(table))} AS t`,
  );
  const maximumOf = (queries: readonly PlainSql[]) =>
    queries.length === 0 ? sql`NULL` : sql`(SELECT max(m.used) FROM (${join(queries, ' UNION ALL ')}) AS m)`;
  const [row] = await rowsOf<{ last: string; used: string | null; tracked: string | null }>(
    connection,
    sql`SELECT ${dialect.rules.text(last, 'bigint')} AS last, ${dialect.rules.text(maximumOf(maxima), 'bigint')} AS used, ${dialect.rules.text(maximumOf(tracked), 'bigint')} AS tracked`,
    limits,
  );
  const start = BigInt(row?.last ?? 0);
  const used = BigInt(row?.used ?? 0);
  const all = [used, BigInt(row?.tracked ?? 0)].reduce((left, right) => (left > right ? left : right));
  return { last: String(start), used: used > start ? all : start };
}
