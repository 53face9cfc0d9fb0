import type { Connection } from '@dms/databases';
import { mustExist } from '@dms/model';
import type { ReadingDialect, SourceCursor, SourceQuery, SourceRow } from './reading-dialect.ts';

/** Number of rows per page. */
const pageSize = 500;

/**
 * The rows of a sorted query, page by page; a page is requested before the one before it is used. While `isWaiting`,
 * `fill` gets the next page; otherwise `head` is the next row, and undefined at the end.
 */
export class RowStream {
  /** Null without a query. */
  private readonly cursor: SourceCursor | null;
  private page: readonly SourceRow[] = [];
  private index = 0;
  private requested: Promise<readonly SourceRow[]> | undefined;

  private constructor(cursor: SourceCursor | null) {
    this.cursor = cursor;
    this.requested = cursor === null ? undefined : this.request(cursor);
  }

  /** A stream without rows, and without a query. */
  static empty(): RowStream {
    return new RowStream(null);
  }

  /** The connection must be in a transaction. When it or the session ends, cursors that are still open end too. */
  static async open(
    connection: Connection,
    dialect: ReadingDialect,
    name: string,
    query: SourceQuery,
  ): Promise<RowStream> {
    const stream = new RowStream(await dialect.open(connection, name, query));
    await stream.fill();
    return stream;
  }

  get head(): SourceRow | undefined {
    return this.page[this.index];
  }

  get isWaiting(): boolean {
    return this.index >= this.page.length && this.requested !== undefined;
  }

  advance(): void {
    this.index += 1;
  }

  async fill(): Promise<void> {
    this.page = (await this.requested) ?? [];
    this.index = 0;
    this.requested = this.cursor !== null && this.page.length === pageSize ? this.request(this.cursor) : undefined;
  }

  async close(): Promise<void> {
    await this.cursor?.close();
  }

  private request(cursor: SourceCursor): Promise<readonly SourceRow[]> {
    const rows = cursor.next(pageSize);
    // the error is reported when the page is awaited
    rows.catch(() => undefined);
    return rows;
  }
}

/** Compares keys as `sortKey` of the dialect sorts them: integers by value, texts by the bytes of UTF-8, NULL last. */
export function compareKeys(
  a: SourceRow,
  columnsOfA: readonly number[],
  b: SourceRow,
  columnsOfB: readonly number[],
): number {
  for (let index = 0; index < columnsOfA.length; index += 1) {
    const left = a[mustExist(columnsOfA[index], 'a column of a key')];
    const right = b[mustExist(columnsOfB[index], 'a column of a key')];
    const order = compareValues(left ?? null, right ?? null);
    if (order !== 0) return order;
  }
  return 0;
}

function compareValues(a: unknown, b: unknown): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (typeof a === 'string' || typeof b === 'string') return compareTexts(String(a), String(b));
  const left = a as number | bigint;
  const right = b as number | bigint;
  return left < right ? -1 : left > right ? 1 : 0;
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left === right) continue;
    // in UTF-8 a surrogate pair comes after all other characters
    const leftPair = left >= 0xd800 && left <= 0xdfff;
    const rightPair = right >= 0xd800 && right <= 0xdfff;
    return leftPair === rightPair ? left - right : leftPair ? 1 : -1;
  }
  return a.length - b.length;
}
