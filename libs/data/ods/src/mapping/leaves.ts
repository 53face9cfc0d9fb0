import { type DocumentPathEntry, parseJsonPath, readDocumentPathEntry, readReferencePathPair } from '@dms/api-schema';
import { mustExist, pascalCase, pascalCaseAll, type QualifiedResourceName, singularize } from '@dms/model';
import {
  groupBy,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  orderedMembers,
  Unions,
} from '@dms/values';
import { singulars, withoutEnding } from './names.ts';

/** One step of a path: its name, and the path up to it. */
export interface PathStep {
  readonly kind: 'property' | 'array' | 'extension';
  readonly name: string;
  /** The path up to here, with the `[*]` of an array. */
  readonly path: string;
}

/** A path of an identity, and the path in this resource that repeats its value. */
interface ReferencePair {
  readonly identityPath: string;
  readonly referencePath: string;
}

interface LeafFacts {
  /** The key of the entry in `documentPathsMapping`; it names the leaf in an override. */
  readonly name: string;
  /** The parts of the property path. */
  readonly key: readonly string[];
  /** The path of the value, or of the reference object. */
  readonly path: string;
  readonly steps: readonly PathStep[];
}

/** An entry of `documentPathsMapping` (design 19, words). */
export type Leaf = LeafFacts &
  (
    | { readonly kind: 'scalar' }
    | { readonly kind: 'descriptor'; readonly target: QualifiedResourceName }
    | { readonly kind: 'schoolYear'; readonly target: QualifiedResourceName; readonly pairs: readonly ReferencePair[] }
    | { readonly kind: 'reference'; readonly target: QualifiedResourceName; readonly pairs: readonly ReferencePair[] }
  );

const schoolYearResource = 'SchoolYearType';

/** Whether a resource is the enumeration of school years, which an ODS stores as a number. */
export const isSchoolYears = ({ resourceName }: QualifiedResourceName) => resourceName === schoolYearResource;

/** The last property of a path. */
export const lastName = (path: string) => path.slice(path.lastIndexOf('.') + 1).replace('[*]', '');

/** The part of its property path that stands for the leaf itself. */
export const lastSegment = ({ key, name }: Pick<Leaf, 'key' | 'name'>) =>
  mustExist(key.at(-1), `the last segment of ${name}`);

/** The leaves of a resource schema, by name. */
export function readLeaves(resourceSchema: JsonObject): readonly Leaf[] {
  const mapping = resourceSchema.get('documentPathsMapping');
  return orderedMembers(isJsonObject(mapping) ? mapping : new Map<string, JsonValue>()).map(([name, value]) => {
    const read = readDocumentPathEntry(value);
    if ('findings' in read) throw new Error(`The mapping ${name} is malformed, which derive-model refuses`);
    return leafOf(name, read.value);
  });
}

function leafOf(name: string, entry: DocumentPathEntry): Leaf {
  const segments = name.split('.').filter((segment) => segment !== '');
  const key = segments.length === 0 ? ['Value'] : segments;
  if (entry.kind !== 'reference') return { ...entry, name, key, steps: pathSteps(entry.path) };
  const { target } = entry;
  const pairs = pairsOf(entry.referenceJsonPaths);
  const first = mustExist(pairs[0], `a path of the reference ${name}`).referencePath;
  const path = first.slice(0, first.lastIndexOf('.'));
  return {
    kind: isSchoolYears(target) ? 'schoolYear' : 'reference',
    name,
    key,
    path,
    steps: pathSteps(path),
    target,
    pairs,
  };
}

/** The steps of a path; `_ext.<project>` is one step. */
function pathSteps(text: string): readonly PathStep[] {
  const parsed = parseJsonPath(text);
  if (!('path' in parsed)) throw new Error(`${text} is not a JSONPath, which derive-model refuses`);
  const { segments } = parsed.path;
  const steps: PathStep[] = [];
  let path = '$';
  for (let index = 0; index < segments.length; index += 1) {
    const segment = segments[index];
    if (segment?.kind !== 'property') continue;
    const next = segments[index + 1];
    if (segment.name === '_ext' && next?.kind === 'property') {
      path += `._ext.${next.name}`;
      steps.push({ kind: 'extension', name: next.name, path });
      index += 1;
    } else if (next?.kind === 'anyElement') {
      path += `.${segment.name}[*]`;
      steps.push({ kind: 'array', name: segment.name, path });
    } else {
      path += `.${segment.name}`;
      steps.push({ kind: 'property', name: segment.name, path });
    }
  }
  return steps;
}

function pairsOf(value: unknown): readonly ReferencePair[] {
  return (Array.isArray(value) ? value : []).map((element) => {
    const read = readReferencePathPair(element);
    if ('findings' in read) throw new Error('A reference has malformed paths, which derive-model refuses');
    return { identityPath: read.value.identityJsonPath, referencePath: read.value.referenceJsonPath };
  });
}

/** The name of a leaf's value in Pascal case; of a reference, without `Reference`. */
export function leafName(leaf: Leaf): string {
  const name = pascalCase(lastName(leaf.path));
  return isReference(leaf) ? name.replace(/Reference$/, '') : name;
}

const isReference = (leaf: Leaf) => leaf.kind === 'reference' || leaf.kind === 'schoolYear';

/** The paths of the values of a leaf: of a reference, those that repeat the identity of its target. */
export function valuePaths(leaf: Leaf): readonly string[] {
  return leaf.kind === 'scalar' || leaf.kind === 'descriptor'
    ? [leaf.path]
    : leaf.pairs.map(({ referencePath }) => referencePath);
}

/** The names of descriptors without their last word. */
export const withoutDescriptor = (name: string) => name.replace(/Descriptor$/, '');

/** Pairs of paths that hold the same value (design 04 §4): the second of each names the column. */
export function equalPaths(
  resourceSchema: JsonObject,
): readonly { readonly source: string; readonly target: string }[] {
  const value = resourceSchema.get('equalityConstraints');
  return (isJsonArray(value) ? value : []).map((entry) => {
    const text = (member: string) => (isJsonObject(entry) ? String(entry.get(member)) : '');
    return { source: text('sourceJsonPath'), target: text('targetJsonPath') };
  });
}

/** All paths of the uniqueness constraints of arrays, nested ones as paths of the document (design 01 §2.6). */
export function uniquePaths(constraints: JsonValue | undefined): readonly string[] {
  return (isJsonArray(constraints) ? constraints : []).flatMap((entry) => {
    if (isJsonArray(entry)) return entry.map(String);
    if (!isJsonObject(entry)) return [];
    const base = entry.get('basePath');
    const paths = entry.get('paths');
    const own = (isJsonArray(paths) ? paths : []).map((path) =>
      typeof base === 'string' ? base + String(path).slice(1) : String(path),
    );
    return [...own, ...uniquePaths(entry.get('nestedConstraints'))];
  });
}

/** The name of one item of an array. */
export const itemName = (array: Pick<PathStep, 'name'>) => pascalCase(singularize(array.name));

/** The last segment of a leaf that is named for its value. */
export function ownSegment(leaf: Leaf): string {
  if (leaf.kind === 'descriptor' || leaf.kind === 'reference') return leaf.target.resourceName;
  return leaf.kind === 'schoolYear' ? 'SchoolYear' : leafName(leaf);
}

/**
 * The leaves with property paths as keys (design 19 §2.1). Some files have keys that run JSON steps together; such a
 * key is replaced by the path that other leaves of the array show, or that follows from the names of the arrays.
 */
export function withPropertyKeys(leaves: readonly Leaf[]): readonly Leaf[] {
  const below = groupBy(
    leaves.flatMap((leaf) => arraysOf(leaf).map((array) => ({ array, leaf }))),
    ({ array }) => array.path,
  );
  const isOnly = (array: PathStep) => below.get(array.path)?.length === 1;
  const isRunTogether = (leaf: Leaf) => {
    const array = arraysOf(leaf).at(-1);
    if (array === undefined || leaf.key.length > 1) return false;
    return areSteps(leaf, leaf.key) || isItemWithTarget(leaf, leaf.key, array, !isOnly(array));
  };
  const proper = new Set(leaves.filter((leaf) => !isRunTogether(leaf)));
  // the segment for the array in the property path of another leaf below it
  const shownSegment = (array: PathStep, depth: number) =>
    below.get(array.path)?.find(({ leaf }) => proper.has(leaf) && leaf.key.length > depth + 1)?.leaf.key[depth];
  return leaves.map((leaf) => {
    if (proper.has(leaf)) return leaf;
    const key: string[] = [];
    const arrays = arraysOf(leaf);
    for (const [depth, array] of arrays.entries()) {
      const shown = shownSegment(array, depth);
      if (shown === undefined && depth === arrays.length - 1 && isOnly(array))
        return { ...leaf, key: [...key, onlySegment(leaf, array)] };
      key.push(shown ?? itemName(array));
    }
    return { ...leaf, key: [...key, ownSegment(leaf)] };
  });
}

const arraysOf = (leaf: Leaf): readonly PathStep[] => leaf.steps.filter(({ kind }) => kind === 'array');

/** Whether the key is the JSON steps run together: `PeriodsBeginDate` for `$.periods[*].beginDate`. */
function areSteps(leaf: Leaf, [key = '']: readonly string[]): boolean {
  const names = leaf.steps.filter(({ kind }) => kind !== 'extension').map(({ name }) => name);
  return !isReference(leaf) && names.length > 1 && pascalCaseAll(names) === key;
}

/**
 * Whether the key is an item of the array and the target run together: `ContactPerson` for
 * `$.contacts[*].personReference`.
 */
function isItemWithTarget(leaf: Leaf, [key = '']: readonly string[], array: PathStep, hasOthers: boolean): boolean {
  if (leaf.kind !== 'reference' || !hasOthers) return false;
  return singulars(array.name).some((name) => pascalCase(name) + leaf.target.resourceName === key);
}

/** The segment of a leaf that is the only one of its array. */
function onlySegment(leaf: Leaf, array: PathStep): string {
  if (leaf.kind !== 'descriptor') return leafName(leaf);
  const { resourceName } = leaf.target;
  const role = singulars(array.name)
    .map((name) => withoutEnding(pascalCase(name), withoutDescriptor(resourceName)))
    .find((before) => before !== undefined);
  return (role ?? '') + resourceName;
}

/** A name for the group of a path; the same for all paths of the group. */
export type GroupOf = (path: string) => string;

/** The groups of paths that hold one value, from the pairs that are known to be equal. */
export function pathGroups(pairs: Iterable<readonly [string, string]>): GroupOf {
  const unions = new Unions<string>();
  for (const [a, b] of pairs) unions.join(a, b);
  return (path) => unions.find(path);
}
