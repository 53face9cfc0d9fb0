import { type DatabaseShape, type MappingVersion, shapes } from '@dms/model';
import * as z from 'zod/mini';

/*
 * The contents of a database as plain data, for desired and live databases alike (design 09a §1.1). Each shape reads a
 * part of `catalog.<dialect>.json`, and the type of the same name is inferred from it, so that the two cannot differ.
 * Lists are sorted ordinally by name: objects by schema and name, functions then by arguments. Columns and key columns
 * keep their order; the events of a trigger follow the order of their type.
 */

/** Normal form of an expression (design 09a §1.5). */
export type ExpressionText = string;

const text = z.string();
const texts = z.array(text);
const hash = text.check(z.regex(/^[0-9a-f]{64}$/, { error: 'expected 64 lower-case hex digits' }));

/** Converts a member to the value that it represents. */
export const transformed = <Schema extends z.ZodMiniType, Output>(
  schema: Schema,
  value: (read: z.output<Schema>, payload: z.core.ParsePayload) => Output,
) => z.pipe(schema, z.transform(value));

/** A member that is omitted if it has its usual value (design 09a §1.2). */
const withDefault = <Schema extends z.ZodMiniType>(usual: z.output<Schema>, schema: Schema) =>
  transformed(z.optional(schema), (value): z.output<Schema> => value ?? usual);

const orNull = <Schema extends z.ZodMiniType>(schema: Schema) =>
  withDefault<z.ZodMiniNullable<Schema>>(null, z.nullable(schema));

type CamelCase<Name extends string> = Name extends `${infer First}_${infer Rest}`
  ? `${First}${Capitalize<CamelCase<Rest>>}`
  : Name;

type CamelMembers<Value> = { [Name in keyof Value as Name extends string ? CamelCase<Name> : never]: Value[Name] };

/** An object whose members have names like `on_delete` in the file and `onDelete` in memory. */
export function camelObject<Members extends z.core.$ZodLooseShape>(members: Members) {
  const schema = z.object(members);
  const names = Object.keys(members).map((name) => [
    name,
    name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
  ]);
  return transformed(schema, (read) => {
    const found: Record<string, unknown> = {};
    for (const [name = '', member = ''] of names) if (name in read) found[member] = read[name as keyof typeof read];
    return found as CamelMembers<z.output<typeof schema>>;
  });
}

const qualified = transformed(text, (name, { issues }) => {
  const dot = name.indexOf('.');
  if (dot < 1) issues.push({ code: 'custom', input: name, message: 'expected "schema.table"' });
  return { schema: name.slice(0, dot), table: name.slice(dot + 1) };
});

const named = { schema: text, name: text };

/**
 * Further properties of an object in a live database, in SQL terms, sorted: `DEFERRABLE`, `POLICY mine`, …; absent
 * means empty.
 */
const options = z.optional(texts);

/** A desired catalog has no options. */
export interface WithOptions {
  readonly options?: readonly string[] | undefined;
}

const extension = z.object({ name: text, schema: text });

const sequence = z.object({
  ...named,
  type: text,
  start: text,
  increment: text,
  min: text,
  max: text,
  cycle: z.boolean(),
  options,
});

export type Sequence = DatabaseShape<typeof sequence>;

/** In SQL Server, seed and increment follow if they are not 1. */
const identity = z.custom<'always' | 'byDefault' | `always(${string})`>(
  (value) => typeof value === 'string' && /^(?:always(?:\(.*\))?|byDefault)$/.test(value),
  { error: 'expected "always" or "byDefault"' },
);

/** The end of the name of a PostgreSQL collation that takes different texts for equal. */
export const notDeterministic = ' NOT DETERMINISTIC';

const column = z.object({
  name: text,
  type: text,
  nullable: z.boolean(),
  identity: orNull(identity),
  default: orNull(text),
  generated: orNull(z.object({ expression: text, stored: withDefault(true, z.boolean()) })),
  collation: orNull(text),
});

export type CatalogColumn = DatabaseShape<typeof column>;

const key = z.object({
  name: text,
  columns: texts,
  /** Null in PostgreSQL. */
  clustered: orNull(z.boolean()),
  options,
});

export type CatalogKey = DatabaseShape<typeof key>;

const action = z.enum(['NO ACTION', 'RESTRICT', 'CASCADE', 'SET NULL', 'SET DEFAULT']);

export type CatalogAction = z.output<typeof action>;

const foreignKey = camelObject({
  name: text,
  columns: texts,
  target: qualified,
  target_columns: texts,
  on_delete: action,
  on_update: action,
  deferrable: withDefault(false, shapes.deferral),
  validated: withDefault(true, z.boolean()),
  options,
});

export type ForeignKey = DatabaseShape<typeof foreignKey>;

const check = z.object({ name: text, expression: text, validated: withDefault(true, z.boolean()), options });

export type Check = DatabaseShape<typeof check>;

const index = z.object({
  name: text,
  unique: z.boolean(),
  columns: texts,
  include: withDefault([], texts),
  predicate: orNull(text),
  plain: withDefault(true, z.boolean()),
  valid: withDefault(true, z.boolean()),
});

export type Index = DatabaseShape<typeof index>;

const trigger = camelObject({
  name: text,
  timing: z.enum(['BEFORE', 'AFTER', 'INSTEAD OF']),
  level: z.enum(['ROW', 'STATEMENT']),
  events: z.array(z.enum(['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE'])),
  update_of: withDefault([], texts),
  /** Names of the transition tables; null in SQL Server, which always has `deleted` and `inserted`. */
  old_table: orNull(text),
  new_table: orNull(text),
  /** The condition on the row (PostgreSQL). */
  when: orNull(text),
  enabled: withDefault(true, z.boolean()),
  /** `schema.name` of the function in PostgreSQL. */
  function: orNull(text),
  body: orNull(hash),
  options,
});

export type Trigger = DatabaseShape<typeof trigger>;

const table = camelObject({
  ...named,
  storage: withDefault('ordinary', z.enum(['ordinary', 'unlogged', 'partitioned', 'foreign'])),
  columns: z.array(column),
  primary_key: z.nullable(key),
  uniques: z.array(key),
  foreign_keys: z.array(foreignKey),
  checks: z.array(check),
  indexes: z.array(index),
  triggers: z.array(trigger),
  /**
   * Storage properties that do not affect writes: `autovacuum_enabled=false`, `REPLICA IDENTITY FULL`; absent means
   * empty.
   */
  parameters: z.optional(texts),
  options,
});

export type CatalogTable = DatabaseShape<typeof table>;

const view = z.object({
  ...named,
  columns: z.array(z.object({ name: text, type: text })),
  /** In PostgreSQL, unquoted names are in lower case, as the engine keeps them. */
  body: hash,
  options,
});

export type View = DatabaseShape<typeof view>;

const routine = camelObject({
  ...named,
  arguments: text,
  result: text,
  language: text,
  volatility: z.nullable(z.enum(['immutable', 'stable', 'volatile'])),
  strict: z.nullable(z.boolean()),
  /** Whether it runs with the rights of its owner (PostgreSQL). */
  security_definer: withDefault(false, z.boolean()),
  /** Settings of the session while it runs: `name=value` (PostgreSQL). */
  settings: withDefault([], texts),
  /** The role of the catalog that owns the function; null for the role that provisioned the database. */
  owner: orNull(text),
  /** Whether everybody may call it (PostgreSQL). */
  public_execute: withDefault(true, z.boolean()),
  body: hash,
  options,
});

export type Routine = DatabaseShape<typeof routine>;

const tableType = z.object({
  ...named,
  columns: z.array(z.object({ name: text, type: text, nullable: z.boolean() })),
});

export type TableType = DatabaseShape<typeof tableType>;

/** A role of the server, shared by all its databases. */
const role = camelObject({
  name: text,
  /** Its attributes, by name: `LOGIN`, `INHERIT`, …; a locked-down role has none. */
  attributes: texts,
  member_of: withDefault([], texts),
});

export type Role = DatabaseShape<typeof role>;

const grant = z.object({
  kind: z.enum(['schema', 'table', 'function']),
  schema: text,
  /** The name of the table or function; for a schema, the name of the schema. */
  name: text,
  grantee: text,
  /** Privileges sorted by name. */
  privileges: texts,
});

export type Grant = DatabaseShape<typeof grant>;

const component = camelObject({
  project_endpoint_name: text,
  project_name: text,
  project_version: text,
  is_extension_project: z.boolean(),
});

const resourceKey = camelObject({ id: z.int(), project_name: text, resource_name: text, resource_version: text });

const fingerprint = camelObject({
  format_version: text,
  effective_schema_hash: text,
  resource_key_count: z.int(),
  /** Lower-case hex. */
  resource_key_seed_hash: text,
  components: z.array(component),
  resource_keys: z.array(resourceKey),
});

export type Fingerprint = DatabaseShape<typeof fingerprint>;

/** The members of a catalog file except its format number. */
export const catalogMembers = {
  dialect: shapes.dialect,
  /** The collation of a live SQL Server database, which columns without one have; otherwise absent. */
  collation: z.optional(text),
  schemas: texts,
  extensions: z.array(extension),
  sequences: z.array(sequence),
  tables: z.array(table),
  views: z.array(view),
  functions: z.array(routine),
  table_types: z.array(tableType),
  /** The roles that own functions (PostgreSQL, design 16 §2.6). */
  roles: withDefault([], z.array(role)),
  /** The privileges of these roles, by kind, schema and name. */
  grants: withDefault([], z.array(grant)),
  fingerprint: z.nullable(fingerprint),
};

const members = camelObject(catalogMembers);

/** The contents of a database (design 09a §1.1). */
export interface Catalog extends DatabaseShape<typeof members> {
  /** The generation of its objects; null for a live database without objects of any generation. */
  readonly mappingVersion: MappingVersion | null;
}

/*
 * The relations of a PostgreSQL table. A transaction that creates or alters a table holds a lock on each relation until
 * it ends (design 09c §2).
 */

/** Maximum number of bytes of a value; a type that is missing here has no limit. */
const sizes: Readonly<Record<string, number>> = {
  boolean: 1,
  smallint: 2,
  integer: 4,
  date: 4,
  bigint: 8,
  uuid: 16,
  'time without time zone': 8,
  time: 8,
  'timestamp with time zone': 8,
  'timestamp without time zone': 8,
};

/** The maximum number of bytes of a value; a letter has up to four bytes in UTF8. */
function bytesOf(type: string): number {
  const letters = /^(?:varchar|character varying)\((\d+)\)$/.exec(type)?.[1];
  if (letters !== undefined) return 4 * Number(letters) + 4;
  const digits = /^numeric\((\d+),\d+\)$/.exec(type)?.[1];
  if (digits !== undefined) return Number(digits) + 8;
  return sizes[type] ?? Number.POSITIVE_INFINITY;
}

/** A quarter of a page: tables whose rows may be longer have a second table for long values, with an index. */
const longestRow = 2_032;

/** The maximum number of bytes of padding before a value that starts at a multiple of eight. */
const alignment = 7;

const isFixed = (type: string) => type in sizes;

function hasLongValues(columns: CatalogTable['columns']): boolean {
  if (columns.every(({ type }) => isFixed(type))) return false;
  return columns.reduce((sum, { type }) => sum + bytesOf(type) + (isFixed(type) ? alignment : 0), 0) > longestRow;
}

/**
 * The maximum number of relations of a table: itself, its indexes, the sequences of its columns, and its table for long
 * values.
 */
export function relationCount({ columns, primaryKey, uniques, indexes }: CatalogTable): number {
  const sequences = columns.filter(({ identity }) => identity !== null).length;
  return (
    1 + (primaryKey === null ? 0 : 1) + uniques.length + indexes.length + sequences + (hasLongValues(columns) ? 2 : 0)
  );
}
