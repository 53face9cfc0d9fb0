import { mustExist, pascalCase } from '@dms/model';
import { compareBy, groupBy } from '@dms/values';
import { itemName, type Leaf, lastSegment, ownSegment, type PathStep, withoutDescriptor } from './leaves.ts';
import { commonEnding, singulars } from './names.ts';

/** The root, an array element, an object, or the data of an extension: each may have a table (design 19, words). */
export interface Scope {
  readonly kind: 'root' | 'array' | 'object' | 'extension';
  readonly path: string;
  readonly parent: Scope | null;
  readonly children: readonly Scope[];
  /** The leaves directly in the scope; their keys begin with the segments of its scopes. */
  readonly leaves: readonly Leaf[];
  /** How many segments of a key lead to the scope. */
  readonly depth: number;
  /** The segment that makes the scope; empty for the root and for extensions. */
  readonly segment: string;
  /** Whether the array holds scalars: the segment that makes the scope is the last one of its only leaf. */
  readonly isLeafCollection: boolean;
}

/** How well a segment names a step: a full match beats a partial one, then the longer share of the segment counts. */
function fit(segment: string, step: PathStep): { readonly isFull: boolean; readonly share: number } {
  const fits = singulars(step.name).map((name) => {
    const length = commonEnding(segment, name);
    return { isFull: length === name.length, share: length / segment.length };
  });
  return fits.reduce((best, each) => (isBetter(each, best) ? each : best));
}

type SegmentFit = ReturnType<typeof fit>;

const isBetter = (a: SegmentFit, b: SegmentFit) => (a.isFull === b.isFull ? a.share > b.share : a.isFull);

/**
 * The scopes of a resource, and the segment that makes each (design 19 §2.2). If no segment of the keys makes a scope,
 * the scope is named after its step, and the keys of its leaves get that segment.
 */
export function findScopes(leaves: readonly Leaf[]): Scope {
  const root = draftScopes(leaves);
  nameScopes(root, 0);
  return root;
}

interface DraftScope extends Scope {
  readonly step: PathStep | null;
  readonly parent: DraftScope | null;
  readonly children: DraftScope[];
  leaves: Leaf[];
  depth: number;
  segment: string;
  isLeafCollection: boolean;
}

/** The scopes of the leaves, without names. */
function draftScopes(leaves: readonly Leaf[]): DraftScope {
  const root = draftScope(null, null);
  const byPath = new Map<string, DraftScope>();
  for (const leaf of leaves) {
    let scope = root;
    for (const [index, step] of leaf.steps.entries()) {
      if (step.kind === 'property' && index === leaf.steps.length - 1) break;
      const child = byPath.get(step.path) ?? draftScope(step, scope);
      if (!byPath.has(step.path)) scope.children.push(child);
      byPath.set(step.path, child);
      scope = child;
    }
    scope.leaves.push(leaf);
  }
  return root;
}

const kinds = { property: 'object', array: 'array', extension: 'extension' } as const;

function draftScope(step: PathStep | null, parent: DraftScope | null): DraftScope {
  const kind = step === null ? 'root' : kinds[step.kind];
  const empty = { leaves: [], depth: 0, segment: '', isLeafCollection: false };
  return { kind, path: step?.path ?? '$', step, parent, children: [], ...empty };
}

function nameScopes(scope: DraftScope, depth: number): void {
  scope.depth = depth;
  if (scope.step !== null && scope.kind !== 'extension') nameScope(scope, scope.step, depth);
  for (const child of scope.children) nameScopes(child, scope.depth);
  scope.children.sort(compareBy(({ path }) => path));
}

function nameScope(scope: DraftScope, step: PathStep, depth: number): void {
  const leaves = leavesBelow(scope);
  const candidates = candidatesFor(scope, leaves, depth);
  if (candidates.length > 0) {
    const fits = candidates.map((segment, index) => fit(compared(segment, index, leaves, depth), step));
    const best = fits.reduce((chosen, each, index) => (isBetter(each, fits[chosen] as SegmentFit) ? index : chosen), 0);
    scope.depth = depth + best + 1;
    scope.segment = mustExist(candidates[best], `the segment of ${scope.path}`);
  } else if (leaves.length === 1 && scope.kind === 'array' && scope.leaves.length === 1) {
    const replacement = new Map(
      leaves.map((leaf): [Leaf, Leaf] => [leaf, { ...leaf, key: [...leaf.key.slice(0, depth), ownSegment(leaf)] }]),
    );
    replaceLeaves(scope, replacement);
    scope.depth = depth + 1;
    scope.segment = lastSegment(mustExist(scope.leaves[0], `the leaf of ${scope.path}`));
  } else {
    scope.segment = inventedSegment(step, leaves, depth);
    replaceLeaves(
      scope,
      new Map(leaves.map((leaf) => [leaf, { ...leaf, key: keyWith(scope.segment, leaf, step, depth) }])),
    );
    scope.depth = depth + 1;
  }
  const [leaf, ...others] = scope.leaves;
  scope.isLeafCollection =
    scope.kind === 'array' && scope.children.length === 0 && others.length === 0 && leaf?.key.length === scope.depth;
}

const leavesBelow = (scope: DraftScope): Leaf[] => [...scope.leaves, ...scope.children.flatMap(leavesBelow)];

/** The segments of the keys that may make a scope (design 19 §2.2). */
function candidatesFor(scope: DraftScope, leaves: readonly Leaf[], depth: number): readonly string[] {
  const common = commonSegments(leaves, depth);
  const [leaf, ...others] = leaves;
  if (leaf === undefined || others.length > 0) return common;
  // a single leaf: its last segments belong to arrays below, or to the leaf itself
  const below = leaf.steps.slice(leaf.steps.findIndex(({ path }) => path === scope.path) + 1);
  const arrays = below.filter(({ kind }) => kind === 'array').length;
  const kept = Math.max(arrays, scope.kind === 'object' ? 1 : 0);
  return common.slice(0, Math.max(leaf.key.length - depth - kept, 0));
}

/**
 * The segments that all keys have in common, after the first `depth`, and that leave a segment to each of several
 * leaves.
 */
function commonSegments(leaves: readonly Leaf[], depth: number): readonly string[] {
  const [first, ...others] = leaves.map(({ key }) => key.slice(depth));
  if (first === undefined) return [];
  const length = others.reduce((common, key) => {
    const limit = Math.min(common, first.length - 1, key.length - 1);
    const differs = first.slice(0, limit).findIndex((segment, index) => key[index] !== segment);
    return differs < 0 ? Math.max(limit, 0) : differs;
  }, first.length);
  return first.slice(0, length);
}

/** The segments as they are compared with a step: a descriptor leaf without its last word. */
function compared(segment: string, index: number, leaves: readonly Leaf[], depth: number): string {
  const [leaf] = leaves;
  const isLast = leaves.length === 1 && leaf !== undefined && depth + index === leaf.key.length - 1;
  return isLast && leaf.kind === 'descriptor' ? withoutDescriptor(segment) || segment : segment;
}

function replaceLeaves(scope: DraftScope, replacement: ReadonlyMap<Leaf, Leaf>): void {
  scope.leaves = scope.leaves.map((leaf) => replacement.get(leaf) ?? leaf);
  for (const child of scope.children) replaceLeaves(child, replacement);
}

/** Segments for keys without a common one: the most frequent that names the step, or the name of an item. */
function inventedSegment(step: PathStep, leaves: readonly Leaf[], depth: number): string {
  const shown = leaves
    .filter(({ key }) => key.length > depth + 1)
    .map(({ key, name }) => mustExist(key[depth], `the segment ${depth} of ${name}`))
    .filter((segment) => fit(segment, step).isFull);
  const [most] = [...groupBy(shown, (segment) => segment)].sort(
    (a, b) => b[1].length - a[1].length || compareBy<string>((name) => name)(a[0], b[0]),
  );
  return most?.[0] ?? (step.kind === 'array' ? itemName(step) : pascalCase(step.name));
}

/** The key of a leaf with the segment of a scope that its own key does not show. */
function keyWith(segment: string, leaf: Leaf, step: PathStep, depth: number): readonly string[] {
  const rest = leaf.key.slice(depth);
  if (rest[0] === segment && rest.length > 1) return leaf.key;
  const [only = ''] = rest;
  const prefix = [pascalCase(step.name), segment].find((name) => only.startsWith(name) && only !== name) ?? '';
  const isNamed = rest.length > 0 && only !== segment;
  const own = !isNamed ? [ownSegment(leaf)] : rest.length > 1 ? rest : [only.slice(prefix.length)];
  return [...leaf.key.slice(0, depth), segment, ...own];
}
