import type { CheckExpression, ColumnDefinition } from '@dms/catalog';
import { mustExist } from '@dms/model';
import { dialectOf, hanging, listed, type PlainSql } from '@dms/sql';
import type { Clause, Texts } from './act.ts';
import { alterColumnActs } from './alter-column.ts';
import { type StatementKind, touchedColumn } from './effect.ts';
import { mssqlRenamed } from './mssql-renamed.ts';
import { msAlterTable, pgAlterTable } from './operated.ts';
import type {
  ActsOf,
  AddColumn,
  ColumnOperation,
  DropColumn,
  DropDefault,
  MoveValues,
  RenameColumn,
  SetDefault,
} from './operation.ts';

/* The columns of tables, and the values that move between them. */

const { sql: pg, lines: pgLines, id: pgId } = dialectOf.pgsql;
const { sql: ms, lines: msLines, id: msId } = dialectOf.mssql;

const dropped = {
  does: 'drop columns',
  work: 'none',
  touches: ({ on, earlier }: DropColumn) => touchedColumn('drop', on, earlier),
  loses: [
    'column rights',
    'column settings',
    'indexes',
    'statistics',
    'constraints',
    'comment',
    'collected statistics',
  ],
} as const;
const dropColumn = {
  pgsql: [
    {
      ...dropped,
      ...pgAlterTable,
      clause: ({ column }: DropColumn): Clause => ({ verb: 'DROP COLUMN', text: pgId(column) }),
    },
  ],
  mssql: [
    {
      ...dropped,
      ...msAlterTable,
      clause: ({ column }: DropColumn): Clause => ({ verb: 'DROP COLUMN', text: msId(column), isListed: true }),
    },
  ],
} as const;

const renamed = {
  does: 'rename column',
  work: 'none',
  touches: ({ on, earlier }: RenameColumn) => touchedColumn('rename', on, earlier),
} as const;

/** How the engine adds a column to a table with rows: the rows get nothing, a default that is stored once, or values. */
export function addedColumnKind({
  generated,
  isIdentity,
  default: value,
}: Pick<ColumnDefinition, 'generated' | 'isIdentity' | 'default'>): StatementKind {
  if (generated !== null || isIdentity) return 'add computed columns';
  if (value === null) return 'add columns';
  return isOneValue(value) ? 'add columns with defaults' : 'add computed columns';
}

/** Whether an expression has one value for all rows of a statement. */
function isOneValue(expression: CheckExpression): boolean {
  switch (expression.kind) {
    case 'text':
    case 'number':
    case 'true':
    case 'null':
      return true;
    // the only functions in defaults are clocks, and a clock does not advance within a statement
    case 'call':
      return expression.arguments.every(isOneValue);
    default:
      return false;
  }
}

const isPlain = ({ column }: AddColumn) => addedColumnKind(column) === 'add columns';
const hasDefault = ({ column }: AddColumn) => addedColumnKind(column) === 'add columns with defaults';
const isComputed = ({ column }: AddColumn) => addedColumnKind(column) === 'add computed columns';

const computed = { does: 'add computed columns', work: 'rewrite', isRewrite: true } as const;
const withDefault = { does: 'add columns with defaults', isRewrite: true } as const;
const pgAdded = ({ column }: AddColumn, { statements }: Texts): Clause => ({
  verb: 'ADD COLUMN',
  text: statements.column(column),
});
const msAdded = ({ column }: AddColumn, { statements }: Texts): Clause => ({
  verb: 'ADD',
  text: statements.column(column),
  isListed: true,
});

/** The default that an operation sets. */
const defaultOf = (column: ColumnDefinition, { columnDefault }: Texts['statements']): PlainSql =>
  mustExist(columnDefault(column), `the default of ${column.name}`);

const ofDefault = { does: 'change default', work: 'none' } as const;
const msDroppedDefault = {
  ...ofDefault,
  ...msAlterTable,
  when: ({ name }: DropDefault) => name !== null,
  clause: ({ name }: DropDefault): Clause => ({ verb: 'DROP CONSTRAINT', text: msId(name ?? '') }),
};

export const columnActs: ActsOf<ColumnOperation['op']> = {
  // it goes with its column
  dropLostDefault: { pgsql: [], mssql: [msDroppedDefault] },
  dropLostColumn: dropColumn,
  dropMovedColumn: dropColumn,
  renameColumn: {
    pgsql: [
      {
        ...renamed,
        ...pgAlterTable,
        sql: ({ table, column, to }: RenameColumn) =>
          pg`ALTER TABLE ${table} RENAME COLUMN ${pgId(column)} TO ${pgId(to)};`,
      },
    ],
    mssql: [
      {
        ...renamed,
        lock: 'Sch-M',
        source: 'ms names',
        sql: ({ table, column, to }: RenameColumn) => mssqlRenamed([table.schema, table.name, column], to, 'COLUMN'),
      },
    ],
  },
  addColumn: {
    pgsql: [
      {
        does: 'add columns',
        ...pgAlterTable,
        work: 'none',
        when: isPlain,
        clause: pgAdded,
        early: { used: [{ does: 'add columns', lock: 'ACCESS EXCLUSIVE', work: 'none', makes: 'column' }] },
      },
      {
        ...withDefault,
        lock: 'ACCESS EXCLUSIVE',
        work: 'none',
        since: 11,
        source: 'pg fast default',
        when: hasDefault,
        clause: pgAdded,
      },
      { ...computed, ...pgAlterTable, when: isComputed, clause: pgAdded },
    ],
    mssql: [
      {
        does: 'add columns',
        ...msAlterTable,
        work: 'none',
        when: isPlain,
        clause: msAdded,
        early: { used: [{ does: 'add columns', lock: 'Sch-M', work: 'none', makes: 'column' }] },
      },
      // the Enterprise edition stores a constant default with the table; the other editions write every row
      { ...withDefault, ...msAlterTable, work: 'rewrite', when: hasDefault, clause: msAdded },
      { ...computed, ...msAlterTable, when: isComputed, clause: msAdded },
    ],
  },
  addGeneratedColumn: {
    pgsql: [{ ...computed, ...pgAlterTable, clause: pgAdded }],
    mssql: [{ ...computed, ...msAlterTable, clause: msAdded }],
  },
  moveValues: {
    pgsql: [
      {
        does: 'update rows',
        lock: 'ROW EXCLUSIVE',
        rowsBlock: 'writers',
        work: 'row writes',
        source: 'pg locking',
        onRows: true,
        sql: ({ table, assignments }: MoveValues) => pgLines`
          UPDATE ${table} AS t
          SET ${hanging(listed(assignments.map(({ column, value }) => pg`${pgId(column)} = ${value}`)))};`,
      },
    ],
    mssql: [
      {
        does: 'update rows',
        lock: 'X',
        work: 'row writes',
        source: 'ms lock modes',
        onRows: true,
        sql: ({ table, assignments }: MoveValues) => msLines`
          UPDATE t
          SET ${hanging(listed(assignments.map(({ column, value }) => ms`t.${msId(column)} = ${value}`)))}
          FROM ${table} AS t;`,
      },
    ],
  },
  dropDefault: {
    pgsql: [
      {
        ...ofDefault,
        ...pgAlterTable,
        clause: ({ column }: DropDefault): Clause => ({ verb: 'ALTER COLUMN', text: pg`${pgId(column)} DROP DEFAULT` }),
      },
    ],
    mssql: [msDroppedDefault],
  },
  ...alterColumnActs,
  setDefault: {
    pgsql: [
      {
        ...ofDefault,
        ...pgAlterTable,
        clause: ({ column }: SetDefault, { statements }): Clause => ({
          verb: 'ALTER COLUMN',
          text: pg`${pgId(column.name)} SET ${defaultOf(column, statements)}`,
        }),
      },
    ],
    mssql: [
      {
        ...ofDefault,
        ...msAlterTable,
        clause: ({ column }: SetDefault, { statements }): Clause => ({
          verb: 'ADD',
          text: ms`${defaultOf(column, statements)} FOR ${msId(column.name)}`,
        }),
      },
    ],
  },
};
