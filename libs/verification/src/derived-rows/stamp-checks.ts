import { mirrorColumns } from '@dms/catalog';
import { core, coreV1, coreV2, type DbTableName, qualified } from '@dms/model';
import { cacheChecks } from './cache-checks.ts';
import type { DataInput, RowCheck } from './data-finding.ts';
import { journalChecks } from './journal-checks.ts';
import { type KnownVersions, mirrors, trackedTables } from './known-versions.ts';
import type { RowDialect } from './row-dialect.ts';
import { columnsIn, isNoTime, namesOf, plain, tableNameOf, tableOf } from './row-names.ts';

/*
 * Stamps of documents, and the rows that repeat them: mirrors, journal, cache, queue (design 06 §5.2, 16 §2.5 and
 * §4.3).
 */

/**
 * Times that the database itself writes, by table; those of documents, mirrors and recorded changes are checked with
 * their versions.
 */
const ownTimes: readonly (readonly [DbTableName, readonly string[]])[] = [
  [core.documentCache, ['LastModifiedAt', 'ComputedAt']],
  [coreV1.documentChangeEvent, ['CreatedAt']],
  [coreV2.documentProjectionWork, ['FirstEnqueuedAt', 'LastEnqueuedAt']],
  [core.effectiveSchema, ['AppliedAt']],
];

/** Times that no clock can have shown. */
function timeChecks(input: DataInput, dialect: RowDialect): RowCheck[] {
  const { q, named } = namesOf(dialect);
  return ownTimes.flatMap(([name, columns]): RowCheck[] => {
    const own = columns.filter((column) => columnsIn(tableOf(input, name), column));
    if (own.length === 0) return [];
    const shown = own
      .map((column) => `${dialect.shownText(`t.${q(column)}`)}`)
      .join(` ${dialect.concatenation} ${dialect.rules.stringLiteral(', ')} ${dialect.concatenation} `);
    const impossible = own.map((column) => isNoTime(`t.${q(column)}`, dialect));
    const object = `${qualified(name)} ${own.join(', ')}`;
    const find = plain(`SELECT ${shown} AS example FROM ${named(name)} AS t WHERE ${impossible.join(' OR ')}`);
    return [{ kind: 'stamp', object, table: qualified(name), find, repair: [] }];
  });
}

/** Versions that were never drawn, that two documents have, or times that have not come yet. */
function documentStampChecks(input: DataInput, dialect: RowDialect, { used }: KnownVersions): RowCheck[] {
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
  const ofDocument: RowCheck = {
    kind: 'stamp',
    object: qualified(core.document),
    table: qualified(core.document),
    find: plain(
      [
        `SELECT ${uuid} AS example FROM ${document} AS d WHERE ${impossible.join(' OR ')}`,
        doubled('ContentVersion'),
        doubled('IdentityVersion'),
      ].join('\nUNION '),
    ),
    repair: [],
  };
  const ofTracked = trackedTables(input).map((table): RowCheck => {
    const change = `t.${q('ChangeVersion')}`;
    return {
      kind: 'stamp',
      object: qualified(table),
      table: qualified(table),
      find: plain(
        `SELECT ${dialect.numberText(change)} AS example FROM ${named(tableNameOf(table))} AS t WHERE ${change} <= 0 OR ${change} > ${used} OR ${isNoTime(`t.${q('CreatedAt')}`, dialect)}`,
      ),
      repair: [],
    };
  });
  return [ofDocument, ...ofTracked];
}

/**
 * Root rows repeat the stamps of their document. A stamp that cannot have been given is the wrong one; otherwise either
 * may be.
 */
function mirrorChecks(input: DataInput, dialect: RowDialect, { used }: KnownVersions): RowCheck[] {
  const { q, named, id, document, bothOf } = namesOf(dialect);
  const differs = dialect.differ(
    mirrorColumns.map((name) => ({ left: `t.${q(name)}`, right: `d.${q(name)}`, isText: false })),
  );
  const isImpossible = (alias: string) => {
    const version = `${alias}.${q('ContentVersion')}`;
    return `(${version} <= 0 OR ${version} > ${used} OR ${isNoTime(`${alias}.${q('ContentLastModifiedAt')}`, dialect)})`;
  };
  const isDecided = `(${isImpossible('t')} AND NOT ${isImpossible('d')})`;
  return mirrors(input).flatMap((mirror): RowCheck[] => {
    const table = tableNameOf(mirror);
    const stamps = (alias: string) => mirrorColumns.map((name) => dialect.shownText(`${alias}.${q(name)}`));
    const uuid = dialect.uuidText(`d.${q('DocumentUuid')}`);
    const rows = (example: string) =>
      `SELECT ${example} AS example FROM ${named(table)} AS t INNER JOIN ${document} AS d ON d.${id} = t.${id} WHERE ${differs}`;
    const check = { kind: 'contentVersion' as const, object: qualified(table), table: qualified(table) };
    return [
      {
        ...check,
        find: plain(`${rows(uuid)} AND ${isDecided}`),
        repair: [
          dialect.update({
            table,
            assignments: mirrorColumns.map((column) => ({ column, value: `d.${q(column)}` })),
            from: [{ table: core.document, alias: 'd', on: `d.${id} = t.${id}` }],
            where: `${differs} AND ${isDecided}`,
          }),
        ],
      },
      { ...check, find: plain(`${rows(bothOf(uuid, stamps('t'), stamps('d')))} AND NOT ${isDecided}`), repair: [] },
    ];
  });
}

export function stampChecks(input: DataInput, dialect: RowDialect, versions: KnownVersions): RowCheck[] {
  return [
    ...documentStampChecks(input, dialect, versions),
    ...timeChecks(input, dialect),
    ...mirrorChecks(input, dialect, versions),
    ...journalChecks(input, dialect, versions),
    ...cacheChecks(input, dialect),
  ];
}
