import { lifecycleStates, marksOfOtherShapes, type ShapeMark } from '@dms/catalog';
import { core, coreSchema, coreV2, type DbTableName, type MappingVersion, qualified } from '@dms/model';
import { type Dialect, dialectOf, type PlainSql, type SqlWriter } from '@dms/sql';
import { mssqlInsertMissing } from '../mssql/mssql-seed.ts';
import { pgsqlInsertMissing } from '../pgsql/pgsql-seed.ts';
import type { InsertMissing } from '../seed-values.ts';

/** The values of these rows in a dialect. */
interface SingletonValues {
  /** A new UUID, drawn by the database. */
  readonly uuid: PlainSql;
  /** The state in which nothing is queued. */
  readonly state: PlainSql;
  readonly no: PlainSql;
}

/**
 * The single-row tables in the order in which they are seeded; the first column is the key, with the value 1 (design 16
 * §5.2).
 */
export const singletons = [
  {
    comment: dialectOf.pgsql.sql`-- DataStoreIdentity singleton insert-if-missing`,
    table: 'dataStoreIdentity',
    columns: ['DataStoreIdentitySingletonId', 'SourceIdentity'],
    rowOf: ({ uuid }: SingletonValues) => [uuid],
  },
  {
    comment: dialectOf.pgsql.sql`-- DocumentCacheState singleton insert-if-missing`,
    table: 'documentCacheState',
    columns: ['StateId', 'ProjectionLifecycleState', 'CacheAheadRecoveryRequired'],
    rowOf: ({ state, no }: SingletonValues) => [state, no],
  },
] as const;

/**
 * Seeds the rows that identify the database and hold the state of its projection; existing rows stay (design 16 §5.2).
 */
const seeding =
  ({ sql, asciiLiteral, literal }: Dialect, uuid: PlainSql, insert: InsertMissing) =>
  (writer: SqlWriter): void => {
    const values = { uuid, state: asciiLiteral(lifecycleStates[0]), no: literal(false) };
    for (const { comment, table, columns, rowOf } of singletons) {
      const row = [sql`1`, ...rowOf(values)];
      const statement = insert(coreV2[table], columns, row, columns.slice(0, 1));
      writer.write(comment, statement).blank();
    }
  };

const { pgsql, mssql } = dialectOf;

export const seedPgsqlSingletons = seeding(pgsql, pgsql.sql`pg_catalog.gen_random_uuid()`, pgsqlInsertMissing);
export const seedMssqlSingletons = seeding(mssql, mssql.sql`NEWID()`, mssqlInsertMissing);

/** The remedy for a database that lost the rows that a server binds its state to (design 16 §5.1). */
export const recreate = 'Drop and recreate the database.';

/** The place of an object by which a layout or shape of schema `dms` is recognized. */
export interface TracePlace {
  readonly kind: 'table' | 'column' | 'index' | 'foreignKey';
  readonly table: DbTableName;
  readonly name: string;
}

/** An object that shows another layout or shape of schema `dms`. */
export interface LayoutTrace extends TracePlace {
  /** The refusal. */
  readonly text: string;
}

const trace = (kind: LayoutTrace['kind'], name: string, what: string): LayoutTrace => ({
  kind,
  table: core.documentCache,
  name,
  text: `${what} is of another layout of schema dms. ${recreate}`,
});

/** A unique key is found by its index. */
export const placeOfMark = ({ kind, table, name }: ShapeMark): TracePlace => ({
  kind: kind === 'unique' ? 'index' : kind,
  table: { schema: coreSchema, name: table },
  name,
});

const traceOfMark = (mark: ShapeMark): LayoutTrace => {
  const { kind, name } = mark;
  const what = { table: 'table', unique: 'constraint', index: 'index', foreignKey: 'foreign key' }[kind];
  return {
    ...placeOfMark(mark),
    text: `The ${what} ${name} belongs to another shape of schema dms. Move the database with dms-ddl upgrade, or drop and recreate it.`,
  };
};

/** Traces of another layout, in the order in which they are checked (design 16 §5.1). */
export const layoutTraces: readonly LayoutTrace[] = [
  trace('column', 'Etag', `The column ${qualified(core.documentCache)}.Etag`),
  trace('index', 'UX_DocumentCache_DocumentUuid', 'The constraint UX_DocumentCache_DocumentUuid'),
  trace(
    'index',
    'IX_DocumentCache_ProjectName_ResourceName_LastModifiedAt',
    'The index IX_DocumentCache_ProjectName_ResourceName_LastModifiedAt',
  ),
];

/** Traces of another shape (design 16 §1.1), which are checked after them. */
export const shapeTraces = (version: MappingVersion): readonly LayoutTrace[] =>
  marksOfOtherShapes(version).map(traceOfMark);
