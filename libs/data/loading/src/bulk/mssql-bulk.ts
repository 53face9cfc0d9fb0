import type { Connection, Row, Statement } from '@dms/databases';
import type { StoredRow } from '@dms/documents';
import { core, mustExist } from '@dms/model';
import { columnList, dialectRules, mssqlName, mssqlSequenceRange, type QualifiedName } from '@dms/sql';
import { GrowingBytes } from '../files/growing-bytes.ts';
import type { BulkDialect, ByteRange, FilledTable, IdentityRow, NumberRange, WaitingRows } from './bulk-dialect.ts';
import { PostponedKeys } from './postponed-keys.ts';

/** The text between two rows. */
const separator = Buffer.from(',\n');

/** Rows as a JSON text: an array of arrays of values. */
export class JsonRows extends GrowingBytes implements WaitingRows {
  readonly table: FilledTable;
  /** The positions of columns that hold moments in UTC, which accept no zone. */
  private readonly moments: readonly number[];

  constructor(table: FilledTable) {
    super();
    this.table = table;
    this.moments = [...table.columns.entries()].flatMap(([index, { type }]) =>
      type.startsWith('datetime2') ? [index] : [],
    );
  }

  contentOf(ranges: readonly ByteRange[]): Uint8Array {
    const rows = this.partsOf(ranges);
    // the first row of all has nothing before it
    const first = rows[0] === separator[0] ? rows.subarray(separator.length) : rows;
    return Buffer.concat([Buffer.from('['), first, Buffer.from(']')]);
  }

  addRow(row: StoredRow): number {
    const values = [...row];
    for (const index of this.moments) {
      const value = values[index];
      if (typeof value === 'string') values[index] = value.replace(/Z$/, '');
    }
    return this.add(`${this.length === 0 ? '' : separator}${JSON.stringify(values)}`);
  }
}

const rules = dialectRules.mssql;

/** How many identities to read at once. */
const pageLength = 10_000;

const beforeAll = '00000000-0000-0000-0000-000000000000';

/** Runs one statement with one parameter. */
async function ask<Result = Row>(
  connection: Connection,
  pieces: readonly [before: string, after: string],
  value: unknown,
  type: string,
  hasRows = true,
): Promise<readonly Result[]> {
  const statement: Statement = { pieces, parameters: [value], types: [type], hasRows };
  const [rows = []] = await connection.queryAll([statement]);
  return rows as readonly Result[];
}

/**
 * Inserts the rows of a JSON text, which the server converts to the types of the columns. The bulk insert of the client
 * would turn decimals into floating-point numbers, which lose digits.
 */
function insertText(table: FilledTable): readonly [string, string] {
  const columns = columnList(
    rules,
    table.columns.map(({ name }) => name),
  );
  // the path of a column is a literal without N
  const typed = table.columns.map(({ name, type }, index) => `${rules.quote(name)} ${type} '$[${index}]'`);
  return [
    `INSERT INTO ${mssqlName(table)} (${columns}) SELECT ${columns} FROM OPENJSON(`,
    `) WITH (${typed.join(', ')});`,
  ];
}

/** The same for a table whose identity the client chooses. */
function withIdentityInsert(
  table: QualifiedName,
  [before, after]: readonly [string, string],
): readonly [string, string] {
  const identity = `SET IDENTITY_INSERT ${mssqlName(table)}`;
  return [`${identity} ON; ${before}`, `${after} ${identity} OFF;`];
}

/** The values of a column with uuids, each with the id of its document. */
async function* readUuids(
  connection: Connection,
  table: QualifiedName,
  column: string,
): AsyncGenerator<readonly IdentityRow[]> {
  const id = rules.quote(column);
  let after = beforeAll;
  for (;;) {
    const rows: readonly { readonly id: string; readonly document: string }[] = await ask(
      connection,
      [
        `SELECT TOP (${pageLength}) LOWER(CONVERT(nvarchar(36), ${id})) AS [id], CONVERT(nvarchar(20), [DocumentId]) AS [document] FROM ${mssqlName(table)} WHERE ${id} > `,
        ` ORDER BY ${id};`,
      ],
      after,
      'uniqueidentifier',
    );
    yield rows.map(({ id: found, document }) => [found, Number(document)] as const);
    if (rows.length < pageLength) return;
    after = rows.at(-1)?.id ?? after;
  }
}

/** SQL Server: rows are sent as JSON, one parameter per table. No SQL Server has run these statements yet. */
export const mssqlBulk: BulkDialect = {
  canWrite: () => true,
  newRows: (table) => new JsonRows(table),
  write: async (connection, { table, content }) => {
    const text = insertText(table);
    const hasIdentity = table.columns.some(({ isIdentity }) => isIdentity);
    const json = Buffer.from(content).toString('utf8');
    await ask(connection, hasIdentity ? withIdentityInsert(table, text) : text, json, 'nvarchar(max)', false);
  },
  rejectedOffsets: null,
  tablesOfOthers: async (connection, tables) => {
    // a user must be allowed to alter a table to choose its identities
    const altered = [core.document, ...tables];
    const names = new Map(altered.map((table) => [mssqlName(table), `${table.schema}.${table.name}`]));
    const others = await ask<{ name: string; user: string }>(
      connection,
      [
        'SELECT j.[value] AS [name], USER_NAME() AS [user] FROM OPENJSON(',
        ") AS j WHERE COALESCE(HAS_PERMS_BY_NAME(j.[value], N'OBJECT', N'ALTER'), 0) = 0 ORDER BY j.[value];",
      ],
      JSON.stringify([...names.keys()]),
      'nvarchar(max)',
    );
    const [first, ...more] = others.map(({ name }) => names.get(name) ?? name);
    return first === undefined ? null : { user: others[0]?.user ?? '', tables: [first, ...more] };
  },
  lockText: (tables) =>
    tables
      .map((table) => `SELECT TOP (1) 1 AS [locked] FROM ${mssqlName(table)} WITH (TABLOCKX, HOLDLOCK);`)
      .join('\n'),
  switchTriggers: (table, action, triggers) =>
    `ALTER TABLE ${mssqlName(table)} ${action} TRIGGER ${triggers.map((name) => rules.quote(name)).join(', ')}`,
  // one statement inserts the rows of many documents, and checks their keys together
  postponedKeys: async () => PostponedKeys.none,
  readUuids,
  documentIds: (connection) => {
    // no other session inserts documents, so ids can be counted here
    let last: bigint | undefined;
    return async (count): Promise<readonly NumberRange[]> => {
      last ??= await lastDocumentId(connection);
      const first = last + 1n;
      last += BigInt(count);
      return [[first, last]];
    };
  },
  numbersOf: (connection, sequence) => async (count) => {
    const [before, after] = mssqlSequenceRange(sequence);
    const [row] = await ask<{ first: string }>(
      connection,
      [
        `DECLARE @first sql_variant; ${before}`,
        `${after} SELECT CONVERT(nvarchar(20), CONVERT(bigint, @first)) AS [first];`,
      ],
      count,
      'bigint',
    );
    if (!row) return [];
    const first = BigInt(row.first);
    return [[first, first + BigInt(count) - 1n]];
  },
  storedDocument: (connection, documentId) =>
    ask(
      connection,
      [
        `SELECT LOWER(CONVERT(nvarchar(36), [DocumentUuid])) AS [uuid], [ResourceKeyId] AS [key] FROM ${mssqlName(core.document)} WHERE [DocumentId] = `,
        ';',
      ],
      documentId,
      'bigint',
    ),
  startTime: async (connection) => {
    const [row] = await connection.query<{ now: string }>(
      'SELECT CONVERT(nvarchar(27), SYSUTCDATETIME(), 126) AS [now]',
    );
    return row?.now ?? null;
  },
  // SQL Server checks everything with each statement
  checkDeferred: async () => {},
};

/** The last id that `dms.Document` has generated or accepted. */
async function lastDocumentId(connection: Connection): Promise<bigint> {
  const object = rules.stringLiteral(mssqlName(core.document));
  const [row] = await connection.query<{ last: string }>(
    `SELECT CONVERT(nvarchar(20), COALESCE(CONVERT(bigint, q.last_value), 0)) AS [last] FROM sys.identity_columns AS q WHERE q.object_id = OBJECT_ID(${object})`,
  );
  return BigInt(mustExist(row, 'the last document id').last);
}
