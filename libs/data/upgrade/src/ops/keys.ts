import type { ConstraintDefinition, Index, TableDefinition } from '@dms/catalog';
import { qualified } from '@dms/model';
import { dialectOf, type PlainSql, type SqlDialect } from '@dms/sql';
import type { Cost, EarlyStep, TextOf } from './act.ts';
import { touched } from './effect.ts';
import { msAlterTable, type PartOfTable, pgAlterTable, pgDrop } from './operated.ts';
import type {
  ActsOf,
  AddConstraint,
  AddForeignKey,
  AddPrimaryKey,
  CreateIndex,
  DropKey,
  KeyOperation,
} from './operation.ts';

/* Keys, checks and indexes. */

const { sql: pg, id: pgId } = dialectOf.pgsql;
const { sql: ms, id: msId } = dialectOf.mssql;

const ofMs = { lock: 'Sch-M', source: 'ms constraints' } as const;

/* Drops. */

/** The text that drops an index. */
export const dropIndexText: Readonly<Record<SqlDialect, (index: PartOfTable) => PlainSql>> = {
  pgsql: ({ table: { schema }, name }) => pg`DROP INDEX ${{ schema, name }};`,
  mssql: ({ table, name }) => ms`DROP INDEX ${msId(name)} ON ${table};`,
};

const dropping =
  (kind: 'constraint' | 'index') =>
  ({ table, name }: DropKey) => [touched('drop', kind, qualified(table), name)];

const ofIndex = ['comment', 'storage parameters', 'tablespace', 'cluster mark', 'replica identity'] as const;
const ofConstraint = { work: 'none', touches: dropping('constraint') } as const;
const droppedForeignKey = { does: 'drop foreign key', ...ofConstraint, loses: ['comment'] } as const;
const droppedConstraint = { does: 'drop constraint', ...ofConstraint, loses: ofIndex } as const;
const droppedIndex = { does: 'drop index', work: 'none', touches: dropping('index'), loses: ofIndex } as const;

const pgDropped: TextOf<DropKey> = ({ table, name }) => pg`ALTER TABLE ${table}\n    DROP CONSTRAINT ${pgId(name)};`;
const msDropped: TextOf<DropKey> = ({ table, name }) => ms`ALTER TABLE ${table} DROP CONSTRAINT ${msId(name)};`;

/* Additions. */

const primaryKeyText: TextOf<AddPrimaryKey> = ({ table }, { statements }) => statements.primaryKey(table);
const constraintText: TextOf<AddConstraint> = ({ table, constraint }, { statements }) =>
  statements.constraint(table, constraint);
const foreignKeyText: TextOf<AddForeignKey> = ({ table, key }, { statements }) => statements.foreignKey(table, key);
const indexText: TextOf<CreateIndex> = ({ table, index }, { statements }) => statements.index(table, index);

/* Preparations: nobody waits for a table that nobody uses. */

const unwaited = { lock: null, work: 'none' } as const;
const newKey = [{ does: 'add key of new table', ...unwaited, makes: 'constraint' }] as const;
const newForeignKey = { does: 'add foreign key of new table', ...unwaited, makes: 'constraint' } as const;
const newIndex = [{ does: 'create index of new table', ...unwaited, makes: 'index' }] as const;

/** Each waits for a moment at most, or for nobody. */
const concurrently = {
  does: 'create index concurrently',
  lock: 'SHARE UPDATE EXCLUSIVE',
  work: 'index build',
  isAlone: true,
  makes: 'index',
} as const;
const moment = { lock: 'ACCESS EXCLUSIVE', work: 'none', makes: 'constraint' } as const;
const validation = { lock: 'SHARE UPDATE EXCLUSIVE', makes: 'constraint' } as const;
const online = { work: 'index build', needsOnline: true } as const;

const validated = (table: TableDefinition, name: string) => pg`ALTER TABLE ${table} VALIDATE CONSTRAINT ${pgId(name)};`;

/** The index behind a unique key. */
function indexOf(constraint: ConstraintDefinition): Index {
  if (constraint.kind !== 'unique') throw new Error(`${constraint.name} is not unique`);
  const { name, columns } = constraint;
  return { name, unique: true, columns, include: [], predicate: null, plain: true, valid: true };
}

/** A key that an index of its columns becomes. */
const uniqueByIndex: readonly EarlyStep<AddConstraint, 'pgsql'>[] = [
  {
    ...concurrently,
    sql: ({ table, constraint }, { statements }) => statements.index(table, indexOf(constraint), 'concurrently'),
  },
  {
    does: 'make index a key',
    ...moment,
    sql: ({ table, constraint: { name } }) =>
      pg`ALTER TABLE ${table} ADD CONSTRAINT ${pgId(name)} UNIQUE USING INDEX ${pgId(name)};`,
  },
];

/** On both tables: rows may be read and, where the lock is weaker, written. */
const bothTables = <Lock extends Cost<'pgsql'>['lock'] | Cost<'mssql'>['lock']>(lock: Lock) => ({
  lock,
  targetLock: lock,
});

export const keyActs: ActsOf<KeyOperation['op']> = {
  dropForeignKey: {
    // the key's triggers are dropped from both tables
    pgsql: [{ ...droppedForeignKey, ...bothTables('ACCESS EXCLUSIVE'), source: 'pg ALTER TABLE', sql: pgDropped }],
    mssql: [{ ...droppedForeignKey, ...bothTables('Sch-M'), source: 'ms constraints', sql: msDropped }],
  },
  dropConstraint: {
    pgsql: [{ ...droppedConstraint, ...pgAlterTable, sql: pgDropped }],
    mssql: [{ ...droppedConstraint, ...msAlterTable, sql: msDropped }],
  },
  dropIndex: {
    pgsql: [{ ...droppedIndex, ...pgDrop, sql: dropIndexText.pgsql }],
    mssql: [{ ...droppedIndex, lock: 'Sch-M', source: 'ms index', sql: dropIndexText.mssql }],
  },
  addPrimaryKey: {
    pgsql: [{ does: 'add primary key', ...pgAlterTable, work: 'index build', sql: primaryKeyText }],
    // a clustered key is the table itself
    mssql: [{ does: 'add primary key', lock: 'Sch-M', work: 'rewrite', source: 'ms index', sql: primaryKeyText }],
  },
  addUnique: {
    pgsql: [
      {
        does: 'add unique',
        ...pgAlterTable,
        work: 'index build',
        sql: constraintText,
        early: { new: newKey, used: uniqueByIndex },
      },
    ],
    mssql: [
      {
        does: 'add unique',
        ...ofMs,
        work: 'index build',
        sql: constraintText,
        early: {
          new: newKey,
          used: [
            {
              does: 'add unique online',
              lock: 'Sch-M',
              ...online,
              makes: 'constraint',
              sql: ({ table, constraint }, { statements }) => statements.constraint(table, constraint, 'online'),
            },
          ],
        },
      },
    ],
  },
  addCheck: {
    pgsql: [
      {
        does: 'add check',
        ...pgAlterTable,
        work: 'scan',
        sql: constraintText,
        early: {
          new: newKey,
          used: [
            {
              does: 'add check',
              ...moment,
              sql: ({ table, constraint }, { statements }) => statements.constraint(table, constraint, 'notValid'),
            },
            {
              does: 'validate check',
              ...validation,
              work: 'scan',
              sql: ({ table, constraint }) => validated(table, constraint.name),
            },
          ],
        },
      },
    ],
    // WITH CHECK CHECK CONSTRAINT reads the rows under Sch-M, for which readers and writers wait
    mssql: [{ does: 'add check', ...ofMs, work: 'scan', sql: constraintText, early: { new: newKey } }],
  },
  addForeignKey: {
    pgsql: [
      {
        does: 'add foreign key',
        ...bothTables('SHARE ROW EXCLUSIVE'),
        work: 'key validation',
        source: 'pg ALTER TABLE',
        sql: foreignKeyText,
        early: {
          new: newKey,
          newToUsed: [{ ...newForeignKey, targetLock: 'SHARE ROW EXCLUSIVE' }],
          used: [
            {
              does: 'add foreign key',
              ...bothTables('SHARE ROW EXCLUSIVE'),
              work: 'none',
              makes: 'constraint',
              sql: ({ table, key }, { statements }) => statements.foreignKey(table, key, 'notValid'),
            },
            {
              does: 'validate foreign key',
              ...validation,
              targetLock: 'ROW SHARE',
              work: 'key validation',
              sql: ({ table, key }) => validated(table, key.name),
            },
          ],
        },
      },
    ],
    mssql: [
      {
        does: 'add foreign key',
        ...bothTables('Sch-M'),
        work: 'key validation',
        source: 'ms constraints',
        sql: foreignKeyText,
        early: {
          new: newKey,
          newToUsed: [{ ...newForeignKey, targetLock: 'Sch-M' }],
        },
      },
    ],
  },
  createIndex: {
    pgsql: [
      {
        does: 'create index',
        lock: 'SHARE',
        work: 'index build',
        source: 'pg CREATE INDEX',
        sql: indexText,
        early: {
          new: newIndex,
          used: [
            {
              ...concurrently,
              sql: ({ table, index }, { statements }) => statements.index(table, index, 'concurrently'),
            },
          ],
        },
      },
    ],
    mssql: [
      {
        does: 'create index',
        lock: 'S',
        work: 'index build',
        source: 'ms index',
        sql: indexText,
        early: {
          new: newIndex,
          used: [
            {
              does: 'create index online',
              lock: 'S',
              ...online,
              makes: 'index',
              sql: ({ table, index }, { statements }) => statements.index(table, index, 'online'),
            },
          ],
        },
      },
    ],
  },
};
