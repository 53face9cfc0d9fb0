import { compareOrdinal, groupBy } from '@dms/values';
import { columnName, type DraftOdsColumn, plainColumn } from './columns.ts';
import { type Leaf, lastSegment, pathGroups, valuePaths } from './leaves.ts';
import { collapsed } from './names.ts';
import { type KeyOf, type LeafColumns, odsKeys } from './ods-keys.ts';
import type { LeafOverride, OdsOverrides } from './overrides.ts';
import { type OdsResource, type OdsResources, type ResourcePart, resourceKey } from './resource-parts.ts';
import { leafRole, shownRoles } from './roles.ts';
import type { Scope } from './scopes.ts';
import { descriptorType, schemaProperty, schoolYearType, valueType } from './value-types.ts';

/** Derives columns of leaves, and the keys that references repeat. */
export interface ColumnRules {
  readonly leafColumns: LeafColumns;
  readonly keyOf: KeyOf;
  role(resource: OdsResource, part: ResourcePart, leaf: Leaf): string;
  /** The references whose roles are guesses, as `<Resource>|<key>` in ordinal order. */
  guessedRoles(): readonly string[];
}

type ClashingRoles = ReadonlyMap<Leaf, ClashingRole>;

type OverrideOf = (resource: OdsResource, leaf: Leaf) => LeafOverride;

export function columnRules(all: OdsResources, overrides: OdsOverrides): ColumnRules {
  const { resources, abstractResources } = all;
  const abstractByKey = new Map(abstractResources.map((resource) => [resourceKey(resource.name), resource]));
  const overrideOf: OverrideOf = ({ name }, leaf) => overrides.of(name, leaf.name) ?? {};
  const { shown: shownRole, isUnknown: hasNoRole } = knownRoles(resources, overrideOf);
  const keyOf = odsKeys(all, (...leaf) => leafColumns(...leaf));

  const clashes = new Map<ResourcePart, { identity?: ClashingRoles; all?: ClashingRoles }>();

  /**
   * The roles that follow from clashing columns; those of an identity do not depend on other leaves, which may refer to
   * the resource itself.
   */
  function clashesOf(resource: OdsResource, part: ResourcePart, kind: 'identity' | 'all'): ClashingRoles {
    const known = clashes.get(part) ?? {};
    clashes.set(part, known);
    const before = known[kind];
    if (before !== undefined) return before;
    known[kind] = new Map();
    const found = clashingRoles(
      resource,
      part,
      {
        columnsOf: (owner, leaf, isElement) =>
          columnsWith(isOfIdentity(resource, leaf) && kind === 'all' ? role : shownRole)(
            resource,
            owner,
            leaf,
            isElement,
          ),
        hasNoRole: (owner, leaf) => hasNoRole(resource, owner, leaf),
      },
      kind === 'identity',
    );
    known[kind] = found;
    return found;
  }

  const clashOf = (resource: OdsResource, part: ResourcePart, leaf: Leaf) =>
    hasNoRole(resource, part, leaf)
      ? clashesOf(resource, part, isOfIdentity(resource, leaf) ? 'identity' : 'all').get(leaf)
      : undefined;

  const role: ColumnRules['role'] = (resource, part, leaf) =>
    clashOf(resource, part, leaf)?.role ?? shownRole(resource, part, leaf);

  /** Whether another role would give the column another name, and the role is only guessed. */
  function isGuessed(resource: OdsResource, part: ResourcePart, leaf: Leaf, parts: readonly string[]): boolean {
    if (leaf.kind !== 'reference' || overrides.knows(resource.name.projectName)) return false;
    if (!hasNoRole(resource, part, leaf) || clashOf(resource, part, leaf)?.isCertain) return false;
    const inline = part.roles.inlineRoles(leaf);
    return collapsed([...inline, ...parts]) !== collapsed([...inline, leaf.target.resourceName, ...parts]);
  }

  /** Whether a path identifies a subclass whose abstract resource has one identity path. */
  const isWideIdentity = ({ superclass, identityPaths }: OdsResource, path: string) =>
    superclass !== null &&
    abstractByKey.get(superclass.label)?.identityPaths.length === 1 &&
    identityPaths.includes(path);

  const columnsWith =
    (roleOf: ColumnRules['role']): ColumnRules['leafColumns'] =>
    (resource, part, leaf, isElement) => {
      const property = schemaProperty(part.insertSchema, leaf.path);
      const { type, notNull } = overrideOf(resource, leaf);
      const isRequired = notNull ?? property?.isRequired ?? false;
      const inline = part.roles.inlineRoles(leaf);
      const roles = [...inline, ...[roleOf(resource, part, leaf)].filter((text) => text !== '')];
      const last = lastSegment(leaf);
      switch (leaf.kind) {
        case 'scalar': {
          const isSchoolYear = resource.kind === 'schoolYears' && resource.identityPaths.includes(leaf.path);
          const facts = {
            digits: part.digits.get(leaf.path),
            isWideIdentity: isWideIdentity(resource, leaf.path),
            known: isSchoolYear ? 'year' : type,
          } as const;
          return [
            {
              parts: [...inline, last],
              content: { kind: 'value' },
              type: valueType(property?.node, facts),
              paths: [leaf.path],
              isRequired,
              ...plainColumn,
            },
          ];
        }
        case 'descriptor': {
          const { resourceName } = leaf.target;
          const content = { kind: 'descriptor', resource: leaf.target } as const;
          const names = [...(isElement ? inline : roles), resourceName, 'Id'];
          return [{ parts: names, content, type: descriptorType, paths: [leaf.path], isRequired, ...plainColumn }];
        }
        case 'schoolYear': {
          const paths = valuePaths(leaf);
          const content = { kind: 'schoolYear' } as const;
          return [
            { parts: [...roles, 'SchoolYear'], content, type: schoolYearType, paths, isRequired, ...plainColumn },
          ];
        }
        case 'reference':
          return referenceColumns(leaf, keyOf(leaf.target)).map((column) => {
            const isOwnGuess = roleOf === role && isGuessed(resource, part, leaf, column.parts);
            return {
              ...column,
              parts: [...roles, ...column.parts],
              isRequired,
              isGuessed: column.isGuessed || isOwnGuess,
            };
          });
      }
    };

  const leafColumns = columnsWith(role);

  function guessedRoles(): readonly string[] {
    const names = resources.flatMap((resource) =>
      [resource.own, ...resource.extensions].flatMap((part) =>
        part.leaves
          .filter((leaf) => leaf.kind === 'reference')
          .filter((leaf) =>
            referenceColumns(leaf, keyOf(leaf.target)).some(({ parts }) => isGuessed(resource, part, leaf, parts)),
          )
          .map(({ name }) => `${resource.name.resourceName}|${name}`),
      ),
    );
    return [...new Set(names)].sort(compareOrdinal);
  }

  return { leafColumns, keyOf, role, guessedRoles };
}

/** Roles of references that overrides, names and repeated identities show. */
interface KnownRoles {
  /** The role that one of these shows; empty if none does. */
  readonly shown: ColumnRules['role'];
  /** Whether nothing shows the role, and the format could not carry it. */
  isUnknown(resource: OdsResource, part: ResourcePart, leaf: Leaf): boolean;
}

function knownRoles(resources: readonly OdsResource[], overrideOf: OverrideOf): KnownRoles {
  const parts = resources.flatMap((resource) => [resource.own, ...resource.extensions]);
  const references = parts.flatMap(({ leaves }) => leaves.filter((leaf) => leaf.kind === 'reference'));
  const evidence = shownRoles(references.map(({ target, pairs }) => ({ target: resourceKey(target), pairs })));

  /**
   * The role that other resources show when they repeat the reference; references to an abstract resource repeat that
   * of its subclasses.
   */
  const evidenceOf = ({ name, superclass }: OdsResource, part: ResourcePart, path: string): string | undefined =>
    part.hasNameOverrides
      ? undefined
      : (evidence.get(resourceKey(name))?.get(path) ?? evidence.get(superclass?.label ?? '')?.get(path));

  const shown: ColumnRules['role'] = (resource, part, leaf) =>
    overrideOf(resource, leaf).role ??
    leafRole(leaf, {
      nameOverride: (path) => nameOverride(part, path),
      evidence: (path) => evidenceOf(resource, part, path),
      inlineRoles: part.roles.inlineRoles(leaf),
    });
  return {
    shown,
    isUnknown: (resource, part, leaf) =>
      leaf.kind === 'reference' &&
      part.isConverted &&
      overrideOf(resource, leaf).role === undefined &&
      evidenceOf(resource, part, leaf.path) === undefined &&
      shown(resource, part, leaf) === '',
  };
}

/** An override of a name is written with or without the path to the data of the extension (design 02 §14.2). */
function nameOverride({ nameOverrides }: ResourcePart, path: string): string | undefined {
  return nameOverrides.get(path) ?? nameOverrides.get(path.replace(/^\$\._ext\.[^.]+/, '$'));
}

/** The columns and roles of leaves that are known before clashing roles are found. */
interface KnownColumns {
  columnsOf(part: ResourcePart, leaf: Leaf, isElement: boolean): readonly DraftOdsColumn[];
  /** Whether the leaf is a reference without a known role. */
  hasNoRole(part: ResourcePart, leaf: Leaf): boolean;
}

interface PlacedLeafColumn {
  readonly part: ResourcePart;
  readonly leaf: Leaf;
  readonly column: DraftOdsColumn;
  readonly isOfIdentity: boolean;
}

/**
 * The roles of references that follow from clashing columns, if the format carries no roles (design 19 §3.2). An ODS
 * has separate columns for values that no constraint makes equal. If two references would share a column for such
 * values, one of the references has the name of its target as its role.
 *
 * @param isIdentityOnly whether only leaves of the identity are compared, for the key that other resources repeat
 */
function clashingRoles(
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

  const placedIn = (owner: ResourcePart, scope: Scope, has: (leaf: Leaf) => boolean): readonly PlacedLeafColumn[] =>
    scope.leaves.filter(has).flatMap((leaf) => {
      const ofIdentity = isOfIdentity(leaf);
      const columns = known.columnsOf(owner, leaf, scope.isLeafCollection);
      return columns.map((column) => ({ part: owner, leaf, column, isOfIdentity: ofIdentity }));
    });

  const areEqual = (a: DraftOdsColumn, b: DraftOdsColumn) => {
    const groups = new Set(a.paths.map(groupOf));
    return b.paths.some((path) => groups.has(groupOf(path)));
  };

  function comparePair(a: PlacedLeafColumn, b: PlacedLeafColumn): void {
    if (a.leaf === b.leaf || a.column.content.kind !== b.column.content.kind || areEqual(a.column, b.column)) return;
    const found = chosen(known, a, b);
    if (found !== undefined && !roles.get(found[0])?.isCertain) roles.set(...found);
  }

  function compare(placed: readonly PlacedLeafColumn[]): void {
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

const isOfIdentity = ({ identityPaths }: OdsResource, leaf: Leaf) =>
  valuePaths(leaf).some((path) => identityPaths.includes(path));

/** Of two references that would share a column for two values, the one that has the role. */
function chosen(
  known: KnownColumns,
  a: PlacedLeafColumn,
  b: PlacedLeafColumn,
): readonly [Leaf, ClashingRole] | undefined {
  const roleOfA = possibleRole(known, a);
  const roleOfB = possibleRole(known, b);
  if (roleOfA !== undefined && roleOfB === undefined) return [a.leaf, { role: roleOfA, isCertain: true }];
  if (roleOfB !== undefined && roleOfA === undefined) return [b.leaf, { role: roleOfB, isCertain: true }];
  // if both are possible, the key of an ODS keeps the plain name more often than other columns
  if (roleOfA === undefined || roleOfB === undefined || a.isOfIdentity === b.isOfIdentity) return undefined;
  return a.isOfIdentity ? [b.leaf, { role: roleOfB, isCertain: false }] : [a.leaf, { role: roleOfA, isCertain: false }];
}

/** The role that would give the column another name; undefined if there is none. */
function possibleRole(known: KnownColumns, placed: PlacedLeafColumn): string | undefined {
  const { part, leaf, column } = placed;
  if (leaf.kind !== 'reference' || !known.hasNoRole(part, leaf)) return undefined;
  const { resourceName } = leaf.target;
  return nameWithRole(placed, resourceName) === columnName(column) ? undefined : resourceName;
}

/** The column name of a reference whose role is the name of its target. */
const nameWithRole = ({ part, leaf, column }: PlacedLeafColumn, target: string) => {
  const { length } = part.roles.inlineRoles(leaf);
  return collapsed([...column.parts.slice(0, length), target, ...column.parts.slice(length)]);
};

function pairsIn<Value>(values: readonly Value[]): readonly (readonly [Value, Value])[] {
  return values.flatMap((first, index) => values.slice(index + 1).map((second) => [first, second] as const));
}

/** The key columns of the target, with the paths by which a reference repeats them. */
function referenceColumns(
  { pairs }: Extract<Leaf, { readonly kind: 'reference' }>,
  targetKey: readonly DraftOdsColumn[],
): readonly DraftOdsColumn[] {
  return targetKey.flatMap((column) => {
    const repeated = pairs.filter(({ identityPath }) => column.paths.includes(identityPath));
    const paths = [...new Set(repeated.map(({ referencePath }) => referencePath))];
    return paths.length === 0 ? [] : [{ ...column, paths, isShared: repeated.length > 1 }];
  });
}

/** A role that only clashing columns show, not a name. */
interface ClashingRole {
  readonly role: string;
  /** Whether no other role could keep the columns apart. */
  readonly isCertain: boolean;
}
