import { resourceLabel } from '@dms/api-schema';
import type { Inventory, TrackedChangeTable, TrackedValue } from '@dms/inventory';
import {
  type ColumnKind,
  type DocumentReferenceBinding,
  modelIndex,
  mustExist,
  qualified,
  type RelationalModelSet,
  type Table,
} from '@dms/model';
import { noRenaming, type Renaming } from '../renaming/renaming.ts';

/** A table of a model, with the role that identifies the matching table of another model (design 12 §2). */
export interface TableRole {
  readonly role: string;
  /** `Project:Resource`. */
  readonly owner: string;
  readonly table: Table;
  /** References of the table's own rows. */
  readonly references: readonly DocumentReferenceBinding[];
  readonly kind: 'resource' | 'abstractIdentity';
}

/**
 * The tables of a model by their roles: resource, JSON scope and project of the rows; for abstract identity tables the
 * abstract resource. Roles use the names that a renaming gives, owners the names of the model.
 */
export function tableRoles(model: RelationalModelSet, renaming: Renaming = noRenaming): readonly TableRole[] {
  const { tables, abstracts } = modelIndex(model);
  const projectOf = new Map(
    model.projects.map(({ physicalSchema, projectName }) => [physicalSchema as string, projectName]),
  );
  return [
    ...tables.map(({ key, label: owner, table, resource }): TableRole => {
      const project = mustExist(projectOf.get(table.table.schema), `the project of ${key}`);
      return {
        role: JSON.stringify([
          'table',
          renaming.resource(owner),
          renaming.path(owner, table.jsonScope.canonical),
          renaming.project(project),
        ]),
        owner,
        table,
        references: resource.documentReferenceBindings.filter((binding) => qualified(binding.table) === key),
        kind: 'resource',
      };
    }),
    ...[...abstracts].map(([owner, { table }]): TableRole => {
      return {
        role: JSON.stringify(['identities', renaming.resource(owner)]),
        owner,
        table,
        references: [],
        kind: 'abstractIdentity',
      };
    }),
  ];
}

/** The roles of a column of a model: every name that identifies its purpose, the best one first (design 12 §2). */
export type ColumnRoles = ReadonlyMap<string, readonly string[]>;

/** The role of a copy of a target's identity value. */
export const copyRole = (referencePath: string, identityPath: string) => `copy ${referencePath} ${identityPath}`;

/** Column kinds that occur once per table. */
const structural: ReadonlySet<ColumnKind> = new Set([
  'Ordinal',
  'MirroredContentVersion',
  'MirroredContentLastModifiedAt',
]);

/**
 * The roles of the columns of a table, with the names that a renaming gives to paths. `partOf` finds the later path of a
 * part of an identity that columns copy.
 */
export function columnRoles(
  { table, references, owner }: TableRole,
  renaming: Renaming = noRenaming,
  partOf: (resource: string, path: string) => string = renaming.path,
): ColumnRoles {
  const roles = new Map<string, string[]>(table.columns.map(({ name }) => [name, []]));
  const add = (column: string, role: string): void => {
    roles.get(column)?.push(role);
  };
  for (const [position, { name, role }] of table.key.columns.entries()) add(name, `key ${position} ${role}`);
  // locators and positions that are not part of the key
  const { rootLocator, parentLocator } = table.identity;
  for (const [kind, locator] of [
    ['root', rootLocator],
    ['parent', parentLocator],
  ] as const)
    for (const [position, name] of locator.entries())
      if (roles.get(name)?.length === 0) add(name, `${kind} ${position}`);
  for (const { name, kind } of table.columns)
    if (structural.has(kind) && roles.get(name)?.length === 0) add(name, `the ${kind}`);
  for (const { referenceObjectPath, targetResource, fkColumn, identityBindings } of references) {
    const objectPath = renaming.path(owner, referenceObjectPath.canonical);
    add(fkColumn, `reference ${objectPath}`);
    for (const { identityJsonPath, column } of identityBindings)
      add(column, copyRole(objectPath, partOf(resourceLabel(targetResource), identityJsonPath.canonical)));
  }
  for (const { name, sourcePath } of table.columns)
    if (sourcePath && roles.get(name)?.length === 0) add(name, `path ${renaming.path(owner, sourcePath.canonical)}`);
  for (const { name, storage } of table.columns) {
    if (storage.kind !== 'UnifiedAlias') continue;
    const own = roles.get(name) ?? [];
    for (const role of own) add(storage.canonicalColumn, `class ${role}`);
    const flag = table.columns.find((column) => column.name === storage.presenceColumn);
    // a presence column that has its own place in the document is identified by that place
    if (flag && flag.sourcePath === null && flag.kind === 'Scalar')
      for (const role of own) add(flag.name, `presence ${role}`);
  }
  for (const { name } of table.columns) if (roles.get(name)?.length === 0) add(name, `name ${name}`);
  return roles;
}

/** The column by which a row names its document: by its id, or by its uuid. */
export interface RowDocument {
  readonly by: 'id' | 'uuid';
  readonly column: string;
}

/** A tracked-change table, with the role that identifies the matching table of another set (design 12 §2). */
interface TrackedRole {
  readonly role: string;
  /** `Project:Resource`; null for the table of all descriptors. */
  readonly owner: string | null;
  readonly columns: ColumnRoles;
  readonly document: RowDocument;
}

/**
 * The tracked-change tables of a set by `schema.name`; their roles use the names that a renaming gives. The resource of
 * such a table is the resource whose root it follows. `pathOf` finds the later path of a value; null if the later set has
 * no place for it.
 */
export function trackedRoles(
  model: RelationalModelSet,
  inventory: Inventory,
  renaming: Renaming = noRenaming,
  pathOf: (resource: string, path: string) => string | null = renaming.path,
): ReadonlyMap<string, TrackedRole> {
  const index = modelIndex(model);
  return new Map(
    inventory.trackedChangeTables.map((tracked): [string, TrackedRole] => {
      const source = index.table(tracked.sourceTable);
      const root = source?.isRoot ? source : undefined;
      const owner = root?.label ?? null;
      const id = tracked.systemColumns.find(({ role }) => role === 'Id');
      const entry: TrackedRole = {
        role: JSON.stringify(['tracked changes', owner && renaming.resource(owner)]),
        owner,
        columns: trackedColumnRoles(tracked, root?.table, (path) => (owner === null ? path : pathOf(owner, path))),
        document: { by: 'uuid', column: mustExist(id, `the column Id of ${qualified(tracked.table)}`).column },
      };
      return [qualified(tracked.table), entry];
    }),
  );
}

function trackedColumnRoles(
  { valueColumns, systemColumns, personJoins }: TrackedChangeTable,
  source: Table | undefined,
  renamed: (path: string) => string | null,
): ColumnRoles {
  const kinds = new Map(personJoins.map(({ name, personKind }) => [name, personKind]));
  return new Map([
    ...valueColumns.flatMap((value): [string, readonly string[]][] => {
      const join = value.personJoinName;
      const kind = join === null ? '' : mustExist(kinds.get(join), `the join ${join}`);
      // a role that no value of the later set has
      const gone = (path: string) => `without place: ${path}`;
      const roles = pathsOf(value, source).map((path) => `${value.role} ${kind} ${renamed(path) ?? gone(path)}`);
      return [
        [value.oldColumn, roles.map((role) => `old ${role}`)],
        [value.newColumn, roles.map((role) => `new ${role}`)],
      ];
    }),
    ...systemColumns.map(({ role, column }): [string, readonly string[]] => [column, [`tracked ${role}`]]),
  ]);
}

/** The paths whose value a stored column holds: its own, and the paths of the members that share it. */
function pathsOf(
  { sourceJsonPath, canonicalStorageColumn }: TrackedValue,
  source: Table | undefined,
): readonly string[] {
  const shared = source?.keyUnificationClasses.find(
    ({ canonicalColumn }) => canonicalColumn === canonicalStorageColumn,
  );
  const members = new Set<string>(shared?.memberPathColumns ?? []);
  const paths = (source?.columns ?? []).flatMap(({ name, sourcePath }) =>
    members.has(name) && sourcePath ? [sourcePath.canonical] : [],
  );
  return [...new Set([sourceJsonPath.canonical, ...paths])];
}
