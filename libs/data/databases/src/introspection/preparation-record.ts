import { generationMember, type MappingVersion } from '@dms/api-schema';
import type { Catalog, CatalogTable } from '@dms/catalog';
import { qualified } from '@dms/model';
import { dialectOf, join, type PlainSql, type SqlDialect } from '@dms/sql';
import { hashStart } from '@dms/values';
import type { Connection, Limits } from '../drivers/connection.ts';
import { rowsOf } from '../drivers/statement.ts';
import { ownTable } from './own-tables.ts';

/** The kinds of objects that a preparation creates. */
const preparedKinds = ['schema', 'table', 'column', 'constraint', 'index'] as const;

/**
 * An object of the later set in a database of the earlier set. A schema has the name of its schema, a table that of its
 * table.
 */
export interface PreparedObject {
  readonly kind: (typeof preparedKinds)[number];
  readonly schema: string;
  /** The table; null for a schema. */
  readonly table: string | null;
  /** The column, constraint or index; null for others. */
  readonly name: string | null;
}

export const preparedSchema = (schema: string): PreparedObject => ({ kind: 'schema', schema, table: null, name: null });

export const preparedTable = ({
  schema,
  name,
}: {
  readonly schema: string;
  readonly name: string;
}): PreparedObject => ({
  kind: 'table',
  schema,
  table: name,
  name: null,
});

export const preparedPart = (
  kind: 'column' | 'constraint' | 'index',
  { schema, name: table }: { readonly schema: string; readonly name: string },
  name: string,
): PreparedObject => ({ kind, schema, table, name });

/** The table of a column, constraint, index or table. */
export function preparedTableName({ kind, schema, table }: PreparedObject): {
  readonly schema: string;
  readonly name: string;
} {
  if (table === null) throw new Error(`a prepared ${kind} of the schema ${schema} has no table`);
  return { schema, name: table };
}

/** The name of a column, constraint or index. */
export function preparedPartName({ kind, schema, table, name }: PreparedObject): string {
  if (name === null) throw new Error(`a prepared ${kind} of ${schema}.${table} has no name`);
  return name;
}

/** A prepared object as text: `index core.Room.IX_Room_Floor`. */
export const preparedText = ({ kind, schema, table, name }: PreparedObject): string =>
  `${kind} ${[schema, table, name].filter((part) => part !== null).join('.')}`;

/** Removes the objects of a preparation from a catalog, which leaves the catalog of the earlier set (design 12a §5). */
export function withoutPrepared(catalog: Catalog, objects: readonly PreparedObject[]): Catalog {
  if (objects.length === 0) return catalog;
  const gone = new Set(objects.map(preparedText));
  const stays = (object: PreparedObject) => !gone.has(preparedText(object));
  const reduced = (table: CatalogTable): CatalogTable => {
    const isConstraint = ({ name }: { readonly name: string }) => stays(preparedPart('constraint', table, name));
    return {
      ...table,
      columns: table.columns.filter(({ name }) => stays(preparedPart('column', table, name))),
      uniques: table.uniques.filter(isConstraint),
      foreignKeys: table.foreignKeys.filter(isConstraint),
      checks: table.checks.filter(isConstraint),
      indexes: table.indexes.filter(({ name }) => stays(preparedPart('index', table, name))),
    };
  };
  const touched = new Set(objects.flatMap(({ schema, table }) => (table === null ? [] : [`${schema}.${table}`])));
  return {
    ...catalog,
    schemas: catalog.schemas.filter((name) => stays(preparedSchema(name))),
    tables: catalog.tables
      .filter((table) => stays(preparedTable(table)))
      .map((table) => (touched.has(qualified(table)) ? reduced(table) : table)),
  };
}

/** The table in which a database records its preparation (design 12a §5.2); the upgrade removes it. */
export const recordTable = { schema: 'dms_upgrade', name: 'Preparation' } as const;

/** The lock that a session holds while it prepares or upgrades a database. */
export const preparingLock = 'dms:prepare';

/** The objects of the record itself, which no schema set has. */
export const recordObjects: readonly PreparedObject[] = [
  preparedSchema(recordTable.schema),
  preparedTable(recordTable),
];

/** A step that a record has, or will have. */
export interface RecordedStep {
  /** Its number in the record, from 1, in the order in which the steps were made. */
  readonly number: number;
  /** The schema set that is prepared ({@link preparedFor}). */
  readonly later: string;
  readonly statement: string;
  readonly objects: readonly PreparedObject[];
  /** Whether the statement of the step has finished. */
  readonly isDone: boolean;
}

/**
 * The form in which the record has the schema set of a preparation: its hash, and after a blank its generation where
 * another one has the same hash under the fingerprint version (design 12a §5.2).
 */
export function preparedFor({ effectiveSchemaHash, mappingVersion }: PreparedFor): string {
  const generation = generationMember(mappingVersion);
  return generation === undefined ? effectiveSchemaHash : `${effectiveSchemaHash} ${generation}`;
}

interface PreparedFor {
  readonly effectiveSchemaHash: string;
  readonly mappingVersion: MappingVersion;
}

/** The schema set of a preparation: its hash, and its generation where the hash does not determine it. */
export type PreparedSet = { readonly hash: string; readonly generation?: string };

/** Reads {@link preparedFor}. */
export function preparedSet(later: string): PreparedSet {
  const [hash = later, generation] = later.split(' ');
  return { hash, ...(generation === undefined ? {} : { generation }) };
}

/** A prepared set in a message: the start of its hash, and ` of v2-natural` where it has a generation. */
export const preparedSetText = ({ hash, generation }: PreparedSet): string =>
  `${hashStart(hash)}${generation === undefined ? '' : ` of ${generation}`}`;

const { pgsql, mssql } = dialectOf;

/** The statements that keep the record in a database. */
interface RecordStatements {
  /** Whether the record exists, as `found`: 1 or 0. */
  readonly exists: PlainSql;
  /** Creates the record, if the database has none. */
  readonly create: PlainSql;
  /** Removes the record, which may no longer name objects that exist. */
  readonly drop: PlainSql;
  /** Reads the record, in the order of the steps. */
  readonly read: PlainSql;
  /** Adds a step. In a script, variables hold the number and the text of the statement; `variables` are their names. */
  add(step: RecordedStep, variables?: { readonly number: PlainSql; readonly statement: PlainSql }): PlainSql;
  markDone(step: number): PlainSql;
  remove(step: number): PlainSql;
}

/** The types of numbers, names, texts and flags. */
const types: Readonly<Record<SqlDialect, readonly [number: PlainSql, name: PlainSql, text: PlainSql, flag: PlainSql]>> =
  {
    pgsql: [pgsql.sql`integer`, pgsql.sql`text`, pgsql.sql`text`, pgsql.sql`boolean`],
    mssql: [mssql.sql`int`, mssql.sql`nvarchar(128)`, mssql.sql`nvarchar(max)`, mssql.sql`bit`],
  };

function writeRecordStatements(dialect: SqlDialect): RecordStatements {
  const { sql, id, literal } = dialectOf[dialect];
  const [number, name, text, flag] = types[dialect];
  const columns = [
    sql`"Step" ${number} NOT NULL`,
    sql`"Position" ${number} NOT NULL`,
    sql`"Later" ${name} NOT NULL`,
    sql`"Kind" ${name} NOT NULL`,
    sql`"Schema" ${name} NOT NULL`,
    sql`"Table" ${name} NULL`,
    sql`"Name" ${name} NULL`,
    sql`"Statement" ${text} NOT NULL`,
    sql`"IsDone" ${flag} NOT NULL`,
    sql`PRIMARY KEY ("Step", "Position")`,
  ];
  const comment = 'What dms-ddl upgrade prepare has made for an upgrade; the upgrade removes it.';
  return {
    ...ownTable(dialect, recordTable, columns, comment),
    drop: sql`DROP TABLE ${recordTable};\nDROP SCHEMA ${id(recordTable.schema)};`,
    read: sql`SELECT "Step" AS step, "Later" AS later, "Kind" AS kind, "Schema" AS "schema", "Table" AS "table", "Name" AS name, "Statement" AS statement, "IsDone" AS done FROM ${recordTable} ORDER BY "Step", "Position"`,
    add(
      { number: step, later, statement, objects, isDone },
      variables = { number: literal(step), statement: literal(statement) },
    ) {
      const rows = objects.map(({ kind, schema, table, name }, position) => {
        const values = [position, later, kind, schema, table, name].map(literal);
        return sql`(${join([variables.number, ...values, variables.statement, literal(isDone)])})`;
      });
      return sql`INSERT INTO ${recordTable} VALUES ${join(rows)};`;
    },
    markDone: (step) => sql`UPDATE ${recordTable} SET "IsDone" = ${literal(true)} WHERE "Step" = ${literal(step)};`,
    remove: (step) => sql`DELETE FROM ${recordTable} WHERE "Step" = ${literal(step)};`,
  };
}

export const recordStatements: Readonly<Record<SqlDialect, RecordStatements>> = {
  pgsql: writeRecordStatements('pgsql'),
  mssql: writeRecordStatements('mssql'),
};

interface RecordRow {
  readonly step: number;
  readonly later: string;
  readonly kind: string;
  readonly schema: string;
  readonly table: string | null;
  readonly name: string | null;
  readonly statement: string;
  readonly done: boolean;
}

/**
 * The steps that `upgrade prepare` has recorded in a database (design 12a §5.2); null without a record. Throws the
 * `DB_*` codes.
 */
export async function readPreparation(
  connection: Connection,
  limits: Limits = {},
): Promise<readonly RecordedStep[] | null> {
  const { exists, read } = recordStatements[connection.dialect];
  const [row] = await rowsOf<{ found: number }>(connection, exists, limits);
  if (row?.found !== 1) return null;
  return readSteps(await rowsOf<RecordRow>(connection, read, limits));
}

function readSteps(rows: readonly RecordRow[]): readonly RecordedStep[] {
  const steps = new Map<number, RecordedStep & { readonly objects: PreparedObject[] }>();
  for (const { step: number, later, kind, schema, table, name, statement, done: isDone } of rows) {
    if (!isKind(kind)) continue;
    const known = steps.get(number) ?? { number, later, statement, isDone, objects: [] };
    known.objects.push({ kind, schema, table, name });
    steps.set(number, known);
  }
  return [...steps.values()];
}

const isKind = (kind: string): kind is PreparedObject['kind'] => (preparedKinds as readonly string[]).includes(kind);
