import { core } from '@dms/model';
import { constructorRows, dialectOf, join } from '@dms/sql';
import { chunk } from 'es-toolkit/array';
import { mssqlHistory } from '../history/mssql-history.ts';
import { pgsqlHistory } from '../history/pgsql-history.ts';
import { descriptorBlock } from '../script/row-queries.ts';
import type { Act, Acts, TextOf } from './act.ts';
import type { StatementKind } from './effect.ts';
import type {
  ActsOf,
  ChangeVersions,
  CheckRows,
  CloseHierarchy,
  DeleteAbstractIdentities,
  DeleteDocuments,
  DeleteReferentialIds,
  DeleteResourceKeys,
  EmptyTable,
  InsertAbstractIdentities,
  InsertReferentialIds,
  InsertResourceKeys,
  RefillCache,
  RenameDiscriminators,
  RenumberRows,
  RowOperation,
  Settle,
  WriteFingerprint,
} from './operation.ts';

/* Queries on rows, and statements that write rows. */

const { sql: pg, lines: pgLines, id: pgId, literal: pgLiteral } = dialectOf.pgsql;
const { sql: ms, lines: msLines, id: msId, literal: msLiteral } = dialectOf.mssql;

type RowKind = Extract<StatementKind, 'update rows' | 'insert rows' | 'delete rows'>;

/** Row locks of rows that are there make writers wait. */
const pgRows: Readonly<Record<RowKind, Pick<Act<never, 'pgsql'>, 'rowsBlock'>>> = {
  'update rows': { rowsBlock: 'writers' },
  'insert rows': {},
  'delete rows': { rowsBlock: 'writers' },
};

/** What it means to write rows; `text` serves both engines. On SQL Server thousands of row locks become one table lock. */
function writing<Op>(does: RowKind, text: TextOf<Op>): { pgsql: Act<Op, 'pgsql'>; mssql: Act<Op, 'mssql'> } {
  const every = { does, work: 'row writes', onRows: true, sql: text } as const;
  return {
    pgsql: { ...every, ...pgRows[does], lock: 'ROW EXCLUSIVE', source: 'pg locking' },
    mssql: { ...every, lock: 'X', source: 'ms lock modes' },
  };
}

/** The acts of an operation that writes rows with one text. */
function written<Op>(text: TextOf<Op>, ...kinds: readonly RowKind[]): Acts<Op> {
  const acts = kinds.map((does) => writing(does, text));
  return { pgsql: acts.map(({ pgsql }) => pgsql), mssql: acts.map(({ mssql }) => mssql) };
}

const deletedAll: TextOf<EmptyTable> = ({ table }, { dialect: { rules } }) => rules.sql`DELETE FROM ${table};`;

const settled: Acts<Settle> = {
  pgsql: [
    {
      does: 'run deferred checks',
      lock: null,
      work: 'none',
      source: 'pg objects',
      // pending trigger events forbid ALTER TABLE
      sql: () => pg`SET CONSTRAINTS ALL IMMEDIATE;`,
    },
  ],
  mssql: [],
};

const checked: TextOf<CheckRows> = ({ checks, losses }, { dialect }) => dialect.checks(checks, losses);

const documentsText: TextOf<DeleteDocuments> = ({ table, resourceKeyIds }, { dialect: { rules } }) =>
  rules.sql`DELETE FROM ${table} WHERE "ResourceKeyId" IN (${rules.literals(resourceKeyIds)});`;

const keysText: TextOf<DeleteResourceKeys> = ({ table, ids }, { dialect: { rules } }) =>
  rules.sql`DELETE FROM ${table} WHERE "ResourceKeyId" IN (${rules.literals(ids)});`;

const versionsText: TextOf<ChangeVersions> = ({ table, version, ids }, { dialect: { rules } }) =>
  rules.sql`UPDATE ${table} SET "ResourceVersion" = ${rules.literal(version)} WHERE "ResourceKeyId" IN (${rules.literals(ids)});`;

const insertedKeys: TextOf<InsertResourceKeys> = ({ resourceKeys }, { statements }) =>
  statements.resourceKeys({ resourceKeys });

const pgRenumbered: TextOf<RenumberRows> = ({ table, column, moves }) => {
  const rows = moves.map(([from, to]) => pg`(${pgLiteral(from)}::smallint, ${pgLiteral(to)}::smallint)`);
  return pgLines`
    UPDATE ${table} AS t
    SET ${pgId(column)} = moves.later
    FROM (VALUES ${join(rows)}) AS moves ("earlier", "later")
    WHERE t.${pgId(column)} = moves.earlier;`;
};

const msRenumbered: TextOf<RenumberRows> = ({ table, column, moves }) => {
  const row = ([from, to]: readonly [number, number]) => ms`(${msLiteral(from)}, ${msLiteral(to)})`;
  const chunks = chunk(moves, constructorRows).map(
    (piece) => ms`SELECT v.earlier, v.later FROM (VALUES ${join(piece.map(row))}) AS v (earlier, later)`,
  );
  return msLines`
    UPDATE t
    SET t.${msId(column)} = moves.later
    FROM ${table} AS t
    INNER JOIN (${join(chunks, ' UNION ALL ')}) AS moves ON moves.earlier = t.${msId(column)};`;
};

const renamedText: TextOf<RenameDiscriminators> = ({ table, column, to, of }, { dialect: { rules } }) => {
  const { sql, id, literal: text } = rules;
  const where = () => {
    if ('name' in of) return sql`${id(column)} = ${text(of.name)}`;
    const documents =
      'member' in of
        ? sql`SELECT m."DocumentId" FROM ${of.member} AS m`
        : sql`SELECT d."DocumentId" FROM ${core.document} AS d WHERE d."ResourceKeyId" = ${text(of.resourceKeyId)}`;
    return sql`"DocumentId" IN (${documents})`;
  };
  return sql`UPDATE ${table} SET ${id(column)} = ${text(to)} WHERE ${where()};`;
};

const leaversText: TextOf<DeleteAbstractIdentities> = ({ table, member }, { dialect: { rules } }) =>
  rules.sql`DELETE FROM ${table} WHERE "DocumentId" IN (SELECT m."DocumentId" FROM ${member} AS m);`;

const membersText: TextOf<InsertAbstractIdentities> = ({ trigger }, { rows }) => rows.abstractIdentities(trigger);

const deletedIds: TextOf<DeleteReferentialIds> = ({ table, of }, { dialect: { rules } }) => {
  const { sql } = rules;
  if ('resourceKeyId' in of)
    return sql`DELETE FROM ${table} WHERE "ResourceKeyId" = ${rules.literal(of.resourceKeyId)};`;
  // all identities of the table's documents, including those for a former superclass
  return sql`DELETE FROM ${table} WHERE "DocumentId" IN (SELECT t."DocumentId" FROM ${of.table} AS t);`;
};

const insertedIds: TextOf<InsertReferentialIds> = ({ table, of }, { dialect: { rules }, rows }) => {
  if ('block' in of) return rows.referentialIds(of.block, of.table);
  const number = rules.literal(of.descriptor.id);
  return rules.lines`
    INSERT INTO ${table} ("ReferentialId", "DocumentId", "ResourceKeyId")
    SELECT ${rows.referentialId(descriptorBlock(of.descriptor))}, t."DocumentId", ${number}
    FROM ${core.descriptor} AS t
    INNER JOIN ${core.document} AS d ON d."DocumentId" = t."DocumentId"
    WHERE d."ResourceKeyId" = ${number};`;
};

const hierarchyText: TextOf<CloseHierarchy> = ({ hierarchy }, { rows }) => rows.hierarchy(hierarchy);
const refilled: TextOf<RefillCache> = (_, { refillCache }) => refillCache;
const fingerprintText: TextOf<WriteFingerprint> = ({ info }, { statements }) => statements.fingerprint(info);

export const rowActs: ActsOf<RowOperation['op']> = {
  checkRows: {
    pgsql: [
      { does: 'check rows', lock: 'ACCESS SHARE', work: 'scan', source: 'pg locking', onRows: true, sql: checked },
    ],
    mssql: [{ does: 'check rows', lock: 'IS', work: 'scan', source: 'ms lock modes', onRows: true, sql: checked }],
  },
  settleDocuments: settled,
  settleValues: settled,
  settleKeys: settled,
  deleteDocuments: written(documentsText, 'delete rows'),
  deleteTrackedChanges: written(deletedAll, 'delete rows'),
  renumberRows: {
    pgsql: [writing('update rows', pgRenumbered).pgsql],
    mssql: [writing('update rows', msRenumbered).mssql],
  },
  deleteResourceKeys: written(keysText, 'delete rows'),
  changeVersions: written(versionsText, 'update rows'),
  insertResourceKeys: written(insertedKeys, 'insert rows'),
  renameDiscriminators: written(renamedText, 'update rows'),
  deleteAbstractIdentities: written(leaversText, 'delete rows'),
  insertAbstractIdentities: written(membersText, 'insert rows'),
  deleteReferentialIds: written(deletedIds, 'delete rows'),
  insertReferentialIds: written(insertedIds, 'insert rows'),
  closeHierarchy: written(hierarchyText, 'delete rows', 'insert rows'),
  recordUpgrade: {
    pgsql: [
      {
        does: 'comment table',
        lock: 'SHARE UPDATE EXCLUSIVE',
        work: 'none',
        source: 'pg locking',
        sql: ({ record }) => pgsqlHistory.record(record),
      },
    ],
    mssql: [
      {
        // an extended property
        does: 'comment table',
        lock: 'Sch-M',
        work: 'none',
        source: 'ms lock modes',
        sql: ({ record }) => mssqlHistory.record(record),
      },
    ],
  },
  emptyCache: written(deletedAll, 'delete rows'),
  refillCache: written(refilled, 'insert rows'),
  deleteFingerprint: written(deletedAll, 'delete rows'),
  writeFingerprint: written(fingerprintText, 'insert rows'),
};
