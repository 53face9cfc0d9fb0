import { type DocumentPathEntry, parseJsonPath, readDocumentPathEntry, readReferencePathPair } from '@dms/api-schema';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, orderedMembers } from '@dms/files';
import { mustExist, pascalCase, type QualifiedResourceName } from '@dms/model';

/** One property of a path: its name, and the path as far as it goes. */
export interface PathStep {
  readonly kind: 'property' | 'array' | 'extension';
  readonly name: string;
  /** The path up to here, with the `[*]` of an array. */
  readonly path: string;
}

/** A path of an identity, and the path in this resource that repeats its value. */
export interface ReferencePair {
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

/** The steps of a path; `_ext.<project>` is one step. */
export function pathSteps(text: string): readonly PathStep[] {
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

/** The last property of a path. */
export const lastName = (path: string) => path.slice(path.lastIndexOf('.') + 1).replace('[*]', '');

function pairsOf(value: unknown): readonly ReferencePair[] {
  return (Array.isArray(value) ? value : []).map((element) => {
    const read = readReferencePathPair(element);
    if ('findings' in read) throw new Error('A reference has malformed paths, which derive-model refuses');
    return { identityPath: read.value.identityJsonPath, referencePath: read.value.referenceJsonPath };
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

/** The part of its property path that stands for the leaf itself. */
export const lastSegment = ({ key, name }: Pick<Leaf, 'key' | 'name'>) =>
  mustExist(key.at(-1), `the last segment of ${name}`);

/** The leaves of a resource schema, by name. */
export function leavesOf(resourceSchema: JsonObject): readonly Leaf[] {
  const mapping = resourceSchema.get('documentPathsMapping');
  return orderedMembers(isJsonObject(mapping) ? mapping : new Map<string, JsonValue>()).map(([name, value]) => {
    const read = readDocumentPathEntry(value);
    if ('findings' in read) throw new Error(`The mapping ${name} is malformed, which derive-model refuses`);
    return leafOf(name, read.value);
  });
}

/** The name of a leaf's value in Pascal case; of a reference, without `Reference`. */
export function leafName(leaf: Leaf): string {
  const name = pascalCase(lastName(leaf.path));
  return isReference(leaf) ? name.replace(/Reference$/, '') : name;
}

export const isReference = (leaf: Leaf) => leaf.kind === 'reference' || leaf.kind === 'schoolYear';

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

/** All paths that a uniqueness of arrays lists, nested ones as paths of the document (design 01 §2.6). */
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
