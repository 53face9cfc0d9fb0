import { qualified } from '@dms/model';
import { dialectOf } from '@dms/sql';
import type { TextOf } from './act.ts';
import { type TouchedObject, touched } from './effect.ts';
import { keptKinds } from './kept-kinds.ts';
import { mssqlRenamed } from './mssql-renamed.ts';
import type {
  ActsOf,
  ByName,
  CreateSchema,
  CreateSequence,
  CreateTable,
  MoveTable,
  RemoveRows,
  RenameKey,
  RenameTable,
  TableOperation,
} from './operation.ts';

/* Schemas, sequences, tables, and the names of tables and keys. */

const { sql: pg, id: pgId } = dialectOf.pgsql;
const { sql: ms, id: msId } = dialectOf.mssql;

const ofPg = { lock: 'ACCESS EXCLUSIVE', work: 'none', source: 'pg ALTER TABLE' } as const;
const ofMs = { lock: 'Sch-M', work: 'none', source: 'ms names' } as const;
const noTable = { lock: null, work: 'none' } as const;
const unwaited = { lock: null, work: 'none' } as const;

const droppedTable = {
  does: 'drop table',
  lock: 'ACCESS EXCLUSIVE',
  work: 'none',
  touches: ({ table }: RemoveRows) => [touched('drop', 'relation', qualified(table))],
  loses: keptKinds.filter((kind) => kind !== 'defaults'),
} as const;
const emptiedTable = {
  does: 'empty table',
  touches: ({ table }: RemoveRows) => [touched('empty', 'relation', qualified(table))],
} as const;
const droppedSchema = {
  does: 'drop schema',
  ...noTable,
  touches: ({ name }: ByName): readonly TouchedObject[] => [
    { how: 'drop', kind: 'schema', schema: name, table: null, name: null },
  ],
} as const;

const early = {
  table: { new: [{ does: 'create table', ...unwaited, makes: 'table' }] },
  schema: { new: [{ does: 'create schema', ...unwaited, makes: 'schema' }] },
} as const;

const tableText: TextOf<CreateTable> = ({ table }, { statements }) => statements.table(table);
const schemaText: TextOf<CreateSchema> = ({ name }, { statements }) => statements.schema(name);
const extensionText: TextOf<ByName> = ({ name }, { statements }) => statements.extension(name);
const sequenceText: TextOf<CreateSequence> = ({ sequence }, { statements }) => statements.sequence(sequence);

/** A view or function that is bound to a table hinders a new name or schema of the table. */
const renaming = ({ on }: Pick<TableOperation, 'on'>): readonly TouchedObject[] =>
  on.flatMap(({ name, isNew }) => (isNew ? [] : [touched('rename', 'relation', name)]));

const renameTable = {
  pgsql: [
    {
      does: 'rename table',
      ...ofPg,
      sql: ({ table, to }: RenameTable) => pg`ALTER TABLE ${table} RENAME TO ${pgId(to)};`,
    },
  ],
  mssql: [
    {
      does: 'rename table',
      ...ofMs,
      touches: renaming,
      sql: ({ table, to }: RenameTable) => mssqlRenamed([table.schema, table.name], to, 'OBJECT'),
    },
  ],
} as const;

const renameConstraint = {
  pgsql: [
    {
      does: 'rename constraint',
      ...ofPg,
      sql: ({ table, from, to }: RenameKey) => pg`ALTER TABLE ${table} RENAME CONSTRAINT ${pgId(from)} TO ${pgId(to)};`,
    },
  ],
  mssql: [
    {
      does: 'rename constraint',
      ...ofMs,
      sql: ({ table, from, to }: RenameKey) => mssqlRenamed([table.schema, from], to, 'OBJECT'),
    },
  ],
} as const;

const renameIndex = {
  pgsql: [
    {
      does: 'rename index',
      // only the index is locked
      ...noTable,
      since: 12,
      source: 'pg ALTER INDEX',
      sql: ({ table: { schema }, from, to }: RenameKey) =>
        pg`ALTER INDEX ${{ schema, name: from }} RENAME TO ${pgId(to)};`,
    },
  ],
  mssql: [
    {
      does: 'rename index',
      ...ofMs,
      sql: ({ table, from, to }: RenameKey) => mssqlRenamed([table.schema, table.name, from], to, 'INDEX'),
    },
  ],
} as const;

export const tableActs: ActsOf<TableOperation['op']> = {
  dropTable: {
    pgsql: [{ ...droppedTable, source: 'pg DROP', sql: ({ table }) => pg`DROP TABLE ${table};` }],
    mssql: [
      {
        ...droppedTable,
        lock: 'Sch-M',
        source: 'ms lock modes',
        sql: ({ table }) => ms`DROP TABLE ${table};`,
      },
    ],
  },
  emptyTable: {
    pgsql: [
      {
        ...emptiedTable,
        lock: 'ACCESS EXCLUSIVE',
        work: 'none',
        source: 'pg locking',
        sql: ({ table }) => pg`TRUNCATE TABLE ${table};`,
      },
    ],
    mssql: [
      {
        // TRUNCATE fails on a table that is replicated or has change data capture
        ...emptiedTable,
        lock: 'X',
        work: 'row writes',
        source: 'ms lock modes',
        onRows: true,
        sql: ({ table }) => ms`DELETE FROM ${table};`,
      },
    ],
  },
  createTable: {
    pgsql: [
      {
        does: 'create table',
        lock: 'ACCESS EXCLUSIVE',
        work: 'none',
        source: 'pg locking',
        sql: tableText,
        early: early.table,
      },
    ],
    mssql: [
      {
        does: 'create table',
        lock: 'Sch-M',
        work: 'none',
        source: 'ms lock modes',
        sql: tableText,
        early: early.table,
      },
    ],
  },
  createSchema: {
    pgsql: [{ does: 'create schema', ...noTable, source: 'pg objects', sql: schemaText, early: early.schema }],
    mssql: [{ does: 'create schema', ...noTable, source: 'ms lock modes', sql: schemaText, early: early.schema }],
  },
  dropSchema: {
    pgsql: [{ ...droppedSchema, source: 'pg objects', sql: ({ name }) => pg`DROP SCHEMA ${pgId(name)};` }],
    mssql: [{ ...droppedSchema, source: 'ms lock modes', sql: ({ name }) => ms`DROP SCHEMA ${msId(name)};` }],
  },
  createExtension: {
    pgsql: [{ does: 'create extension', ...noTable, source: 'pg objects', sql: extensionText }],
    mssql: [{ does: 'create extension', ...noTable, source: 'ms lock modes', sql: extensionText }],
  },
  createSequence: {
    pgsql: [{ does: 'create sequence', ...noTable, source: 'pg objects', sql: sequenceText }],
    mssql: [{ does: 'create sequence', ...noTable, source: 'ms lock modes', sql: sequenceText }],
  },
  moveTable: {
    pgsql: [
      {
        does: 'move table',
        ...ofPg,
        sql: ({ table, schema }: MoveTable) => pg`ALTER TABLE ${table} SET SCHEMA ${pgId(schema)};`,
      },
    ],
    mssql: [
      {
        does: 'move table',
        ...ofMs,
        touches: renaming,
        sql: ({ table, schema }: MoveTable) => ms`ALTER SCHEMA ${msId(schema)} TRANSFER ${table};`,
      },
    ],
  },
  renameTable,
  setTableAside: renameTable,
  renameConstraint,
  setConstraintAside: renameConstraint,
  renameIndex,
  setIndexAside: renameIndex,
};
