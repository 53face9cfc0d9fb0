import { core } from '@dms/model';
import {
  constructorRows,
  dialectRules,
  joined,
  mssqlName,
  pgsqlName,
  qualifiedName,
  type SqlDialect,
  textOf,
} from '@dms/sql';
import { chunk } from 'es-toolkit/array';
import { mssqlHistory } from '../history/mssql-history.ts';
import { pgsqlHistory } from '../history/pgsql-history.ts';
import { descriptorBlock } from '../script/row-queries.ts';
import type { Act, Acts, ActsOf, TextOf } from './act.ts';
import type { StatementKind } from './effect.ts';
import type {
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

const { quote: pg } = dialectRules.pgsql;
const { quote: ms } = dialectRules.mssql;

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

const deletedAll: TextOf<EmptyTable> = ({ table }, { dialect: { rules } }) =>
  `DELETE FROM ${qualifiedName(rules, table)};`;

/** Runs the checks that wait for the end of the transaction: pending trigger events forbid ALTER TABLE. */
export const deferredChecks: Readonly<Record<SqlDialect, readonly string[]>> = {
  pgsql: ['SET CONSTRAINTS ALL IMMEDIATE;'],
  mssql: [],
};

const settled: Acts<Settle> = {
  pgsql: [
    {
      does: 'run deferred checks',
      lock: null,
      work: 'none',
      source: 'pg objects',
      sql: () => deferredChecks.pgsql,
    },
  ],
  mssql: [],
};

const checked: TextOf<CheckRows> = ({ checks, losses }, { dialect }) => textOf(joined(dialect.checks(checks, losses)));

const documentsText: TextOf<DeleteDocuments> = ({ table, resourceKeyIds }, { dialect: { rules } }) =>
  `DELETE FROM ${qualifiedName(rules, table)} WHERE ${rules.quote('ResourceKeyId')} IN (${resourceKeyIds.join(', ')});`;

const keysText: TextOf<DeleteResourceKeys> = ({ table, ids }, { dialect: { rules } }) =>
  `DELETE FROM ${qualifiedName(rules, table)} WHERE ${rules.quote('ResourceKeyId')} IN (${ids.join(', ')});`;

const versionsText: TextOf<ChangeVersions> = ({ table, version, ids }, { dialect: { rules } }) =>
  `UPDATE ${qualifiedName(rules, table)} SET ${rules.quote('ResourceVersion')} = ${rules.stringLiteral(version)} WHERE ${rules.quote('ResourceKeyId')} IN (${ids.join(', ')});`;

const insertedKeys: TextOf<InsertResourceKeys> = ({ resourceKeys }, { statements }) =>
  statements.resourceKeys({ resourceKeys });

const pgRenumbered: TextOf<RenumberRows> = ({ table, column, moves }) =>
  [
    `UPDATE ${pgsqlName(table)} AS t`,
    `SET ${pg(column)} = moves.later`,
    `FROM (VALUES ${moves.map(([from, to]) => `(${from}::smallint, ${to}::smallint)`).join(', ')}) AS moves (${pg('earlier')}, ${pg('later')})`,
    `WHERE t.${pg(column)} = moves.earlier;`,
  ].join('\n');

const msRenumbered: TextOf<RenumberRows> = ({ table, column, moves }) => {
  const row = ([from, to]: readonly [number, number]) => `(${from}, ${to})`;
  const chunks = chunk(moves, constructorRows).map(
    (piece) => `SELECT v.earlier, v.later FROM (VALUES ${piece.map(row).join(', ')}) AS v (earlier, later)`,
  );
  return [
    'UPDATE t',
    `SET t.${ms(column)} = moves.later`,
    `FROM ${mssqlName(table)} AS t`,
    `INNER JOIN (${chunks.join(' UNION ALL ')}) AS moves ON moves.earlier = t.${ms(column)};`,
  ].join('\n');
};

const renamedText: TextOf<RenameDiscriminators> = ({ table, column, to, of }, { dialect: { rules } }) => {
  const { quote, stringLiteral } = rules;
  const id = quote('DocumentId');
  const where = () => {
    if ('name' in of) return `${quote(column)} = ${stringLiteral(of.name)}`;
    const documents =
      'member' in of
        ? `SELECT m.${id} FROM ${qualifiedName(rules, of.member)} AS m`
        : `SELECT d.${id} FROM ${qualifiedName(rules, core.document)} AS d WHERE d.${quote('ResourceKeyId')} = ${of.resourceKeyId}`;
    return `${id} IN (${documents})`;
  };
  return `UPDATE ${qualifiedName(rules, table)} SET ${quote(column)} = ${stringLiteral(to)} WHERE ${where()};`;
};

const leaversText: TextOf<DeleteAbstractIdentities> = ({ table, member }, { dialect: { rules } }) => {
  const id = rules.quote('DocumentId');
  const gone = `SELECT m.${id} FROM ${qualifiedName(rules, member)} AS m`;
  return `DELETE FROM ${qualifiedName(rules, table)} WHERE ${id} IN (${gone});`;
};

const membersText: TextOf<InsertAbstractIdentities> = ({ trigger }, { rows }) =>
  textOf(rows.abstractIdentities(trigger));

const deletedIds: TextOf<DeleteReferentialIds> = ({ table, of }, { dialect: { rules } }) => {
  const identities = qualifiedName(rules, table);
  if ('resourceKeyId' in of)
    return `DELETE FROM ${identities} WHERE ${rules.quote('ResourceKeyId')} = ${of.resourceKeyId};`;
  const id = rules.quote('DocumentId');
  // all identities of the table's documents, including those for a former superclass
  const documents = `SELECT t.${id} FROM ${qualifiedName(rules, of.table)} AS t`;
  return `DELETE FROM ${identities} WHERE ${id} IN (${documents});`;
};

const insertedIds: TextOf<InsertReferentialIds> = ({ table, of }, { dialect: { rules }, rows }) => {
  if ('block' in of) return textOf(rows.referentialIds(of.block, of.table));
  const { descriptor } = of;
  const computed = rows.referentialId(descriptorBlock(descriptor));
  const [id, key] = [rules.quote('DocumentId'), rules.quote('ResourceKeyId')];
  return [
    `INSERT INTO ${qualifiedName(rules, table)} (${[rules.quote('ReferentialId'), id, key].join(', ')})`,
    `SELECT ${textOf(computed)}, t.${id}, ${descriptor.id}`,
    `FROM ${qualifiedName(rules, core.descriptor)} AS t`,
    `INNER JOIN ${qualifiedName(rules, core.document)} AS d ON d.${id} = t.${id}`,
    `WHERE d.${key} = ${descriptor.id};`,
  ].join('\n');
};

const hierarchyText: TextOf<CloseHierarchy> = ({ hierarchy }, { rows }) => textOf(rows.hierarchy(hierarchy));
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
        sql: ({ record }) => textOf(joined(pgsqlHistory.record(record))),
      },
    ],
    mssql: [
      {
        // an extended property
        does: 'comment table',
        lock: 'Sch-M',
        work: 'none',
        source: 'ms lock modes',
        sql: ({ record }) => textOf(joined(mssqlHistory.record(record))),
      },
    ],
  },
  emptyCache: written(deletedAll, 'delete rows'),
  refillCache: written(refilled, 'insert rows'),
  deleteFingerprint: written(deletedAll, 'delete rows'),
  writeFingerprint: written(fingerprintText, 'insert rows'),
};
