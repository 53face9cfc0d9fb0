import { defaultMappingVersion } from '@dms/api-schema';
import { artifactFields } from '@dms/model';
import * as z from 'zod/mini';
import type { CatalogColumn, ForeignKey, Role, Routine, Trigger } from './catalog.ts';
import { catalogFormats, generationOfFormat } from './catalog-formats.ts';

const text = z.string();
const texts = z.array(z.string());
const hash = z.string().check(z.regex(/^[0-9a-f]{64}$/, { error: 'expected 64 lower-case hex digits' }));

/** Reads a member as the value that it stands for. */
const as = <Schema extends z.ZodMiniType, Output>(
  schema: Schema,
  value: (read: z.output<Schema>, payload: z.core.ParsePayload) => Output,
) => z.pipe(schema, z.transform(value));

/** A member that is omitted if it has its usual value (design 09 §3.2). */
const unless = <Schema extends z.ZodMiniType>(usual: z.output<Schema>, schema: Schema) =>
  as(z.optional(schema), (value): z.output<Schema> => value ?? usual);

const orNull = <Schema extends z.ZodMiniType>(schema: Schema) => unless<z.ZodMiniNullable<Schema>>(null, z.nullable(schema));

const qualified = as(text, (name, { issues }) => {
  const dot = name.indexOf('.');
  if (dot < 1) issues.push({ code: 'custom', input: name, message: 'expected "schema.table"' });
  return { schema: name.slice(0, dot), table: name.slice(dot + 1) };
});

const named = { schema: text, name: text };

/** Omitted if empty. */
const options = z.optional(texts);

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

const identity = z.custom<NonNullable<CatalogColumn['identity']>>(
  (value) => typeof value === 'string' && /^(?:always(?:\(.*\))?|byDefault)$/.test(value),
  { error: 'expected "always" or "byDefault"' },
);

const column = z.object({
  name: text,
  type: text,
  nullable: z.boolean(),
  identity: orNull(identity),
  default: orNull(text),
  generated: orNull(z.object({ expression: text, stored: unless(true, z.boolean()) })),
  collation: orNull(text),
});

const key = z.object({ name: text, columns: texts, clustered: orNull(z.boolean()), options });

const action = z.enum(['NO ACTION', 'RESTRICT', 'CASCADE', 'SET NULL', 'SET DEFAULT']);

const foreignKey = as(
  z.object({
    name: text,
    columns: texts,
    target: qualified,
    target_columns: texts,
    on_delete: action,
    on_update: action,
    deferrable: unless(false, z.union([z.boolean(), z.literal('InitiallyImmediate')])),
    validated: unless(true, z.boolean()),
    options,
  }),
  ({ target_columns: targetColumns, on_delete: onDelete, on_update: onUpdate, ...rest }): ForeignKey => ({
    ...rest,
    targetColumns,
    onDelete,
    onUpdate,
  }),
);

const check = z.object({ name: text, expression: text, validated: unless(true, z.boolean()), options });

const index = z.object({
  name: text,
  unique: z.boolean(),
  columns: texts,
  include: unless([], texts),
  predicate: orNull(text),
  plain: unless(true, z.boolean()),
  valid: unless(true, z.boolean()),
});

const trigger = as(
  z.object({
    name: text,
    timing: z.enum(['BEFORE', 'AFTER', 'INSTEAD OF']),
    level: z.enum(['ROW', 'STATEMENT']),
    events: z.array(z.enum(['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE'])),
    update_of: unless([], texts),
    old_table: orNull(text),
    new_table: orNull(text),
    when: orNull(text),
    enabled: unless(true, z.boolean()),
    function: orNull(text),
    body: orNull(hash),
    options,
  }),
  ({ update_of: updateOf, old_table: oldTable, new_table: newTable, ...rest }): Trigger => ({
    ...rest,
    updateOf,
    oldTable,
    newTable,
  }),
);

const table = as(
  z.object({
    ...named,
    storage: unless('ordinary', z.enum(['ordinary', 'unlogged', 'partitioned', 'foreign'])),
    columns: z.array(column),
    primary_key: z.nullable(key),
    uniques: z.array(key),
    foreign_keys: z.array(foreignKey),
    checks: z.array(check),
    indexes: z.array(index),
    triggers: z.array(trigger),
    options,
  }),
  ({ primary_key: primaryKey, foreign_keys: foreignKeys, ...rest }) => ({ ...rest, primaryKey, foreignKeys }),
);

const view = z.object({ ...named, columns: z.array(z.object({ name: text, type: text })), body: hash, options });

const routine = as(
  z.object({
    ...named,
    arguments: text,
    result: text,
    language: text,
    volatility: z.nullable(z.enum(['immutable', 'stable', 'volatile'])),
    strict: z.nullable(z.boolean()),
    security_definer: unless(false, z.boolean()),
    settings: unless([], texts),
    owner: orNull(text),
    public_execute: unless(true, z.boolean()),
    body: hash,
    options,
  }),
  ({ security_definer: securityDefiner, public_execute: publicExecute, ...rest }): Routine => ({
    ...rest,
    securityDefiner,
    publicExecute,
  }),
);

const role = as(
  z.object({ name: text, attributes: texts, member_of: unless([], texts) }),
  (entry): Role => ({
    name: entry.name,
    attributes: entry.attributes,
    memberOf: entry.member_of,
  }),
);

const grant = z.object({ kind: z.enum(['schema', 'table', 'function']), ...named, grantee: text, privileges: texts });

/** The format number of the file, read as the generation that writes it. */
const format = as(z.number(), (number, { issues }) => {
  const version = generationOfFormat(number);
  if (version === undefined) issues.push({ code: 'custom', input: number, message: `expected ${catalogFormats.join(' or ')}` });
  return version ?? defaultMappingVersion;
});

const tableType = z.object({
  ...named,
  columns: z.array(z.object({ name: text, type: text, nullable: z.boolean() })),
});

const component = as(
  z.object({ project_endpoint_name: text, project_name: text, project_version: text, is_extension_project: z.boolean() }),
  (entry) => ({
    projectEndpointName: entry.project_endpoint_name,
    projectName: entry.project_name,
    projectVersion: entry.project_version,
    isExtensionProject: entry.is_extension_project,
  }),
);

const resourceKey = as(z.object({ id: z.int(), project_name: text, resource_name: text, resource_version: text }), (entry) => ({
  id: entry.id,
  projectName: entry.project_name,
  resourceName: entry.resource_name,
  resourceVersion: entry.resource_version,
}));

const fingerprint = as(
  z.object({
    format_version: text,
    effective_schema_hash: text,
    resource_key_count: z.int(),
    resource_key_seed_hash: text,
    components: z.array(component),
    resource_keys: z.array(resourceKey),
  }),
  (entry) => ({
    formatVersion: entry.format_version,
    effectiveSchemaHash: entry.effective_schema_hash,
    resourceKeyCount: entry.resource_key_count,
    resourceKeySeedHash: entry.resource_key_seed_hash,
    components: entry.components,
    resourceKeys: entry.resource_keys,
  }),
);

/** The shape of `catalog.<dialect>.json` (design 09 §3.2), and how to read it back into a catalog. */
export const catalogFile = as(
  z.object({
    catalog_format: format,
    dialect: artifactFields.dialect,
    schemas: texts,
    extensions: z.array(z.object({ name: text, schema: text })),
    sequences: z.array(sequence),
    tables: z.array(table),
    views: z.array(view),
    functions: z.array(routine),
    table_types: z.array(tableType),
    roles: unless([], z.array(role)),
    grants: unless([], z.array(grant)),
    fingerprint: z.nullable(fingerprint),
  }),
  ({ catalog_format: mappingVersion, table_types: tableTypes, ...rest }) => ({ ...rest, mappingVersion, tableTypes }),
);
