import type { SqlDialect } from '@dms/sql';
import type { Work } from './rules.ts';
import type { StatementKind } from './statement-effect.ts';

/** What an upgrade costs on a server, in milliseconds. */
export interface Costs {
  /** For a million rows, by kind of work. */
  readonly millionRows: Readonly<Record<Exclude<Work, 'none'>, number>>;
  /** For a million documents that are read and checked. */
  readonly millionDocuments: number;
  /** For a statement without its rows: by kind for slow kinds, `other` for the rest. */
  readonly statement: Readonly<Partial<Record<StatementKind, number>> & { other: number }>;
  /** For each table of both sets, while the command starts, reads the artifacts and plans. */
  readonly planTable: number;
  /** For each table, when the catalog of the database is read. That happens before and after the statements. */
  readonly catalogTable: number;
}

/**
 * Measured on PostgreSQL 18.4 with 100,000 and 1,000,000 documents of the data standard 5.2 (docs/performance.md). Each
 * number lies between the processor time, which a quiet machine with its tables in memory would need, and the time that
 * passed on a busy machine. Updating a million rows of `dms.Document` and the rows that depend on them took 8 s of
 * processor time, and 18 s on the busy machine. Reading and checking 20,000 documents of two tables took 22 µs of
 * processor time each in the command, and 90 µs in all on a busy machine. Nothing was measured on SQL Server, so it has
 * no estimate.
 */
export const costs: Readonly<Record<SqlDialect, Costs | null>> = {
  pgsql: {
    millionDocuments: 60_000,
    millionRows: { scan: 300, 'index build': 800, 'key validation': 500, 'row writes': 12_000, rewrite: 3_000 },
    statement: { 'create table': 2.5, 'add foreign key': 1.3, 'create trigger': 1, 'insert rows': 4, other: 0.6 },
    planTable: 1.3,
    catalogTable: 0.6,
  },
  mssql: null,
};
