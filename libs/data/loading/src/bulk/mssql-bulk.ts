import { type Connection, command, rowsOf } from '@dms/databases';
import type { StoredRow } from '@dms/documents';
import { core, mustExist } from '@dms/model';
import { dialectOf, join, mssqlSequenceRange, type QualifiedName, type Sql, textOf, trusted, value } from '@dms/sql';
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

const { sql, id, ids, literal, nameLiteral, text } = dialectOf.mssql;

/** How many identities to read at once. */
const pageLength = 10_000;

const beforeAll = '00000000-0000-0000-0000-000000000000';

/**
 * Inserts the rows of a JSON text, which the server converts to the types of the columns. The bulk insert of the client
 * would turn decimals into floating-point numbers, which lose digits.
 */
function insertRows(table: FilledTable, json: string): Sql {
  const columns = ids(table.columns.map(({ name }) => name));
  // the path of a column is a literal without N
  const typed = table.columns.map(({ name, type }, index) => sql`${id(name)} ${trusted(`${type} '$[${index}]'`)}`);
  const insert = sql`INSERT INTO ${table} (${columns}) SELECT ${columns} FROM OPENJSON(${value(json, 'nvarchar(max)')}) WITH (${join(typed)});`;
  const choosesIdentity = table.columns.some(({ isIdentity }) => isIdentity);
  return choosesIdentity ? sql`SET IDENTITY_INSERT ${table} ON; ${insert} SET IDENTITY_INSERT ${table} OFF;` : insert;
}

/** The values of a column with uuids, each with the id of its document. */
async function* readUuids(
  connection: Connection,
  table: QualifiedName,
  column: string,
): AsyncGenerator<readonly IdentityRow[]> {
  const own = id(column);
  let after = beforeAll;
  for (;;) {
    const rows: readonly { readonly id: string; readonly document: string }[] = await rowsOf(
      connection,
      sql`SELECT TOP (${literal(pageLength)}) ${text(own, 'uuid')} AS "id", ${text(sql`"DocumentId"`, 'bigint')} AS "document" FROM ${table} WHERE ${own} > ${value(after, 'uniqueidentifier')} ORDER BY ${own};`,
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
    await connection.queryAll([command(insertRows(table, Buffer.from(content).toString('utf8')))]);
  },
  rejectedOffsets: null,
  tablesOfOthers: async (connection, tables) => {
    // a user must be allowed to alter a table to choose its identities
    const altered = [core.document, ...tables];
    const names = new Map(altered.map((table) => [textOf(sql`${table}`), `${table.schema}.${table.name}`]));
    const asked = value(JSON.stringify([...names.keys()]), 'nvarchar(max)');
    const others = await rowsOf<{ name: string; user: string }>(
      connection,
      sql`SELECT j."value" AS "name", USER_NAME() AS "user" FROM OPENJSON(${asked}) AS j WHERE COALESCE(HAS_PERMS_BY_NAME(j."value", N'OBJECT', N'ALTER'), 0) = 0 ORDER BY j."value";`,
    );
    const [first, ...more] = others.map(({ name }) => names.get(name) ?? name);
    return first === undefined ? null : { user: others[0]?.user ?? '', tables: [first, ...more] };
  },
  lockTables: (tables) =>
    join(
      tables.map((table) => sql`SELECT TOP (1) 1 AS "locked" FROM ${table} WITH (TABLOCKX, HOLDLOCK);`),
      '\n',
    ),
  switchTriggers: (table, areOn, triggers) =>
    sql`ALTER TABLE ${table} ${areOn ? sql`ENABLE` : sql`DISABLE`} TRIGGER ${ids(triggers)}`,
  // one statement inserts the rows of many documents, and checks their keys together
  postponedKeys: async () => PostponedKeys.none,
  // one statement deletes the rows of all keys
  keysToDocuments: async () => PostponedKeys.none,
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
    const [row] = await rowsOf<{ first: string }>(
      connection,
      sql`DECLARE @first sql_variant; ${trusted(before)}${value(count, 'bigint')}${trusted(after)} SELECT CONVERT(nvarchar(20), CONVERT(bigint, @first)) AS "first";`,
    );
    if (!row) return [];
    const first = BigInt(row.first);
    return [[first, first + BigInt(count) - 1n]];
  },
  storedDocument: (connection, documentId) =>
    rowsOf(
      connection,
      sql`SELECT ${text(sql`"DocumentUuid"`, 'uuid')} AS "uuid", "ResourceKeyId" AS "key" FROM ${core.document} WHERE "DocumentId" = ${value(documentId, 'bigint')};`,
    ),
  startTime: async (connection) => {
    const [row] = await rowsOf<{ now: string }>(
      connection,
      sql`SELECT CONVERT(nvarchar(27), SYSUTCDATETIME(), 126) AS "now"`,
    );
    return row?.now ?? null;
  },
  // SQL Server checks everything with each statement
  checkDeferred: async () => {},
};

/** The last id that `dms.Document` has generated or accepted. */
async function lastDocumentId(connection: Connection): Promise<bigint> {
  const object = nameLiteral(core.document);
  const [row] = await rowsOf<{ last: string }>(
    connection,
    sql`SELECT CONVERT(nvarchar(20), COALESCE(CONVERT(bigint, q.last_value), 0)) AS "last" FROM sys.identity_columns AS q WHERE q.object_id = OBJECT_ID(${object})`,
  );
  return BigInt(mustExist(row, 'the last document id').last);
}
