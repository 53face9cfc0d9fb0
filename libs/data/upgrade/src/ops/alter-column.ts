import { columnType } from '@dms/catalog';
import { dialectOf, empty, type PlainSql, trusted } from '@dms/sql';
import type { Acts, Clause } from './act.ts';
import { touchedColumn } from './effect.ts';
import { msAlterTable, type OnTable, pgAlterTable } from './operated.ts';

/* A property of a column changes: its type, its collation, or whether it may be NULL. */

/** A property of a column changes from one state to another. */
export interface AlterColumn extends OnTable {
  readonly op: 'changeType' | 'changeCollation' | 'requireValue' | 'allowNull';
  /** Its state in the earlier set; null if the upgrade has added it. */
  readonly from: ColumnShape | null;
  readonly to: ColumnShape;
}
export interface ColumnShape {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  /** The collation of the database if there is none. */
  readonly collation?: string | null;
}

const { sql: pg, id: pgId } = dialectOf.pgsql;
const { sql: ms, id: msId } = dialectOf.mssql;

/** Types whose stored values stay valid when the first argument of the type grows. */
const growing: ReadonlySet<string> = new Set(['varchar', 'nvarchar', 'varbinary', 'numeric']);

/**
 * Whether a column gets another type without a change to the rows: text that may be longer and, on PostgreSQL (whose
 * catalog says `numeric`), decimals with more digits but the same number of decimal places.
 */
export function isWiderType(before: string, after: string): boolean {
  const from = columnType(before);
  const into = columnType(after);
  const [length, longest] = [from, into].map((type) => type.arguments[0]);
  const isSamePlaces = (from.arguments[1] ?? '0') === (into.arguments[1] ?? '0');
  return from.name === into.name && growing.has(from.name) && Number(length) <= Number(longest) && isSamePlaces;
}

const isWidened = ({ from, to }: AlterColumn) => from !== null && isWiderType(from.type, to.type);
const isRetyped = (op: AlterColumn) => !isWidened(op);
const retyped = {
  isRewrite: true,
  loses: ['column settings', 'collected statistics'],
  touches: ({ on, from }: AlterColumn) => touchedColumn('retype', on, from?.name ?? null),
} as const;

const pgAltered =
  (action: (to: AlterColumn['to']) => PlainSql) =>
  ({ to }: AlterColumn): Clause => ({ verb: 'ALTER COLUMN', text: pg`${pgId(to.name)} ${action(to)}` });
const pgType = pgAltered(({ type }) => pg`TYPE ${trusted(type)}`);

/** Type, collation and nullability are one clause. A text without a collation gets the collation of the database. */
const msColumn = ({ to: { name, type, collation, nullable } }: AlterColumn): Clause => ({
  verb: 'ALTER COLUMN',
  text: ms`${msId(name)} ${trusted(type)}${collation ? ms` COLLATE ${trusted(collation)}` : empty} ${nullable ? ms`NULL` : ms`NOT NULL`}`,
});

export const alterColumnActs: { readonly [Name in AlterColumn['op']]: Acts<AlterColumn> } = {
  changeType: {
    pgsql: [
      { does: 'widen type', ...pgAlterTable, work: 'none', ...retyped, when: isWidened, clause: pgType },
      { does: 'change type', ...pgAlterTable, work: 'rewrite', ...retyped, when: isRetyped, clause: pgType },
    ],
    mssql: [
      { does: 'widen type', ...msAlterTable, work: 'none', ...retyped, when: isWidened, clause: msColumn },
      { does: 'change type', ...msAlterTable, work: 'rewrite', ...retyped, when: isRetyped, clause: msColumn },
    ],
  },
  changeCollation: {
    // PostgreSQL compares texts exactly
    pgsql: [],
    mssql: [{ does: 'change collation', ...msAlterTable, work: 'rewrite', ...retyped, clause: msColumn }],
  },
  requireValue: {
    pgsql: [{ does: 'require value', ...pgAlterTable, work: 'scan', clause: pgAltered(() => pg`SET NOT NULL`) }],
    mssql: [{ does: 'require value', ...msAlterTable, work: 'scan', clause: msColumn }],
  },
  allowNull: {
    pgsql: [{ does: 'allow null', ...pgAlterTable, work: 'none', clause: pgAltered(() => pg`DROP NOT NULL`) }],
    mssql: [{ does: 'allow null', ...msAlterTable, work: 'none', clause: msColumn }],
  },
};
