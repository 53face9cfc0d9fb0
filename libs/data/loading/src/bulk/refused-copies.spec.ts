import type { Connection } from '@dms/databases';
import { DmsError, diagnostic } from '@dms/diagnostics';
import { type PlainSql, textOf } from '@dms/sql';
import { describe, expect, it } from 'vitest';
import { rejectedCopies } from './pgsql-bulk.ts';

/** A server that refuses rows, and names the refused row of a copy. */
function refusing(isBad: (row: string) => boolean, more: { readonly namesRow?: boolean; readonly code?: string } = {}) {
  const { namesRow = true, code = 'P0001' } = more;
  const statements: string[] = [];
  let sent = 0;
  const connection = {
    dialect: 'pgsql',
    execute: async (text: PlainSql) => void statements.push(textOf(text)),
  } as Partial<Connection>;
  const copy = async (content: Uint8Array) => {
    const rows = Buffer.from(content).toString('utf8').trimEnd().split('\n');
    sent += rows.length;
    const at = rows.findIndex(isBad);
    if (at < 0) return;
    const details = { driverCode: code, ...(namesRow ? { copiedRow: at + 1 } : {}) };
    throw new DmsError([diagnostic('DB_SQL', 'refused', {}, details)]);
  };
  const refusedRows = async (rows: readonly string[]) => {
    const content = Buffer.from(rows.map((row) => `${row}\n`).join(''));
    const offsets = await rejectedCopies(connection as Connection, content, copy);
    return offsets.map((offset) => content.subarray(offset, content.indexOf('\n', offset)).toString('utf8'));
  };
  return { refusedRows, statements, sent: () => sent };
}

const rows = (count: number) => Array.from({ length: count }, (_, index) => `row ${index}`);

describe('rows that a server refuses', () => {
  it('are found one after another, at the beginning, in the middle and at the end', async () => {
    const bad = new Set(['row 0', 'row 1', 'row 500', 'row 999']);
    const { refusedRows, statements } = refusing((row) => bad.has(row));
    expect(await refusedRows(rows(1_000))).toEqual([...bad]);
    expect(statements.filter((text) => text.startsWith('ROLLBACK TO'))).toHaveLength(bad.size);
    expect(statements.at(-1)).toBe('RELEASE SAVEPOINT dms_part');
  });

  it('are none where all are right, and one copy shows it', async () => {
    const { refusedRows, sent } = refusing(() => false);
    expect(await refusedRows(rows(1_000))).toEqual([]);
    expect(sent()).toBe(1_000);
  });

  it('are found with few more rows than there are, also where each is refused', async () => {
    for (const every of [1, 2, 10, 100]) {
      const { refusedRows, sent } = refusing((row) => Number(row.slice(4)) % every === 0);
      expect(await refusedRows(rows(2_000))).toHaveLength(2_000 / every);
      expect(sent()).toBeLessThan(2_000 * 100);
    }
  });

  it('are left alone where the server does not name them', async () => {
    const { refusedRows } = refusing((row) => row === 'row 5', { namesRow: false });
    expect(await refusedRows(rows(10))).toEqual([]);
  });

  it('are not what a lost session is about', async () => {
    const { refusedRows } = refusing((row) => row === 'row 5', { code: '57P01' });
    await expect(refusedRows(rows(10))).rejects.toMatchObject({ code: 'DB_SQL' });
  });
});
