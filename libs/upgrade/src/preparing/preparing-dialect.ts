import type { ConstraintDefinition, TableDefinition } from '@dms/catalog';
import { preparedPart } from '@dms/databases';
import { dialectRules, qualifiedName, type SqlDialect } from '@dms/sql';
import type { PreparationStep } from './preparation.ts';

/** A statement of a preparation, with the objects that it makes. */
export type PreparingStatement = Pick<PreparationStep, 'kind' | 'sql' | 'objects'>;

type UniqueDefinition = Extract<ConstraintDefinition, { readonly kind: 'unique' }>;

/** How an engine makes keys and indexes of tables that the service works with (design 12 §14.1, §14.5). */
export interface PreparingDialect {
  /** Builds an index while others write; `sql` creates it. */
  index(table: TableDefinition, name: string, sql: string): readonly PreparingStatement[];
  /** Builds a unique key while others write; `sql` adds it, and `plainIndex` creates an index with these columns. */
  unique(
    table: TableDefinition,
    unique: UniqueDefinition,
    texts: { readonly sql: string; readonly plainIndex: string },
  ): readonly PreparingStatement[];
  /**
   * Adds a constraint without reading the rows, and reads them afterwards under a lock that blocks no reader or writer;
   * null if the engine has no such lock.
   */
  validated(
    table: TableDefinition,
    name: string,
    sql: string,
    kind: 'check' | 'foreign key',
  ): readonly PreparingStatement[] | null;
}

/** A statement of the renderer with more before its end. */
const withEnd = (sql: string, end: string) => sql.replace(/;?$/, `${end};`);

/** The statement that creates an index, without a lock that blocks writers. */
const concurrently = (sql: string) => sql.replace(/^CREATE (UNIQUE )?INDEX /, 'CREATE $1INDEX CONCURRENTLY ');

const altered = (table: TableDefinition, action: string) =>
  `ALTER TABLE ${qualifiedName(dialectRules.pgsql, table)} ${action};`;

const pgsqlPreparing: PreparingDialect = {
  index: (table, name, sql) => [
    { kind: 'create index concurrently', sql: concurrently(sql), objects: [preparedPart('index', table, name)] },
  ],
  unique(table, { name }, { plainIndex }) {
    const quoted = dialectRules.pgsql.quote(name);
    return [
      ...this.index(table, name, plainIndex),
      {
        kind: 'make index a key',
        sql: altered(table, `ADD CONSTRAINT ${quoted} UNIQUE USING INDEX ${quoted}`),
        objects: [preparedPart('constraint', table, name)],
      },
    ];
  },
  validated(table, name, sql, kind) {
    const objects = [preparedPart('constraint', table, name)];
    const validation = altered(table, `VALIDATE CONSTRAINT ${dialectRules.pgsql.quote(name)}`);
    return [
      { kind: `add ${kind}`, sql: withEnd(sql, ' NOT VALID'), objects },
      { kind: `validate ${kind}`, sql: validation, objects },
    ];
  },
};

const online = ' WITH (ONLINE = ON)';

/**
 * The values of SERVERPROPERTY('EngineEdition') with online index operations: Enterprise and Developer, SQL Database,
 * Managed Instance.
 */
export const onlineEditions: readonly number[] = [3, 5, 8];

const mssqlPreparing: PreparingDialect = {
  index: (table, name, sql) => [
    { kind: 'create index online', sql: withEnd(sql, online), objects: [preparedPart('index', table, name)] },
  ],
  unique: (table, { name }, { sql }) => [
    { kind: 'add unique online', sql: withEnd(sql, online), objects: [preparedPart('constraint', table, name)] },
  ],
  // WITH CHECK CHECK CONSTRAINT reads the rows under Sch-M, for which readers and writers wait
  validated: () => null,
};

export const preparingDialects: Readonly<Record<SqlDialect, PreparingDialect>> = {
  pgsql: pgsqlPreparing,
  mssql: mssqlPreparing,
};
