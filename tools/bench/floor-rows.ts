/**
 * `floor-rows <insert|copy> <folder>`: the minimum work of a program that writes rows. It reads the files that
 * `loads.ts` has written, a file per table in the order of foreign keys, and sends them to the database `BENCH_URL`: by
 * INSERTs of 500 rows in a transaction each, or by COPY in one transaction.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Connection, openDatabase, parseTarget } from '@dms/databases';
import { trusted } from '@dms/sql';
import type { FloorTable } from './loads.ts';
import { rowsInsert, rowsPerInsert } from './rows-insert.ts';

/** The maximum number of parameters of a PostgreSQL statement. */
const parameterLimit = 65_535;

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** Parses a value in the text form of COPY. */
function value(field: string): string | null {
  if (field === '\\N') return null;
  return field.includes('\\') ? field.replace(/\\(.)/g, (_, letter: string) => escapes[letter] ?? letter) : field;
}

async function insert(connection: Connection, table: FloorTable, text: string): Promise<void> {
  const rows = text
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\t').map(value));
  const { name, columns } = table;
  const length = Math.min(rowsPerInsert, Math.floor(parameterLimit / columns.length));
  const target = `${name} (${columns.join(', ')}) OVERRIDING SYSTEM VALUE`;
  for (let from = 0; from < rows.length; from += length)
    await connection.queryAll([rowsInsert(target, rows.slice(from, from + length))]);
}

async function main([way = '', folder = '']: readonly string[]): Promise<void> {
  const { target } = parseTarget(process.env.BENCH_URL ?? '', 'pgsql');
  if (target.kind === 'static') throw new Error('no database');
  const isCopy = way === 'copy';
  const connection = await openDatabase(target, { forCopies: isCopy });
  const tables: readonly FloorTable[] = JSON.parse(readFileSync(path.join(folder, 'tables.json'), 'utf8'));
  try {
    if (isCopy) await connection.begin();
    for (const table of tables) {
      const rows = readFileSync(path.join(folder, table.file));
      if (isCopy)
        await connection.copyIn?.(trusted(`COPY ${table.name} (${table.columns.join(', ')}) FROM STDIN`), rows);
      else await insert(connection, table, rows.toString('utf8'));
    }
    if (isCopy) await connection.commit();
  } finally {
    // an open session would keep the process alive
    await connection.close();
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
