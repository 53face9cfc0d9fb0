import type { Catalog, CatalogTable } from '@dms/catalog';
import { qualified } from '@dms/model';
import { type DialectRules, dialectRules, qualifiedName, type SqlDialect } from '@dms/sql';
import type { Connection, Limits } from '../drivers/connection.ts';
import { ownTable } from './own-tables.ts';

/** The kinds of objects that a preparation creates. */
export const preparedKinds = ['schema', 'table', 'column', 'constraint', 'index'] as const;

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
  /** The hash of the schema set that is prepared. */
  readonly later: string;
  readonly statement: string;
  readonly objects: readonly PreparedObject[];
  /** Whether the statement of the step has finished. */
  readonly isDone: boolean;
}

/** The statements that keep the record in a database. */
export interface RecordStatements {
  /** Whether the record exists, as `found`: 1 or 0. */
  readonly exists: string;
  /** Creates the record, if the database has none. */
  readonly create: string;
  /** Removes the record, which may no longer name objects that exist. */
  readonly drop: string;
  /** Reads the record, in the order of the steps. */
  readonly read: string;
  /** Adds a step. In a script, variables hold the number and the text of the statement; `variables` are their names. */
  add(step: RecordedStep, variables?: { readonly number: string; readonly statement: string }): string;
  markDone(step: number): string;
  remove(step: number): string;
}

interface RecordDialect {
  readonly rules: DialectRules;
  readonly types: { readonly number: string; readonly name: string; readonly text: string; readonly flag: string };
}

const { schema } = recordTable;

const dialects: Readonly<Record<SqlDialect, RecordDialect>> = {
  pgsql: {
    rules: dialectRules.pgsql,
    types: { number: 'integer', name: 'text', text: 'text', flag: 'boolean' },
  },
  mssql: {
    rules: dialectRules.mssql,
    types: { number: 'int', name: 'nvarchar(128)', text: 'nvarchar(max)', flag: 'bit' },
  },
};

function writeRecordStatements(dialect: SqlDialect): RecordStatements {
  const { rules, types } = dialects[dialect];
  const q = (name: string) => rules.quote(name);
  const literal = (text: string) => rules.stringLiteral(text);
  const orNull = (name: string | null) => (name === null ? 'NULL' : literal(name));
  const table = qualifiedName(rules, recordTable);
  const columns = [
    `${q('Step')} ${types.number} NOT NULL`,
    `${q('Position')} ${types.number} NOT NULL`,
    `${q('Later')} ${types.name} NOT NULL`,
    `${q('Kind')} ${types.name} NOT NULL`,
    `${q('Schema')} ${types.name} NOT NULL`,
    `${q('Table')} ${types.name} NULL`,
    `${q('Name')} ${types.name} NULL`,
    `${q('Statement')} ${types.text} NOT NULL`,
    `${q('IsDone')} ${types.flag} NOT NULL`,
    `PRIMARY KEY (${q('Step')}, ${q('Position')})`,
  ];
  const comment = 'What dms-ddl upgrade prepare has made for an upgrade; the upgrade removes it.';
  return {
    ...ownTable(dialect, recordTable, columns, comment),
    drop: `DROP TABLE ${table};\nDROP SCHEMA ${q(schema)};`,
    read: `SELECT ${q('Step')} AS step, ${q('Later')} AS later, ${q('Kind')} AS kind, ${q('Schema')} AS ${q('schema')}, ${q('Table')} AS ${q('table')}, ${q('Name')} AS name, ${q('Statement')} AS statement, ${q('IsDone')} AS done FROM ${table} ORDER BY ${q('Step')}, ${q('Position')}`,
    add(
      { number, later, statement, objects, isDone },
      variables = { number: `${number}`, statement: literal(statement) },
    ) {
      const rows = objects.map(
        ({ kind, schema: inSchema, table: ofTable, name }, position) =>
          `(${variables.number}, ${position}, ${literal(later)}, ${literal(kind)}, ${literal(inSchema)}, ${orNull(ofTable)}, ${orNull(name)}, ${variables.statement}, ${rules.booleanLiteral(isDone)})`,
      );
      return `INSERT INTO ${table} VALUES ${rows.join(', ')};`;
    },
    markDone: (step) =>
      `UPDATE ${table} SET ${q('IsDone')} = ${rules.booleanLiteral(true)} WHERE ${q('Step')} = ${step};`,
    remove: (step) => `DELETE FROM ${table} WHERE ${q('Step')} = ${step};`,
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
  const [row] = await connection.query<{ found: number }>(exists, [], limits);
  if (row?.found !== 1) return null;
  return readSteps(await connection.query<RecordRow>(read, [], limits));
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
