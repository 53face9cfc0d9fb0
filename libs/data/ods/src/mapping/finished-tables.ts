import { type Diagnostic, diagnostic, listOfNames } from '@dms/diagnostics';
import { mustExist, type QualifiedResourceName } from '@dms/model';
import { bySchemaAndName, groupBy } from '@dms/values';
import type { ColumnRules } from './column-rules.ts';
import { columnName, type DraftOdsColumn, isUsi } from './columns.ts';
import type { GroupsOf } from './equal-paths.ts';
import type { GroupOf } from './leaves.ts';
import { pgsqlNameOf } from './names.ts';
import {
  type FixedColumn,
  type OdsColumn,
  type OdsForeignKey,
  type OdsSource,
  type OdsTable,
  type OdsTableName,
  type OdsType,
  type PathContent,
  type SharingPath,
  tableLabel,
} from './ods-mapping.ts';
import { type OdsResources, resourceKey } from './resource-parts.ts';
import type { DraftTable } from './tables.ts';

/** A column that stands for two values; an ODS stores one of them (design 19 §5.3). */
interface Collision {
  readonly table: string;
  readonly column: string;
}

interface Targets {
  tableOf(resource: QualifiedResourceName): OdsTableName | undefined;
  schemaOf(project: string): string;
}

/**
 * Finishes the tables of all resources: names, types, foreign keys, and notes on limits of an ODS (design 19 §4, §5).
 */
export function finishedTables(
  drafts: readonly DraftTable[],
  resources: OdsResources,
  rules: ColumnRules,
  groupsOf: GroupsOf,
): { readonly tables: readonly OdsTable[]; readonly notes: readonly Diagnostic[] } {
  const collisions: Collision[] = [];
  const { groups, refused } = distinctTables(drafts);
  const roots = new Map<string, OdsTableName>();
  for (const { kind, resource, schema, name } of groups.flat()) {
    if (kind === 'root' || kind === 'subclass' || kind === 'schoolYear')
      roots.set(resourceKey(resource.name), { schema, name });
    if (kind === 'base' && resource.superclass !== null) roots.set(resource.superclass.label, { schema, name });
  }
  const schemas = new Map(resources.resources.map(({ name, own }) => [name.projectName, own.schema]));
  const targets: Targets = {
    tableOf: (name) => roots.get(resourceKey(name)),
    schemaOf: (project) => mustExist(schemas.get(project), `the schema of ${project}`),
  };
  const tables = groups.map((same): OdsTable => {
    const first = mustExist(same[0], 'a table');
    const columns = first.columns.map((column, index) => finishedColumn(column, index < first.key.length));
    const ordered = first.kind === 'schoolYear' ? orderedSchoolYears(columns) : columns;
    const used = new Set(ordered.map(({ name }) => name.toLowerCase()));
    for (const column of first.fixed.filter((name) => used.has(name.toLowerCase())))
      collisions.push({ table: tableLabel(first), column });
    return {
      schema: first.schema,
      name: first.name,
      pgsqlName: pgsqlNameOf(first.name, first.parts),
      kind: first.kind,
      parent: first.parent === null ? null : { schema: first.parent.schema, name: first.parent.name },
      columns: [...ordered, ...first.fixed.filter((name) => !used.has(name.toLowerCase())).map(fixedColumn)],
      key: first.key.map(columnName),
      foreignKeys: foreignKeysOf(first, rules, targets, groupsOf(first.resource)),
      sources: same.map((table) => sourceOf(table, groupsOf(table.resource), collisions)),
    };
  });
  const finished = [...tables, ...descriptorTables(resources)].sort(bySchemaAndName);
  return { tables: finished, notes: collisionNotes(collisions, refused) };
}

/** Groups the tables by label; refuses tables whose name another resource has, and the tables below them. */
function distinctTables(drafts: readonly DraftTable[]) {
  const owners = new Map<string, string | undefined>();
  const refused = new Set<string>();
  const kept = drafts.filter((table) => {
    const name = tableLabel(table).toLowerCase();
    const owner = ownerOf(rootOf(table));
    if (!owners.has(name)) owners.set(name, owner);
    const isBelow = table.parent !== null && refused.has(`${owner} ${tableLabel(table.parent)}`);
    if (owners.get(name) === owner && !isBelow) return true;
    refused.add(`${owner} ${tableLabel(table)}`);
    return false;
  });
  return {
    groups: [...groupBy(kept, tableLabel).values()],
    refused: drafts.filter((table) => refused.has(`${ownerOf(rootOf(table))} ${tableLabel(table)}`)),
  };
}

/** The owner of a table: its resource, or the abstract resource of a base. Tables of the same owner may share a name. */
const ownerOf = ({ kind, resource }: DraftTable) =>
  kind === 'base' ? resource.superclass?.label : resourceKey(resource.name);

/** The first table of a chain of parents, which says whose rows a table has. */
const rootOf = (table: DraftTable): DraftTable =>
  table.parent === null || table.kind === 'subclass' ? table : rootOf(table.parent);

function finishedColumn(column: DraftOdsColumn, isInKey: boolean): OdsColumn {
  const name = columnName(column);
  return {
    name,
    pgsqlName: pgsqlNameOf(name, column.parts),
    content: contentOf(column),
    type: column.type,
    isNullable: !isInKey && !column.isRequired,
    ...(column.isGuessed ? { isGuessed: true } : {}),
  };
}

function contentOf({ content }: DraftOdsColumn): PathContent {
  return content.kind === 'schoolYear' ? { kind: 'value' } : content;
}

/** School years have an order of their own (design 19 §1). */
const schoolYearOrder = ['SchoolYear', 'SchoolYearDescription', 'CurrentSchoolYear'];

function orderedSchoolYears(columns: readonly OdsColumn[]): OdsColumn[] {
  const place = ({ name }: OdsColumn) =>
    schoolYearOrder.includes(name) ? schoolYearOrder.indexOf(name) : schoolYearOrder.length;
  return [...columns].sort((a, b) => place(a) - place(b));
}

const fixedTypes: Readonly<Record<FixedColumn, OdsType>> = {
  Discriminator: { kind: 'string', maxLength: 128 },
  CreateDate: { kind: 'timestamp' },
  LastModifiedDate: { kind: 'timestamp' },
  Id: { kind: 'uuid' },
};

function fixedColumn(column: FixedColumn): OdsColumn {
  const content = { kind: 'fixed', column } as const;
  return { name: column, pgsqlName: column, content, type: fixedTypes[column], isNullable: column === 'Discriminator' };
}

/**
 * The foreign keys of a table: to its parent, and of each reference and descriptor of its rows. A reference has none if
 * one of its columns holds another path and is of another type, or cannot be compared with the column of its target.
 */
function foreignKeysOf(
  table: DraftTable,
  rules: ColumnRules,
  { tableOf, schemaOf }: Targets,
  groupOf: GroupOf,
): readonly OdsForeignKey[] {
  const keys: OdsForeignKey[] = [];
  const columnFor = (wanted: DraftOdsColumn) => {
    const isWanted = (path: string) => wanted.paths.includes(path);
    // most columns have none of the paths, which is faster to check than the types
    return table.columns.find(
      (column) =>
        isUsi(column) === isUsi(wanted) &&
        column.paths.some(isWanted) &&
        (heldPaths(column, groupOf).some(isWanted) ? isComparable(column, wanted) : isOfOneType(column, wanted)),
    );
  };
  const add = (wanted: readonly DraftOdsColumn[], targetTable: OdsTableName, targetColumns: readonly string[]) => {
    const columns = wanted.map(columnFor).filter((column) => column !== undefined);
    // a resource whose identity lies in an object has a table without a key
    if (columns.length > 0 && columns.length === targetColumns.length)
      keys.push({ columns: columns.map(columnName), targetTable, targetColumns });
  };
  const { parent } = table;
  if (parent !== null) {
    // a subclass has the key of its base under names of its own
    const { schema, name, key } = parent;
    const isOne = (base: DraftOdsColumn) => (column: DraftOdsColumn) =>
      column.paths.some((path) => base.paths.includes(path));
    const own =
      table.kind === 'subclass'
        ? key.flatMap((base) => table.key.find(isOne(base)) ?? [])
        : table.columns.slice(0, key.length);
    add(own, { schema, name }, key.map(columnName));
  }
  for (const { leaf, columns } of table.links) {
    if (leaf.kind === 'scalar') continue;
    if (leaf.kind === 'descriptor') {
      const { projectName, resourceName } = leaf.target;
      add(columns, { schema: schemaOf(projectName), name: resourceName }, [`${resourceName}Id`]);
      continue;
    }
    const targetTable = tableOf(leaf.target);
    if (targetTable !== undefined) add(columns, targetTable, rules.keyOf(leaf.target).map(columnName));
  }
  return keys;
}

/** The paths whose value a column holds; of paths with different values, those with the value of the first. */
function heldPaths({ paths }: DraftOdsColumn, groupOf: GroupOf): readonly string[] {
  const [first = ''] = paths;
  return paths.filter((path) => groupOf(path) === groupOf(first));
}

/** Whether a column can be compared with the column that it repeats. */
const isComparable = (a: DraftOdsColumn, b: DraftOdsColumn) =>
  contentOf(a).kind === contentOf(b).kind && familyOf(a) === familyOf(b);

const numbers: ReadonlySet<string> = new Set<OdsType['kind']>(['int', 'bigint', 'smallint', 'decimal', 'money']);

const familyOf = ({ type: { kind } }: DraftOdsColumn) => (numbers.has(kind) ? 'number' : kind);

/** Whether a column of another value can also hold the value of this one. */
const isOfOneType = (a: DraftOdsColumn, b: DraftOdsColumn) =>
  JSON.stringify([contentOf(a), a.type]) === JSON.stringify([contentOf(b), b.type]);

/** Where the rows of a table are in the documents of a resource. */
function sourceOf(table: DraftTable, groupOf: GroupOf, collisions: Collision[]): OdsSource {
  const paths: [string, readonly string[]][] = [];
  const sharing: [string, readonly SharingPath[]][] = [];
  for (const column of table.columns) {
    const name = columnName(column);
    const held = heldPaths(column, groupOf);
    paths.push([name, held]);
    if (held.length === column.paths.length) continue;
    collisions.push({ table: tableLabel(table), column: name });
    const others = sharingPaths(table, column, held);
    if (others.length > 0) sharing.push([name, others]);
  }
  return {
    resource: table.resource.name,
    scope: table.scope,
    paths: Object.fromEntries(paths),
    ...(sharing.length === 0 ? {} : { sharing: Object.fromEntries(sharing) }),
  };
}

/** The paths of the table's own leaves that share the column of another value, with their own content and type. */
function sharingPaths(table: DraftTable, column: DraftOdsColumn, held: readonly string[]): readonly SharingPath[] {
  const columns = table.links.flatMap((link) => link.columns);
  return column.paths
    .filter((path) => !held.includes(path))
    .flatMap((path) => {
      const isOfPath = (each: DraftOdsColumn) => each.paths.includes(path) && isUsi(each) === isUsi(column);
      const own = columns.find(isOfPath);
      return own === undefined ? [] : [{ path, content: contentOf(own), type: own.type, isRequired: own.isRequired }];
    });
}

function descriptorTables(resources: OdsResources): OdsTable[] {
  const base = { schema: resources.coreSchema, name: 'Descriptor' };
  const column = (name: string, type: OdsType, isNullable: boolean): OdsColumn => {
    return { name, pgsqlName: name, content: { kind: 'descriptorColumn' }, type, isNullable };
  };
  const text = (name: string, maxLength: number, isNullable: boolean) =>
    column(name, { kind: 'string', maxLength }, isNullable);
  const columns = [
    column('DescriptorId', { kind: 'int' }, false),
    text('Namespace', 255, false),
    text('CodeValue', 50, false),
    text('ShortDescription', 75, false),
    text('Description', 1024, true),
    column('PriorDescriptorId', { kind: 'int' }, true),
    column('EffectiveBeginDate', { kind: 'date' }, true),
    column('EffectiveEndDate', { kind: 'date' }, true),
    text('Discriminator', 128, true),
    text('Uri', 306, true),
    ...(['CreateDate', 'LastModifiedDate', 'Id'] as const).map(fixedColumn),
  ];
  const descriptors = resources.resources
    .filter(({ kind }) => kind === 'descriptor')
    .map(({ name, own }): OdsTable => {
      const id = `${name.resourceName}Id`;
      return {
        schema: own.schema,
        name: name.resourceName,
        pgsqlName: pgsqlNameOf(name.resourceName, [name.resourceName]),
        kind: 'descriptor',
        parent: base,
        columns: [column(id, { kind: 'int' }, false)],
        key: [id],
        foreignKeys: [{ columns: [id], targetTable: base, targetColumns: ['DescriptorId'] }],
        sources: [{ resource: name, scope: '$', paths: {} }],
      };
    });
  const shared = {
    ...base,
    pgsqlName: base.name,
    kind: 'descriptorBase',
    parent: null,
    columns,
    key: ['DescriptorId'],
  } as const;
  return [{ ...shared, foreignKeys: [], sources: [] }, ...descriptors];
}

function collisionNotes(collisions: readonly Collision[], refused: readonly DraftTable[]): Diagnostic[] {
  const columns = [...new Set(collisions.map(({ table, column }) => `${table}.${column}`))];
  const tables = [...new Set(refused.map((table) => `${tableLabel(table)} of ${resourceKey(table.resource.name)}`))];
  const ofColumns = `An ODS has one column for values that documents keep apart: ${listOfNames(columns)}. Views have the first of them; a reader of an ODS gives the value of the column to each. ods-mapping.json has the paths.`;
  const ofTables = `An ODS has one table for rows of several resources: ${listOfNames(tables)} gets no table.`;
  return [
    ...(columns.length === 0 ? [] : [diagnostic('ODS_NAME_COLLISION', ofColumns, {}, { columns })]),
    ...(tables.length === 0 ? [] : [diagnostic('ODS_NAME_COLLISION', ofTables, {}, { tables })]),
  ];
}
