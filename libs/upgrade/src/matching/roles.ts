import { resourceLabel } from '@dms/api-schema';
import {
  type ColumnKind,
  type DocumentReferenceBinding,
  mustExist,
  qualified,
  type RelationalModelSet,
  type Table,
} from '@dms/model';
import { noRenaming, type Renaming } from '../renaming/renaming.ts';

/** A table of a model, with what identifies the matching table of another model (design 12 §2). */
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
 * The tables of a model by their roles: resource, JSON scope and project of the rows; for identities the abstract
 * resource. Roles have the names that a renaming gives to them, owners those of the model.
 */
export function tableRoles(
  { projects, resources, abstractIdentityTables }: RelationalModelSet,
  renaming: Renaming = noRenaming,
): readonly TableRole[] {
  const projectOf = new Map(projects.map(({ physicalSchema, projectName }) => [physicalSchema as string, projectName]));
  return [
    ...resources.flatMap(({ resourceKey, tablesInDependencyOrder, documentReferenceBindings }) => {
      const owner = resourceLabel(resourceKey);
      return tablesInDependencyOrder.map((table): TableRole => {
        const key = qualified(table.table);
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
          references: documentReferenceBindings.filter((binding) => qualified(binding.table) === key),
          kind: 'resource',
        };
      });
    }),
    ...abstractIdentityTables.map(({ resourceKey, table }): TableRole => {
      const owner = resourceLabel(resourceKey);
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

/** The roles of the columns of a table, with the names that a renaming gives to paths. */
export function columnRoles({ table, references, owner }: TableRole, renaming: Renaming = noRenaming): ColumnRoles {
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
      add(column, copyRole(objectPath, renaming.path(resourceLabel(targetResource), identityJsonPath.canonical)));
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
