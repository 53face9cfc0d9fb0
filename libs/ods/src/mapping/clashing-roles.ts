import { groupBy } from '@dms/files';
import { columnName, type DraftColumn } from './columns.ts';
import { type Leaf, valuePaths } from './leaves.ts';
import { collapsed } from './names.ts';
import { pathGroups } from './path-groups.ts';
import type { OdsResource, ResourcePart } from './resource-parts.ts';
import type { Scope } from './scopes.ts';

/** A role that no name shows but the columns do. */
export interface ClashingRole {
  readonly role: string;
  /** Whether no other role could keep the columns apart. */
  readonly isCertain: boolean;
}

/** What is known of the leaves of a resource before such roles are found. */
export interface KnownColumns {
  columnsOf(part: ResourcePart, leaf: Leaf, isElement: boolean): readonly DraftColumn[];
  /** Whether it is a reference of whose role nothing is known. */
  hasNoRole(part: ResourcePart, leaf: Leaf): boolean;
}

interface PlacedColumn {
  readonly part: ResourcePart;
  readonly leaf: Leaf;
  readonly column: DraftColumn;
  readonly isOfIdentity: boolean;
}

/** The column of a reference whose role is the name of its target. */
const nameWithRole = ({ part, leaf, column }: PlacedColumn, target: string) => {
  const { length } = part.roles.inlineRoles(leaf);
  return collapsed([...column.parts.slice(0, length), target, ...column.parts.slice(length)]);
};

/** The role that would give the column another name; undefined if there is none. */
function possibleRole(known: KnownColumns, placed: PlacedColumn): string | undefined {
  const { part, leaf, column } = placed;
  if (leaf.kind !== 'reference' || !known.hasNoRole(part, leaf)) return undefined;
  const { resourceName } = leaf.target;
  return nameWithRole(placed, resourceName) === columnName(column) ? undefined : resourceName;
}

function pairsIn<Value>(values: readonly Value[]): readonly (readonly [Value, Value])[] {
  return values.flatMap((first, index) => values.slice(index + 1).map((second) => [first, second] as const));
}

/** Which of two references with one column for two values has the role. */
function chosen(known: KnownColumns, a: PlacedColumn, b: PlacedColumn): readonly [Leaf, ClashingRole] | undefined {
  const roleOfA = possibleRole(known, a);
  const roleOfB = possibleRole(known, b);
  if (roleOfA !== undefined && roleOfB === undefined) return [a.leaf, { role: roleOfA, isCertain: true }];
  if (roleOfB !== undefined && roleOfA === undefined) return [b.leaf, { role: roleOfB, isCertain: true }];
  // of two that are possible, the key of an ODS has the plain name more often than other columns
  if (roleOfA === undefined || roleOfB === undefined || a.isOfIdentity === b.isOfIdentity) return undefined;
  return a.isOfIdentity ? [b.leaf, { role: roleOfB, isCertain: false }] : [a.leaf, { role: roleOfA, isCertain: false }];
}

/**
 * The roles of references that columns show, where the format carries no roles (design 19 §3.2). An ODS keeps values
 * apart that no constraint makes equal. Where two references would have one column for them, one of the references has
 * the name of its target as its role.
 *
 * @param isIdentityOnly whether only leaves of the identity are compared, for the key that other resources repeat
 */
export function clashingRoles(
  resource: OdsResource,
  part: ResourcePart,
  known: KnownColumns,
  isIdentityOnly: boolean,
): ReadonlyMap<Leaf, ClashingRole> {
  const identity = new Set(resource.identityPaths);
  const isOfIdentity = (leaf: Leaf) => valuePaths(leaf).some((path) => identity.has(path));
  const equalities = [...resource.own.equalities, ...(part === resource.own ? [] : part.equalities)];
  const groupOf = pathGroups(equalities.map(({ source, target }) => [source, target]));
  const roles = new Map<Leaf, ClashingRole>();

  const placedIn = (owner: ResourcePart, scope: Scope, has: (leaf: Leaf) => boolean): readonly PlacedColumn[] =>
    scope.leaves.filter(has).flatMap((leaf) => {
      const ofIdentity = isOfIdentity(leaf);
      const columns = known.columnsOf(owner, leaf, scope.isLeafCollection);
      return columns.map((column) => ({ part: owner, leaf, column, isOfIdentity: ofIdentity }));
    });

  const areEqual = (a: DraftColumn, b: DraftColumn) => {
    const groups = new Set(a.paths.map(groupOf));
    return b.paths.some((path) => groups.has(groupOf(path)));
  };

  function comparePair(a: PlacedColumn, b: PlacedColumn): void {
    if (a.leaf === b.leaf || a.column.content.kind !== b.column.content.kind || areEqual(a.column, b.column)) return;
    const found = chosen(known, a, b);
    if (found !== undefined && !roles.get(found[0])?.isCertain) roles.set(...found);
  }

  function compare(placed: readonly PlacedColumn[]): void {
    for (const same of groupBy(placed, ({ column }) => columnName(column).toLowerCase()).values())
      for (const [a, b] of pairsIn(same)) comparePair(a, b);
  }

  const key = placedIn(resource.own, resource.own.root, isOfIdentity);
  if (isIdentityOnly) {
    compare(key);
    return roles;
  }
  const visit = (scope: Scope): void => {
    compare([...key, ...placedIn(part, scope, (leaf) => !isOfIdentity(leaf))]);
    for (const child of scope.children) visit(child);
  };
  visit(part.root);
  return roles;
}
