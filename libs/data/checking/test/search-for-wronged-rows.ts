import { DmsError } from '@dms/diagnostics';
import type { MappingVersion } from '@dms/model';
import { givenScript, trusted } from '@dms/sql';
import { type DatabaseOfSpec, ownScriptedSet, serverEngine } from '@dms/testing';
import { expect } from 'vitest';
import { checkData, repairData } from '../src/derived-rows/check-data.ts';
import type { DataFindingKind } from '../src/derived-rows/data-finding.ts';
import type { CheckedSet } from '../src/index.ts';
import { fillWithHistory } from './database-with-history.ts';
import { nestedConnection } from './nested-connection.ts';
import { damageRow, rowsOf, wrongedRows } from './random-damage.ts';

/** A database whose damages are rolled back. */
export interface DamagedDatabase {
  readonly input: CheckedSet;
  readonly database: DatabaseOfSpec;
}

/** A database of the generation in which every table that is derived from documents has rows. */
export async function openHistory(version: MappingVersion): Promise<DamagedDatabase> {
  const input = await ownScriptedSet('pgsql', version);
  const database = await serverEngine.open(input.script);
  await fillWithHistory(database.connection, input);
  return { input, database };
}

/** The seed of the first damage, and the number of damages. */
export interface SearchRange {
  readonly first: number;
  readonly count: number;
}

/**
 * Damages a random row `count` times, each time in a fresh state, and repairs as much as possible. No repair may change
 * a column that was correct (design 09c §4). Returns the numbers of damages that were found and that were repaired.
 */
export async function searchForWrongedRows(
  { input, database: { connection } }: DamagedDatabase,
  { first, count }: SearchRange,
): Promise<{ readonly found: number; readonly repaired: number }> {
  const before = await rowsOf(connection, input);
  let found = 0;
  let repaired = 0;
  for (let seed = first, done = 0; done < count; seed += 1) {
    await connection.begin();
    try {
      const damage = await damageRow(connection, input, seed);
      if (damage === null) continue;
      const damaged = await rowsOf(connection, input);
      if ([...before].every(([name, rows]) => rows.join() === damaged.get(name)?.join())) continue;
      done += 1;
      const nested = nestedConnection(connection);
      const findings = await checkData(nested, input);
      if (findings.length > 0) found += 1;
      if (!findings.some(({ repairable }) => repairable)) continue;
      const left = await repairData(nested, input).catch((error: unknown) => {
        // the database refused a row, or rows still differ: then the repair changed nothing
        if (error instanceof DmsError && error.diagnostics[0].code === 'CHECK_REPAIR_FAILED') return findings;
        throw error;
      });
      const wronged = wrongedRows(damage, before, damaged, await rowsOf(connection, input));
      expect({ seed, sql: damage.sql, wronged }).toEqual({ seed, sql: damage.sql, wronged: [] });
      if (left.length === 0) repaired += 1;
    } finally {
      await connection.rollback();
    }
  }
  return { found, repaired };
}

/**
 * The kinds of findings after one statement with triggers and keys disabled; null if the database refuses it or it
 * changes no row.
 */
export async function kindsAfter(
  { input, database: { connection } }: DamagedDatabase,
  sql: string,
): Promise<readonly DataFindingKind[] | null> {
  await connection.begin();
  try {
    await connection.execute(givenScript('SET LOCAL session_replication_role = replica'));
    const changed = await connection.query(trusted(`${sql} RETURNING 1 AS changed`));
    if (changed.length === 0) return null;
    await connection.execute(givenScript('SET LOCAL session_replication_role = origin'));
    return (await checkData(nestedConnection(connection), input)).map(({ kind }) => kind);
  } catch (error) {
    if (error instanceof DmsError && error.diagnostics[0]?.code === 'DB_SQL') return null;
    throw error;
  } finally {
    await connection.rollback();
  }
}
