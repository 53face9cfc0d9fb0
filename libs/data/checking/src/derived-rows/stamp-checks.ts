import type { CatalogTable } from '@dms/catalog';
import type { Connection, Limits } from '@dms/databases';
import { mirrorRules, statementsOf } from '@dms/laws';
import { core, coreV1, coreV2, type DbTableName, qualified } from '@dms/model';
import { textOf, trusted } from '@dms/sql';
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
  readonly used: string;
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
function documentStampChecks(input: CheckedSet, dialect: RowDialect, { used }: KnownVersions): RowCheck[] {
  const { q, named, document } = namesOf(dialect);
  const uuid = dialect.uuidText(`d.${q('DocumentUuid')}`);
  const content = `d.${q('ContentVersion')}`;
  const identity = `d.${q('IdentityVersion')}`;
  const times = ['ContentLastModifiedAt', 'IdentityLastModifiedAt', 'CreatedAt'].map((name) =>
    isNoTime(`d.${q(name)}`, dialect),
  );
  const impossible = [
    `${content} <= 0`,
    `${identity} <= 0`,
    `${content} > ${used}`,
    `(${identity} > ${used} AND ${identity} <> ${content} + 1)`,
    ...times,
  ];
  const doubled = (column: string) =>
    `SELECT ${uuid} AS example FROM ${document} AS d INNER JOIN (SELECT e.${q(column)} AS version FROM ${document} AS e GROUP BY e.${q(column)} HAVING count(*) > 1) AS s ON s.version = d.${q(column)}`;
  const queries = [
    `SELECT ${uuid} AS example FROM ${document} AS d WHERE ${impossible.join(' OR ')}`,
    doubled('ContentVersion'),
    doubled('IdentityVersion'),
  ];
  const ofDocument = rowCheck('stamp', qualified(core.document), queries.join('\nUNION '));
  const ofTracked = trackedTables(input).map((table): RowCheck => {
    const change = `t.${q('ChangeVersion')}`;
    return rowCheck(
      'stamp',
      qualified(table),
      `SELECT ${dialect.numberText(change)} AS example FROM ${named(tableNameOf(table))} AS t WHERE ${change} <= 0 OR ${change} > ${used} OR ${isNoTime(`t.${q('CreatedAt')}`, dialect)}`,
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
  const { q, named } = namesOf(dialect);
  return ownTimes.flatMap(([name, columns]): RowCheck[] => {
    const own = columns.filter((column) => columnsIn(tableOf(input, name), column));
    if (own.length === 0) return [];
    const shown = own
      .map((column) => `${dialect.shownText(`t.${q(column)}`)}`)
      .join(` ${dialect.concatenation} ${dialect.rules.stringLiteral(', ')} ${dialect.concatenation} `);
    const impossible = own.map((column) => isNoTime(`t.${q(column)}`, dialect));
    const query = `SELECT ${shown} AS example FROM ${named(name)} AS t WHERE ${impossible.join(' OR ')}`;
    return [rowCheck('stamp', qualified(name), query, { object: `${qualified(name)} ${own.join(', ')}` })];
  });
}

/**
 * Root rows copy the stamps of their document; if one of two stamps is impossible, it is the wrong one, otherwise
 * either may be.
 */
function mirrorChecks(input: CheckedSet, dialect: RowDialect, { used }: KnownVersions): RowCheck[] {
  const { q, bothOf } = namesOf(dialect);
  const isImpossible = (alias: string) => {
    const version = `${alias}.${q('ContentVersion')}`;
    return `(${version} <= 0 OR ${version} > ${used} OR ${isNoTime(`${alias}.${q('ContentLastModifiedAt')}`, dialect)})`;
  };
  const decided = `(${isImpossible('t')} AND NOT ${isImpossible('d')})`;
  return mirrorRules(input).flatMap((rule): RowCheck[] => {
    const { wrong, corrections } = statementsOf(rule, dialect.rules.name);
    const stamps = (alias: string) => rule.values.map(({ column }) => dialect.shownText(`${alias}.${q(column)}`));
    const uuid = dialect.uuidText(`d.${q('DocumentUuid')}`);
    const rows = (example: string, condition: string) =>
      textOf(wrong(trusted(condition), trusted(`${example} AS example`)));
    return [
      rowCheck('contentVersion', rule.object, rows(uuid, decided), {
        repair: corrections(trusted(decided)).map(textOf),
      }),
      rowCheck('contentVersion', rule.object, rows(bothOf(uuid, stamps('t'), stamps('d')), `NOT ${decided}`)),
    ];
  });
}

/**
 * The journal has the versions of each document, with its resource (design 06 §5.2). Three versions of a document are
 * known: the first one, the one with which its identity changed last, and the last one. The versions in between are
 * stored only in the journal.
 */
function journalChecks(input: CheckedSet, dialect: RowDialect, { used }: KnownVersions): RowCheck[] {
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
  // all rows of a transaction have the same time, if the engine has a transaction time
  const byTime = dialect.hasTransactionTime
    ? [lacks(`${time} = d.${q('CreatedAt')}`), lacks(`${time} = d.${q('IdentityLastModifiedAt')}`)]
    : [];
  const ofKeys = { object: `${qualified(table)} ResourceKeyId` };
  // the version of the document shows that the row belongs to this document
  const isLast = `${version} = ${content}`;
  const differs = `t.${key} <> d.${key}`;
  const keys = (alias: string) => [dialect.numberText(`${alias}.${key}`)];
  const versions = [
    lacks(isLast),
    `${joined(uuid)} WHERE ${version} > ${content} OR ${version} <= 0 OR ${version} > ${used}`,
    // the identity gets its version right after the content
    lacks(`${version} <= ${identity}`),
    ...byTime,
  ];
  return [
    rowCheck('journal', qualified(table), versions.join('\nUNION '), { object: `${qualified(table)} ChangeVersion` }),
    rowCheck('journal', qualified(table), `${joined(uuid)} WHERE ${differs} AND ${isLast}`, {
      ...ofKeys,
      repair: [
        dialect.update({
          table,
          assignments: [{ column: 'ResourceKeyId', value: `d.${key}` }],
          from: [{ table: core.document, alias: 'd', on: `d.${id} = t.${id}` }],
          where: `${differs} AND ${isLast}`,
        }),
      ],
      // the resource key of a document is right if its row is in the table of that resource
      doubts: (found) => isIncomplete(found) || found.table === qualified(core.descriptor),
    }),
    rowCheck(
      'journal',
      qualified(table),
      `${joined(bothOf(uuid, keys('t'), keys('d')))} WHERE ${differs} AND NOT (${isLast})`,
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
  const { q, named, id, document } = namesOf(dialect);
  const last = dialect.lastNumber({ kind: 'sequence', sequence: core.changeVersionSequence });
  const version = q('ContentVersion');
  const agreed = (table: DbTableName, column: string) =>
    `FROM ${document} AS d INNER JOIN ${named(table)} AS t ON t.${id} = d.${id} AND t.${q(column)} = d.${version}`;
  const journal = tableOf(input, coreV1.documentChangeEvent);
  const pairs = [
    ...(journal === undefined ? [] : [agreed(coreV1.documentChangeEvent, 'ChangeVersion')]),
    ...mirrorRules(input).map(({ table }) => agreed(table, 'ContentVersion')),
  ];
  const identity = q('IdentityVersion');
  // a new document takes its identity version right after its content version
  const greatest = `CASE WHEN d.${identity} = d.${version} + 1 THEN d.${identity} ELSE d.${version} END`;
  const maxima = pairs.map((from) => `SELECT max(${greatest}) AS used ${from}`);
  const tracked = trackedTables(input).map(
    (table) => `SELECT max(t.${q('ChangeVersion')}) AS used FROM ${named(tableNameOf(table))} AS t`,
  );
  const maximumOf = (queries: readonly string[]) =>
    queries.length === 0 ? 'NULL' : `(SELECT max(m.used) FROM (${queries.join(' UNION ALL ')}) AS m)`;
  const [row] = await connection.query<{ last: string; used: string | null; tracked: string | null }>(
    `SELECT ${dialect.numberText(last)} AS last, ${dialect.numberText(maximumOf(maxima))} AS used, ${dialect.numberText(maximumOf(tracked))} AS tracked`,
    [],
    limits,
  );
  const start = BigInt(row?.last ?? 0);
  const used = BigInt(row?.used ?? 0);
  const all = [used, BigInt(row?.tracked ?? 0)].reduce((left, right) => (left > right ? left : right));
  return { last: String(start), used: String(used > start ? all : start) };
}
