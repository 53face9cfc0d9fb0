import { qualified } from '@dms/model';
import { dialectOf, type PlainSql, type QualifiedName, type SqlDialect, trusted } from '@dms/sql';
import type { TextOf } from './act.ts';
import { parameterCount, type TouchedObject, touched } from './effect.ts';
import { type PartOfTable, pgDrop } from './operated.ts';
import type {
  ActsOf,
  CodeOperation,
  CreateFunction,
  CreateTrigger,
  CreateView,
  DropFunction,
  DropTrigger,
  DropView,
  RestoreRights,
} from './operation.ts';

/* Functions, views and triggers. */

const { sql: pg, id: pgId } = dialectOf.pgsql;
const { sql: ms } = dialectOf.mssql;

const ofMs = { lock: 'Sch-M', source: 'ms code' } as const;

/** The texts that drop triggers and views. */
export const dropTriggerText: Readonly<Record<SqlDialect, (trigger: PartOfTable) => PlainSql>> = {
  pgsql: ({ table, name }) => pg`DROP TRIGGER ${pgId(name)} ON ${table};`,
  mssql: ({ table: { schema }, name }) => ms`DROP TRIGGER ${{ schema, name }};`,
};
export const dropViewText = (dialect: SqlDialect, view: QualifiedName): PlainSql =>
  dialectOf[dialect].sql`DROP VIEW ${view};`;

const droppedTrigger = {
  does: 'drop trigger',
  work: 'none',
  touches: ({ table, name }: DropTrigger) => [touched('drop', 'trigger', qualified(table), name)],
  loses: ['state', 'comment'],
} as const;

const droppedFunction = {
  does: 'drop function',
  lock: null,
  work: 'none',
  touches: ({ routine: { schema, name, arguments: list } }: DropFunction): readonly TouchedObject[] => [
    { how: 'drop', kind: 'function', schema, table: null, name, parameters: parameterCount(list) },
  ],
  loses: ['owner', 'rights', 'comment'],
} as const;

const droppedView = {
  does: 'drop view',
  work: 'none',
  touches: ({ view }: DropView) => [touched('drop', 'relation', qualified(view))],
  loses: ['owner', 'rights', 'column rights', 'storage parameters', 'comment', 'defaults', 'triggers'],
} as const;

const createdFunction = { does: 'create function', lock: null, work: 'none' } as const;
const createdView = { does: 'create view', work: 'none' } as const;
const createdTrigger = { does: 'create trigger', work: 'none' } as const;
const pgTrigger = { lock: 'SHARE ROW EXCLUSIVE', source: 'pg CREATE TRIGGER' } as const;

const functionText: TextOf<CreateFunction> = ({ routine }, { statements }) => statements.routine(routine);
const viewText: TextOf<CreateView> = ({ view }, { statements }) => statements.view(view);
const triggerText: TextOf<CreateTrigger> = ({ table, trigger }, { statements }) => statements.trigger(table, trigger);
const rightsText: TextOf<RestoreRights> = ({ role }, { statements }) => statements.rights(role);

export const codeActs: ActsOf<CodeOperation['op']> = {
  dropTrigger: {
    pgsql: [{ ...droppedTrigger, ...pgDrop, sql: dropTriggerText.pgsql }],
    mssql: [{ ...droppedTrigger, ...ofMs, sql: dropTriggerText.mssql }],
  },
  dropFunction: {
    pgsql: [
      {
        ...droppedFunction,
        source: 'pg objects',
        sql: ({ routine }) => pg`DROP FUNCTION ${routine}(${trusted(routine.arguments)});`,
      },
    ],
    mssql: [{ ...droppedFunction, source: 'ms code', sql: ({ routine }) => ms`DROP FUNCTION ${routine};` }],
  },
  dropView: {
    pgsql: [{ ...droppedView, ...pgDrop, sql: ({ view }) => dropViewText('pgsql', view) }],
    mssql: [{ ...droppedView, ...ofMs, sql: ({ view }) => dropViewText('mssql', view) }],
  },
  createFunction: {
    pgsql: [{ ...createdFunction, source: 'pg objects', sql: functionText }],
    mssql: [{ ...createdFunction, source: 'ms code', sql: functionText }],
  },
  createView: {
    pgsql: [
      { ...createdView, lock: 'ACCESS EXCLUSIVE', source: 'pg objects', sql: viewText, loses: ['storage parameters'] },
    ],
    mssql: [{ ...createdView, ...ofMs, sql: viewText }],
  },
  createTrigger: {
    pgsql: [{ ...createdTrigger, ...pgTrigger, sql: triggerText, loses: ['state'] }],
    mssql: [{ ...createdTrigger, ...ofMs, sql: triggerText }],
  },
  // a login that replaces a function of the owner role may execute it meanwhile (design 16 §2.6)
  restoreRights: {
    pgsql: [{ ...createdFunction, source: 'pg objects', sql: rightsText }],
    mssql: [{ ...createdFunction, source: 'ms code', sql: rightsText }],
  },
};
