import { mustExist, pascalCase } from '@dms/model';
import { cachedByObject, groupBy } from '@dms/values';
import { type Leaf, lastName, lastSegment, leafName, withoutDescriptor } from './leaves.ts';
import { singulars, withoutEnding } from './names.ts';
import type { Scope } from './scopes.ts';

/** Prefixes of column names that come from inline segments (design 19 §3). */
export interface Roles {
  /** The roles of the inline segments before the last segment of a leaf, outermost first, without empty ones. */
  inlineRoles(leaf: Leaf): readonly string[];
}

/** The roles of the inline segments below `root` (design 19 §3.3). */
export function inferRoles(root: Scope): Roles {
  const placed = placedLeaves(root);
  const inlineOf = new Map(placed.map(({ leaf, inline }) => [leaf, inline]));
  const innermost = (inline: readonly string[]) => mustExist(inline.at(-1), 'the path of an inline segment');
  const directly = groupBy(
    placed.filter(({ inline }) => inline.length > 0),
    ({ inline }) => innermost(inline),
  );
  const roleByPath = new Map<string, string>();
  const roleOf = (inline: readonly string[]): string => {
    const path = innermost(inline);
    const before = roleByPath.get(path);
    if (before !== undefined) return before;
    const outer = inline.slice(0, -1).map((_, index) => roleOf(inline.slice(0, index + 1)));
    const segment = path.slice(path.lastIndexOf('.') + 1);
    const added = (directly.get(path) ?? []).map((each) => {
      const text = rolesBefore(each);
      const prefix = outer.join('');
      return text.startsWith(prefix) ? text.slice(prefix.length) : text;
    });
    const most = mostFrequent(added);
    const role = segment.startsWith(most) ? most : '';
    roleByPath.set(path, role);
    return role;
  };
  const rolesOf = cachedByObject((leaf: Leaf): readonly string[] => {
    const inline = inlineOf.get(leaf) ?? [];
    return inline.map((_, index) => roleOf(inline.slice(0, index + 1))).filter((role) => role !== '');
  });
  return { inlineRoles: rolesOf };
}

/** A leaf with the inline segments before its last one, which lie in the row of the enclosing scope. */
interface PlacedLeaf {
  readonly leaf: Leaf;
  readonly isElement: boolean;
  /** The paths of its inline segments, outermost first: each is the key up to that segment. */
  readonly inline: readonly string[];
}

function placedLeaves(scope: Scope): PlacedLeaf[] {
  // the segment of a leaf collection is the last of its leaf, so the inline segments follow the scope around it
  const { depth } = scope.isLeafCollection ? mustExist(scope.parent, `the scope around ${scope.path}`) : scope;
  const placed = scope.leaves.map((leaf) => {
    const ends = leaf.key.slice(depth, -1).map((_, index) => depth + index + 1);
    return { leaf, isElement: scope.isLeafCollection, inline: ends.map((end) => joined(leaf.key.slice(0, end))) };
  });
  return [...placed, ...scope.children.flatMap(placedLeaves)];
}

/** A separator that no segment contains, so that a joined key is unique. */
const joined = (segments: readonly string[]) => segments.join('.');

/** The text before the last segment in the name of the value. */
function rolesBefore(placed: PlacedLeaf): string {
  const last = lastSegment(placed.leaf);
  const segment = placed.isElement && placed.leaf.kind === 'descriptor' ? withoutDescriptor(last) : last;
  const found = shownNames(placed).map((name) => withoutEnding(name, segment));
  return found.find((role) => role !== undefined) ?? '';
}

/** The name that shows the role: of the item of a leaf collection, else of the value. */
function shownNames({ leaf, isElement }: PlacedLeaf): readonly string[] {
  const array = leaf.steps.findLast(({ kind }) => kind === 'array');
  return isElement && array !== undefined ? singulars(array.name).map(pascalCase) : [leafName(leaf)];
}

function mostFrequent(texts: readonly string[]): string {
  const groups = [...groupBy(texts, (text) => text)].sort(
    (a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1),
  );
  return groups[0]?.[0] ?? '';
}

/** The facts from which the role of a reference follows when its key does not show it (design 19 §3.2). */
interface ReferenceRoleFacts {
  /** The text of the `nameOverrides` of the resource for a path. */
  nameOverride(path: string): string | undefined;
  /**
   * The role that other resources show for this reference when they repeat its identity; undefined if the files have
   * overrides.
   */
  evidence(path: string): string | undefined;
  readonly inlineRoles: readonly string[];
}

/** The role of a leaf: a prefix of the names of its columns (design 19 §3.1, §3.2). */
export function leafRole(leaf: Leaf, facts: ReferenceRoleFacts): string {
  const last = lastSegment(leaf);
  switch (leaf.kind) {
    case 'scalar':
      return '';
    case 'descriptor':
      return withoutEnding(last, leaf.target.resourceName) ?? withoutDescriptor(last);
    case 'schoolYear':
      return withoutEnding(last, 'SchoolYear') ?? withoutEnding(last, leaf.target.resourceName) ?? last;
    case 'reference':
      return referenceRole(leaf, leaf.target.resourceName, facts);
  }
}

function referenceRole(leaf: Leaf, target: string, facts: ReferenceRoleFacts): string {
  const last = lastSegment(leaf);
  const shown = withoutEnding(last, target);
  if (shown === undefined) return last;
  if (shown !== '') return shown;
  const override = facts.nameOverride(leaf.path)?.replaceAll('_', '');
  const role = withoutEnding(override ?? leafName(leaf), target) ?? '';
  return withoutRoles(role, facts.inlineRoles) || (facts.evidence(leaf.path) ?? '');
}

/** `text` without the roles that it starts with. */
function withoutRoles(text: string, roles: readonly string[]): string {
  return roles.reduce((rest, role) => (rest.startsWith(role) ? rest.slice(role.length) : rest), text);
}

/** A reference of the set, with the resource that it leads to. */
interface KnownReference {
  readonly target: string;
  readonly pairs: readonly { readonly identityPath: string; readonly referencePath: string }[];
}

/**
 * The roles of references that the names of repeated identities show (design 19 §3.2): `$.programReference.programName`
 * repeated as `programProgramName` shows the role `Program`; if all names are repeated unchanged, the role is empty. By
 * target, then by path of the reference.
 */
export function shownRoles(references: Iterable<KnownReference>): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const roles = new Map<string, Map<string, string>>();
  for (const { target, pairs } of references) {
    for (const { identityPath, referencePath } of pairs) {
      const path = identityPath.slice(0, identityPath.lastIndexOf('.'));
      const reference = pascalCase(lastName(path));
      if (!reference.endsWith('Reference')) continue;
      const name = pascalCase(lastName(referencePath));
      const rest = withoutEnding(name, pascalCase(lastName(identityPath)));
      if (rest === undefined || (rest !== '' && rest !== reference.replace(/Reference$/, ''))) continue;
      const ofTarget = roles.get(target) ?? new Map<string, string>();
      // not all names need the role
      roles.set(target, ofTarget.set(path, rest || (ofTarget.get(path) ?? '')));
    }
  }
  return roles;
}
