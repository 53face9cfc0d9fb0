import { defaultMappingVersion, generationMember, mappingVersions } from '@dms/api-schema';
import { type ArtifactKind, type MappingVersion, readArtifact } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import * as z from 'zod/mini';
import {
  type Catalog,
  type CatalogColumn,
  type CatalogKey,
  type CatalogTable,
  type Check,
  camelObject,
  catalogMembers,
  type ForeignKey,
  type Index,
  type Routine,
  type Sequence,
  type Trigger,
  transformed,
  type View,
  type WithOptions,
} from './catalog.ts';
import { generations } from './generations.ts';
import { block, blocks, line, lines, objectLine } from './line-text.ts';

/** The format numbers of all readable catalog files (design 09a §1.2, 16 §3). */
const catalogFormats: readonly number[] = mappingVersions.map((version) => generations[version].fileFormat);

/** The generation whose catalog files have this format number. */
const generationOfFormat = (format: number): MappingVersion | undefined =>
  mappingVersions.find((version) => generations[version].fileFormat === format);

/** The format number for a catalog. A database without objects of any generation uses the number of the first one. */
const catalogFormatOf = ({ mappingVersion }: Catalog): number =>
  generations[mappingVersion ?? defaultMappingVersion].fileFormat;

/** The options of an object, if it has any. */
const some = ({ options = [] }: WithOptions) => (options.length === 0 ? {} : { options });

const sequence = ({ schema, name, type, start, increment, min, max, cycle, ...rest }: Sequence) => ({
  schema,
  name,
  type,
  start,
  increment,
  min,
  max,
  cycle,
  ...some(rest),
});

function column({ name, type, nullable, identity, default: value, generated, collation }: CatalogColumn): string {
  const generation = generated && { expression: generated.expression, ...(generated.stored ? {} : { stored: false }) };
  return objectLine(
    { name, type, nullable, identity, default: value, generated: generation, collation },
    { identity: null, default: null, generated: null, collation: null },
  );
}

const key = ({ name, columns, clustered, ...rest }: CatalogKey) =>
  objectLine({ name, columns, clustered, ...some(rest) }, { clustered: null });

function foreignKey(entry: ForeignKey): string {
  const { name, columns, target, targetColumns, onDelete, onUpdate, deferrable, validated } = entry;
  return objectLine(
    {
      name,
      columns,
      target: `${target.schema}.${target.table}`,
      target_columns: targetColumns,
      on_delete: onDelete,
      on_update: onUpdate,
      deferrable,
      validated,
      ...some(entry),
    },
    { deferrable: false, validated: true },
  );
}

const check = ({ name, expression, validated, ...rest }: Check) =>
  objectLine({ name, expression, validated, ...some(rest) }, { validated: true });

function index({ name, unique, columns, include, predicate, plain, valid }: Index): string {
  return objectLine(
    { name, unique, columns, include, predicate, plain, valid },
    { include: [], predicate: null, plain: true, valid: true },
  );
}

function trigger({
  name,
  timing,
  level,
  events,
  updateOf,
  oldTable,
  newTable,
  when,
  enabled,
  function: routine,
  body,
  ...rest
}: Trigger): string {
  return objectLine(
    {
      name,
      timing,
      level,
      events,
      update_of: updateOf,
      old_table: oldTable,
      new_table: newTable,
      when,
      enabled,
      function: routine,
      body,
      ...some(rest),
    },
    { update_of: [], old_table: null, new_table: null, when: null, enabled: true, function: null, body: null },
  );
}

const textsBlock = (name: string, texts: readonly string[] = []): [string, string][] =>
  texts.length === 0 ? [] : [[name, line(texts)]];

const optionsBlock = ({ options }: WithOptions): [string, string][] => textsBlock('options', options);

function table(entry: CatalogTable): string {
  const storage: [string, string][] = entry.storage === 'ordinary' ? [] : [['storage', line(entry.storage)]];
  return block(
    [
      ['schema', line(entry.schema)],
      ['name', line(entry.name)],
      ...storage,
      ['columns', blocks(entry.columns.map(column), 3)],
      ['primary_key', entry.primaryKey ? key(entry.primaryKey) : 'null'],
      ['uniques', blocks(entry.uniques.map(key), 3)],
      ['foreign_keys', blocks(entry.foreignKeys.map(foreignKey), 3)],
      ['checks', blocks(entry.checks.map(check), 3)],
      ['indexes', blocks(entry.indexes.map(index), 3)],
      ['triggers', blocks(entry.triggers.map(trigger), 3)],
      ...textsBlock('parameters', entry.parameters),
      ...optionsBlock(entry),
    ],
    2,
  );
}

function view({ schema, name, columns, body, ...rest }: View): string {
  return block(
    [
      ['schema', line(schema)],
      ['name', line(name)],
      [
        'columns',
        lines(
          columns.map((entry) => ({ name: entry.name, type: entry.type })),
          3,
        ),
      ],
      ['body', line(body)],
      ...optionsBlock(rest),
    ],
    2,
  );
}

function routine(entry: Routine): string {
  const { schema, name, arguments: args, result, language, volatility, strict, body } = entry;
  return objectLine(
    {
      schema,
      name,
      arguments: args,
      result,
      language,
      volatility,
      strict,
      security_definer: entry.securityDefiner,
      settings: entry.settings,
      owner: entry.owner,
      public_execute: entry.publicExecute,
      body,
      ...some(entry),
    },
    { security_definer: false, settings: [], owner: null, public_execute: true },
  );
}

/** Lists that are omitted if empty. */
function writeRights({ roles, grants }: Catalog): [string, string][] {
  const listed = (name: string, items: readonly string[]): [string, string][] =>
    items.length === 0 ? [] : [[name, blocks(items, 1)]];
  return [
    ...listed(
      'roles',
      roles.map(({ name, attributes, memberOf }) =>
        objectLine({ name, attributes, member_of: memberOf }, { member_of: [] }),
      ),
    ),
    ...listed(
      'grants',
      grants.map(({ kind, schema, name, grantee, privileges }) =>
        objectLine({ kind, schema, name, grantee, privileges }),
      ),
    ),
  ];
}

function fingerprint(value: Catalog['fingerprint']): string {
  if (!value) return 'null';
  return block(
    [
      ['format_version', line(value.formatVersion)],
      ['effective_schema_hash', line(value.effectiveSchemaHash)],
      ['resource_key_count', line(value.resourceKeyCount)],
      ['resource_key_seed_hash', line(value.resourceKeySeedHash)],
      [
        'components',
        lines(
          value.components.map((component) => ({
            project_endpoint_name: component.projectEndpointName,
            project_name: component.projectName,
            project_version: component.projectVersion,
            is_extension_project: component.isExtensionProject,
          })),
          2,
        ),
      ],
      [
        'resource_keys',
        lines(
          value.resourceKeys.map((entry) => ({
            id: entry.id,
            project_name: entry.projectName,
            resource_name: entry.resourceName,
            resource_version: entry.resourceVersion,
          })),
          2,
        ),
      ],
    ],
    1,
  );
}

/**
 * The text of `catalog.<dialect>.json` (design 09a §1.2): one line per column, key, index, trigger, so that a diff shows
 * one line per object.
 */
export function catalogText(catalog: Catalog): string {
  const { mappingVersion } = catalog;
  const generation = mappingVersion === null ? undefined : generationMember(mappingVersion);
  return `${block(
    [
      ['catalog_format', line(catalogFormatOf(catalog))],
      ['dialect', line(catalog.dialect)],
      ...(generation === undefined ? [] : [['generation', line(generation)] as const]),
      ...(catalog.collation === undefined ? [] : [['collation', line(catalog.collation)] as const]),
      ['schemas', line(catalog.schemas)],
      ['extensions', lines(catalog.extensions, 1)],
      ['sequences', lines(catalog.sequences.map(sequence), 1)],
      ['tables', blocks(catalog.tables.map(table), 1)],
      ['views', blocks(catalog.views.map(view), 1)],
      ['functions', blocks(catalog.functions.map(routine), 1)],
      ['table_types', lines(catalog.tableTypes, 1)],
      ...writeRights(catalog),
      ['fingerprint', fingerprint(catalog.fingerprint)],
    ],
    0,
  )}\n`;
}

/** The format number of the file, converted to the generation that writes it. */
const format = transformed(z.number(), (number, { issues }) => {
  const version = generationOfFormat(number);
  if (version === undefined)
    issues.push({ code: 'custom', input: number, message: `expected ${catalogFormats.join(' or ')}` });
  return version ?? defaultMappingVersion;
});

/** The shape of `catalog.<dialect>.json` (design 09a §1.2), and its conversion to a catalog. */
const catalogFile = transformed(
  camelObject({ catalog_format: format, generation: z.optional(z.enum(mappingVersions)), ...catalogMembers }),
  ({ catalogFormat, generation, ...rest }, { issues }) => {
    const expected = generationMember(catalogFormat);
    if (generation !== expected)
      issues.push({
        code: 'custom',
        input: generation,
        path: ['generation'],
        message: `expected ${expected ?? 'no such member in this format'}`,
      });
    return { ...rest, mappingVersion: catalogFormat };
  },
);

const kind: ArtifactKind = { name: 'catalog file', member: 'catalog_format', formats: catalogFormats };

/** Reads `catalog.<dialect>.json` (design 09a §1.2). Throws `MODEL_FILE_INVALID`. */
export function readCatalog(text: string, file: string, dialect: SqlDialect): Catalog {
  return readArtifact(catalogFile, text, file, dialect, kind);
}
