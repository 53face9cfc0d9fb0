import { core, coreV2 } from '@dms/model';
import { type QualifiedName, qualifiedName, type SqlDialect } from '@dms/sql';
import { parameter } from '../parameter-names.ts';
import { planDialects } from '../plan-dialect.ts';

/*
 * The statements that a program sends besides those of plans: for the rows of `dms` that belong to a document (design
 * 08 §11.6, 17 §7.2).
 */

/** A statement with its parameters in the order of their first use, without `@`, and the columns that it returns. */
export interface CoreStatement {
  readonly name: CoreStatementName;
  readonly sql: string;
  readonly parameters: readonly string[];
  readonly columns: readonly string[];
}

/** The rules of a generation for the rows of `dms`. */
export interface CoreRules {
  /** Whether documents are found by referential ids. */
  readonly storesReferentialIds: boolean;
  /** Whether the row of a descriptor repeats the resource key of its document. */
  readonly descriptorsRepeatResourceKey: boolean;
  /** Whether a trigger stamps the document of a changed descriptor, so that an update may write all its values. */
  readonly descriptorsAreStamped: boolean;
  /** Whether rows of collections have their own ids. */
  readonly rowsHaveIds: boolean;
  /** Whether the root row, or the row of a descriptor, is deleted before its document. */
  readonly deletesRootsFirst: boolean;
}

export const coreStatementNames = [
  'fingerprint',
  'findIdentity',
  'lockByIdentity',
  'lockByUuid',
  'findByUuid',
  'insertDocument',
  'contentVersion',
  'deleteDocument',
  'reserveRowIds',
  'createKeyset',
  'insertIntoKeyset',
  'dropKeyset',
  'readDescriptor',
  'insertDescriptor',
  'insertDescriptorIdentity',
  'updateDescriptor',
  'stampDescriptor',
  'deleteDescriptor',
] as const;

export type CoreStatementName = (typeof coreStatementNames)[number];

/** The texts that differ between the dialects. */
interface CoreDialect {
  /** A uuid or a date as lower-case text. */
  asText(column: string, kind: 'uuid' | 'date'): string;
  /** The table of documents `d` in a locking statement, and the clause at the end of the statement. */
  readonly lockedTable: string;
  readonly lockClause: string;
  /** Returns the id of the document that was just inserted. */
  readonly insertedId: { readonly clause: string; readonly query: string };
  readonly nextVersion: string;
  readonly now: string;
  readonly reserveRowIds: string;
  readonly createKeyset: string;
}

const quoted = (dialect: SqlDialect, name: QualifiedName) => qualifiedName(planDialects[dialect].rules, name);

const dialects: Readonly<Record<SqlDialect, CoreDialect>> = {
  pgsql: {
    asText: (column) => `${column}::text`,
    lockedTable: `${quoted('pgsql', core.document)} d`,
    lockClause: 'FOR NO KEY UPDATE OF d',
    insertedId: { clause: 'RETURNING "DocumentId"', query: '' },
    nextVersion: `nextval('${quoted('pgsql', core.changeVersionSequence)}')`,
    now: 'now()',
    reserveRowIds: `SELECT nextval('${quoted('pgsql', coreV2.collectionItemIdSequence)}') AS "CollectionItemId" FROM generate_series(1, @count)`,
    createKeyset: 'CREATE TEMPORARY TABLE "page" ("DocumentId" bigint NOT NULL PRIMARY KEY)',
  },
  mssql: {
    asText: (column, kind) =>
      kind === 'uuid' ? `LOWER(CONVERT(nvarchar(36), ${column}))` : `CONVERT(nvarchar(10), ${column}, 23)`,
    lockedTable: `${quoted('mssql', core.document)} d WITH (UPDLOCK, ROWLOCK)`,
    lockClause: '',
    // OUTPUT is not allowed on a table with triggers
    insertedId: {
      clause: '',
      query: `; SELECT [DocumentId] FROM ${quoted('mssql', core.document)} WHERE [DocumentUuid] = @documentUuid`,
    },
    nextVersion: `NEXT VALUE FOR ${quoted('mssql', core.changeVersionSequence)}`,
    now: 'sysutcdatetime()',
    reserveRowIds: `WITH series AS (SELECT 1 AS [Ordinal] UNION ALL SELECT [Ordinal] + 1 FROM series WHERE [Ordinal] < @count) SELECT NEXT VALUE FOR ${quoted('mssql', coreV2.collectionItemIdSequence)} OVER (ORDER BY [Ordinal]) AS [CollectionItemId] FROM series OPTION (MAXRECURSION 0)`,
    createKeyset: 'CREATE TABLE [#page] ([DocumentId] bigint NOT NULL PRIMARY KEY)',
  },
};

/** The values of a descriptor that may change without changing its identity. */
const variableValues = ['ShortDescription', 'Description', 'EffectiveBeginDate', 'EffectiveEndDate'] as const;
const identifyingValues = ['Namespace', 'CodeValue', 'Uri'] as const;

const namePattern = /@([A-Za-z_]\w*)/g;

/** The statements of a generation in a dialect, in the order of {@link coreStatementNames}. */
export function coreStatements(dialectName: SqlDialect, rules: CoreRules): readonly CoreStatement[] {
  const dialect = dialects[dialectName];
  const { rules: sqlRules, keysetTable } = planDialects[dialectName];
  const { quote } = sqlRules;
  const table = (name: QualifiedName) => quoted(dialectName, name);
  const names = (columns: readonly string[]) => columns.map((name) => quote(name)).join(', ');
  const insert = (into: string, columns: readonly string[]) =>
    `INSERT INTO ${into} (${names(columns)}) VALUES (${columns.map(parameterOf).join(', ')})`;
  const column = (alias: string, name: string) => `${alias}.${quote(name)}`;
  const uuid = (alias: string) =>
    `${dialect.asText(column(alias, 'DocumentUuid'), 'uuid')} AS ${quote('DocumentUuid')}`;
  const documentColumns = ['DocumentId', 'DocumentUuid', 'ResourceKeyId', 'ContentVersion'];
  const document = `SELECT ${column('d', 'DocumentId')}, ${uuid('d')}, ${column('d', 'ResourceKeyId')}, ${column('d', 'ContentVersion')}`;
  const identity = table(core.referentialIdentity);
  const identityJoin = `INNER JOIN ${identity} i ON ${column('i', 'DocumentId')} = ${column('d', 'DocumentId')} AND ${column('i', 'ResourceKeyId')} = ${column('d', 'ResourceKeyId')}`;
  const byIdentity = `WHERE ${column('i', 'ReferentialId')} = @referentialId`;
  const byUuid = `WHERE ${column('d', 'DocumentUuid')} = @documentUuid`;
  const byId = `WHERE ${quote('DocumentId')} = @documentId`;
  const locked = (join: string, where: string) =>
    [document, `FROM ${dialect.lockedTable}`, join, where, dialect.lockClause].filter((part) => part !== '').join(' ');
  const descriptorValues = ['Namespace', 'CodeValue', ...variableValues];
  const descriptorColumns = ['DocumentId', ...descriptorValues, 'Discriminator', 'Uri'];
  const changed = rules.descriptorsAreStamped ? [...variableValues, ...identifyingValues] : [...variableValues];
  const keyset = quote(keysetTable.tempTableName);
  const keysetId = quote(keysetTable.documentIdColumnName);

  const { storesReferentialIds } = rules;
  const texts: Readonly<Record<CoreStatementName, readonly [sql: string, columns?: readonly string[]] | null>> = {
    fingerprint: [
      `SELECT ${names(['EffectiveSchemaHash'])} FROM ${table(core.effectiveSchema)}`,
      ['EffectiveSchemaHash'],
    ],
    findIdentity: storesReferentialIds
      ? [
          `SELECT ${names(['DocumentId', 'ResourceKeyId'])} FROM ${identity} WHERE ${quote('ReferentialId')} = @referentialId`,
          ['DocumentId', 'ResourceKeyId'],
        ]
      : null,
    lockByIdentity: storesReferentialIds ? [locked(identityJoin, byIdentity), documentColumns] : null,
    lockByUuid: [locked('', byUuid), documentColumns],
    findByUuid: [`${document} FROM ${table(core.document)} d ${byUuid}`, documentColumns],
    insertDocument: [
      [insert(table(core.document), ['DocumentUuid', 'ResourceKeyId']), dialect.insertedId.clause].join(' ').trim() +
        dialect.insertedId.query,
      ['DocumentId'],
    ],
    contentVersion: [`SELECT ${names(['ContentVersion'])} FROM ${table(core.document)} ${byId}`, ['ContentVersion']],
    deleteDocument: [`DELETE FROM ${table(core.document)} ${byId}`],
    reserveRowIds: rules.rowsHaveIds ? [dialect.reserveRowIds, ['CollectionItemId']] : null,
    createKeyset: [dialect.createKeyset],
    insertIntoKeyset: [`INSERT INTO ${keyset} (${keysetId}) VALUES (@documentId)`],
    dropKeyset: [`DROP TABLE ${keyset}`],
    readDescriptor: [
      `SELECT ${descriptorValues
        .map((name) => (isDate(name) ? `${dialect.asText(quote(name), 'date')} AS ${quote(name)}` : quote(name)))
        .join(', ')} FROM ${table(core.descriptor)} ${byId}`,
      descriptorValues,
    ],
    insertDescriptor: [
      insert(table(core.descriptor), [
        ...descriptorColumns,
        ...(rules.descriptorsRepeatResourceKey ? ['ResourceKeyId'] : []),
      ]),
    ],
    insertDescriptorIdentity: storesReferentialIds
      ? [insert(identity, ['ReferentialId', 'DocumentId', 'ResourceKeyId'])]
      : null,
    updateDescriptor: [
      `UPDATE ${table(core.descriptor)} SET ${changed.map((name) => `${quote(name)} = ${parameterOf(name)}`).join(', ')} ${byId}`,
    ],
    stampDescriptor: rules.descriptorsAreStamped
      ? null
      : [
          `UPDATE ${table(core.document)} SET ${quote('ContentVersion')} = ${dialect.nextVersion}, ${quote('ContentLastModifiedAt')} = ${dialect.now} ${byId}`,
        ],
    deleteDescriptor: rules.deletesRootsFirst ? [`DELETE FROM ${table(core.descriptor)} ${byId}`] : null,
  };
  return coreStatementNames.flatMap((name) => {
    const text = texts[name];
    if (text === null) return [];
    const [sql, columns = []] = text;
    const parameters = [...new Set([...sql.matchAll(namePattern)].map(([, each = '']) => each))];
    return [{ name, sql: `${sql};`, parameters, columns }];
  });
}

const parameterOf = (column: string) => parameter(column.charAt(0).toLowerCase() + column.slice(1));
const isDate = (name: string) => name.startsWith('Effective');
