import { resourceLabel } from '@dms/api-schema';
import type { Inventory, TrackedChangeTable, TrackedValue } from '@dms/inventory';
import { mustExist, qualified, type RelationalModelSet, type Table } from '@dms/model';
import { noRenaming, type Renaming } from '../renaming/renaming.ts';
import type { ColumnRoles } from './roles.ts';
import type { RowDocument } from './row-document.ts';

/** A tracked-change table, with what identifies the matching table of another set (design 12 §2). */
export interface TrackedRole {
  readonly role: string;
  /** `Project:Resource`; null for the table of all descriptors. */
  readonly owner: string | null;
  readonly columns: ColumnRoles;
  readonly document: RowDocument;
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

function columnRoles(
  { valueColumns, systemColumns, personJoins }: TrackedChangeTable,
  source: Table | undefined,
  renamed: (path: string) => string,
): ColumnRoles {
  const kinds = new Map(personJoins.map(({ name, personKind }) => [name, personKind]));
  return new Map([
    ...valueColumns.flatMap((value): [string, readonly string[]][] => {
      const join = value.personJoinName;
      const kind = join === null ? '' : mustExist(kinds.get(join), `the join ${join}`);
      const roles = pathsOf(value, source).map((path) => `${value.role} ${kind} ${renamed(path)}`);
      return [
        [value.oldColumn, roles.map((role) => `old ${role}`)],
        [value.newColumn, roles.map((role) => `new ${role}`)],
      ];
    }),
    ...systemColumns.map(({ role, column }): [string, readonly string[]] => [column, [`tracked ${role}`]]),
  ]);
}

/**
 * The tracked-change tables of a set by `schema.name`, with roles named as a renaming says. The resource of such a
 * table is the resource whose root it follows.
 */
export function trackedRoles(
  { resources }: RelationalModelSet,
  inventory: Inventory,
  renaming: Renaming = noRenaming,
): ReadonlyMap<string, TrackedRole> {
  const roots = new Map(
    resources.flatMap(({ resourceKey, tablesInDependencyOrder: [root] }) =>
      root ? [[qualified(root.table), { owner: resourceLabel(resourceKey), root }] as const] : [],
    ),
  );
  return new Map(
    inventory.trackedChangeTables.map((tracked): [string, TrackedRole] => {
      const source = roots.get(qualified(tracked.sourceTable));
      const owner = source?.owner ?? null;
      const id = tracked.systemColumns.find(({ role }) => role === 'Id');
      const entry: TrackedRole = {
        role: JSON.stringify(['tracked changes', owner && renaming.resource(owner)]),
        owner,
        columns: columnRoles(tracked, source?.root, (path) => (owner === null ? path : renaming.path(owner, path))),
        document: { by: 'uuid', column: mustExist(id, `the column Id of ${qualified(tracked.table)}`).column },
      };
      return [qualified(tracked.table), entry];
    }),
  );
}
