import { type Connection, copiedRowOf, isRefusedRow, rowsOf, run, savepointOf } from '@dms/databases';
import type { StoredRow } from '@dms/documents';
import { core, mustExist } from '@dms/model';
import { dialectOf, join, type PlainSql, type QualifiedName, value } from '@dms/sql';
import { GrowingBytes } from '../files/growing-bytes.ts';
import type {
  BulkDialect,
  ByteRange,
  FilledTable,
  IdentityRow,
  ReserveNumbers,
  SentRows,
  WaitingRows,
} from './bulk-dialect.ts';
import { PostponedKeys } from './postponed-keys.ts';

const special = /[\\\n\r\t]/;

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A value in the text form of `COPY`. */
function field(value: string | boolean | null): string {
  if (value === null) return '\\N';
  if (typeof value === 'boolean') return value ? 't' : 'f';
  return special.test(value) ? value.replace(/[\\\n\r\t]/g, (match) => escapes[match] ?? match) : value;
}

/** A row in the text form of `COPY … FROM STDIN`. */
function line(row: StoredRow): string {
  let text = '';
  let separator = '';
  for (const value of row) {
    text += separator + field(value);
    separator = '\t';
  }
  return `${text}\n`;
}

/** Rows in the text form of `COPY … FROM STDIN`. */
export class CopyText extends GrowingBytes implements WaitingRows {
  readonly table: FilledTable;

  constructor(table: FilledTable) {
    super();
    this.table = table;
  }

  addRow(row: StoredRow): number {
    return this.add(line(row));
  }

  contentOf(ranges: readonly ByteRange[]): Uint8Array {
    return this.partsOf(ranges);
  }
}

const { sql, id, ids, literal, nameLiteral, next } = dialectOf.pgsql;

/** How many rows to fetch from a cursor at once. */
const fetched = 10_000;

/**
 * Takes numbers of a sequence, which `nextNumber` draws. Only the ends of runs of consecutive numbers are sent back.
 */
const numbers =
  (connection: Connection, nextNumber: PlainSql): ReserveNumbers =>
  async (count) => {
    const rows = await rowsOf<{ first: string; last: string }>(
      connection,
      sql`SELECT min(n)::text AS first, max(n)::text AS last
FROM (SELECT n, n - row_number() OVER (ORDER BY n) AS run FROM (SELECT ${nextNumber} AS n FROM generate_series(1, ${literal(count)})) AS taken) AS runs
GROUP BY run ORDER BY min(n)`,
    );
    return rows.map(({ first, last }) => [BigInt(first), BigInt(last)]);
  };

/** The values of a column with uuids, each with the id of its document. */
async function* readUuids(
  connection: Connection,
  table: QualifiedName,
  column: string,
): AsyncGenerator<readonly IdentityRow[]> {
  await run(
    connection,
    sql`DECLARE dms_ids NO SCROLL CURSOR FOR SELECT ${id(column)}::text AS id, "DocumentId"::text AS document FROM ${table}`,
  );
  for (;;) {
    const rows = await rowsOf<{ id: string; document: string }>(
      connection,
      sql`FETCH ${literal(fetched)} FROM dms_ids`,
    );
    yield rows.map((row) => [row.id, Number(row.document)] as const);
    if (rows.length < fetched) break;
  }
  await run(connection, sql`CLOSE dms_ids`);
}

const nextDocumentId = sql`nextval(pg_get_serial_sequence(${nameLiteral(core.document)}, 'DocumentId')::regclass)`;

async function copy({ copyIn }: Connection, { table, content }: SentRows): Promise<void> {
  if (!copyIn) throw new Error('this session does not copy');
  const columns = ids(table.columns.map(({ name }) => name));
  await copyIn(sql`COPY ${table} (${columns}) FROM STDIN`, content);
}

/** PostgreSQL: rows are copied. */
export const pgsqlBulk: BulkDialect = {
  canWrite: ({ copyIn }) => copyIn !== undefined,
  newRows: (table) => new CopyText(table),
  write: copy,
  rejectedOffsets: (connection, rows) =>
    rejectedCopies(connection, rows.content, (content) => copy(connection, { ...rows, content })),
  tablesOfOthers: async (connection, tables) => {
    const schemas = value(tables.map(({ schema }) => schema));
    const names = value(tables.map(({ name }) => name));
    const others = await rowsOf<{ name: string; user: string }>(
      connection,
      sql`SELECT n.nspname || '.' || c.relname AS name, current_user::text AS user
FROM unnest(${schemas}::text[], ${names}::text[]) AS t (schema, name)
    JOIN pg_namespace AS n ON n.nspname = t.schema
    JOIN pg_class AS c ON c.relnamespace = n.oid AND c.relname = t.name
WHERE NOT pg_has_role(c.relowner, 'USAGE') ORDER BY 1`,
    );
    const [first, ...more] = others;
    return first ? { user: first.user, tables: [first.name, ...more.map(({ name }) => name)] } : null;
  },
  lockTables: (tables, against) =>
    sql`LOCK TABLE ${join(tables.map((table) => sql`${table}`))} IN ${against === 'writers' ? sql`SHARE ROW` : sql`ACCESS`} EXCLUSIVE MODE`,
  switchTriggers: (table, areOn, triggers) =>
    sql`ALTER TABLE ${table} ${join(triggers.map((name) => sql`${areOn ? sql`ENABLE` : sql`DISABLE`} TRIGGER ${id(name)}`))}`,
  postponedKeys: PostponedKeys.find,
  keysToDocuments: (connection, deleted) =>
    PostponedKeys.to(connection, core.document, { column: 'DocumentId', deleted }),
  readUuids,
  documentIds: (connection) => numbers(connection, nextDocumentId),
  numbersOf: (connection, sequence) => numbers(connection, next(sequence)),
  storedDocument: (connection, documentId) =>
    rowsOf(
      connection,
      sql`SELECT "DocumentUuid"::text AS uuid, "ResourceKeyId" AS key FROM ${core.document} WHERE "DocumentId" = ${value(documentId)}`,
    ),
  startTime: async () => null,
  // a table with pending checks cannot be altered
  checkDeferred: (connection) => run(connection, sql`SET CONSTRAINTS ALL IMMEDIATE`),
};

/** The smallest number of rows in the copy after a refused row. */
const fewestRows = 64;

/**
 * Copies rows, leaving out those that the server refuses: each failure names its row, and the next copy begins after
 * it. Returns the offsets at which refused rows begin, as far as the server names them. The rows before a refused one
 * are not copied again: they are known to be right. The size of a copy follows the rows that were copied before the
 * last failure, so that the rows behind a failure, which were sent in vain, are not many more than those before it.
 */
export async function rejectedCopies(
  connection: Connection,
  content: Uint8Array,
  copy: (content: Uint8Array) => Promise<void>,
): Promise<readonly number[]> {
  const savepoint = mustExist(savepointOf(connection.dialect), 'a savepoint');
  const ends = rowEnds(content);
  const startOf = (row: number) => (row === 0 ? 0 : mustExist(ends[row - 1], 'the end of a row'));
  const refused: number[] = [];
  let first = 0;
  let length = ends.length;
  await run(connection, savepoint.set);
  while (first < ends.length) {
    const last = Math.min(first + length, ends.length);
    try {
      await copy(content.subarray(startOf(first), startOf(last)));
      await run(connection, sql`${savepoint.release}; ${savepoint.set}`);
      first = last;
      length *= 2;
    } catch (error) {
      const row = copiedRowOf(error);
      if (!isRefusedRow(error, connection.dialect)) throw error;
      await run(connection, savepoint.undo);
      if (row === null || row < 1 || row > last - first) break;
      refused.push(startOf(first + row - 1));
      first += row;
      length = Math.max(fewestRows, 2 * row);
    }
  }
  await run(connection, savepoint.release);
  return refused;
}

const lineEnd = 0x0a;

/** The offset after each row, in the text form of `COPY`, where a line end inside a value is escaped. */
function rowEnds(content: Uint8Array): readonly number[] {
  const ends: number[] = [];
  for (let at = content.indexOf(lineEnd); at >= 0; at = content.indexOf(lineEnd, at + 1)) ends.push(at + 1);
  return ends;
}
