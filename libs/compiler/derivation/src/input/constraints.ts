import { arrayScope, compileJsonPath, concatPaths, type JsonPath, stripExtensionPrefix } from '@dms/api-schema';
import type { DiagnosticCollector } from '@dms/diagnostics';
import { isJsonArray, isJsonObject, type JsonValue } from '@dms/values';
import type { ReferenceMapping } from './document-paths.ts';
import { failResource, type ResourceEntry, resourceDiagnostic } from './resource-entry.ts';

/** Two paths of one document that must hold the same value. */
export interface EqualityConstraint {
  readonly source: JsonPath;
  readonly target: JsonPath;
}

/** Reads `equalityConstraints` of a resource (design 04 §4). */
export function readEqualityConstraints(
  { label, json }: ResourceEntry,
  diagnostics: DiagnosticCollector,
): EqualityConstraint[] {
  const value = json.get('equalityConstraints');
  if (value === undefined || value === null) return [];
  if (!isJsonArray(value)) {
    const text = 'equalityConstraints must be an array';
    diagnostics.add([resourceDiagnostic('KU_CONSTRAINTS_NOT_ARRAY', label, text, 'equalityConstraints')]);
    return [];
  }
  return value.flatMap((entry, index) => {
    const member = `equalityConstraints[${index}]`;
    if (!isJsonObject(entry)) {
      diagnostics.add([
        resourceDiagnostic('KU_CONSTRAINT_NOT_OBJECT', label, `${member} must be an object`, member, { index }),
      ]);
      return [];
    }
    const path = (property: string): JsonPath => {
      const text = entry.get(property);
      if (typeof text !== 'string' || text.trim() === '') {
        return failResource(
          'KU_CONSTRAINT_PATH_MISSING',
          label,
          `${member}.${property} must be a JSONPath`,
          `${member}.${property}`,
          { index, property },
        );
      }
      return compileJsonPath(text, { resource: label }, `${member}.${property}`);
    };
    const [source, target] = ['sourceJsonPath', 'targetJsonPath'].map((property) =>
      diagnostics.attempt(() => path(property)),
    );
    return source && target ? [{ source, target }] : [];
  });
}

/** One entry of `arrayUniquenessConstraints` with its paths resolved against its base path (design 02 §10.1). */
export interface ArrayUniquenessEntry {
  readonly basePath: JsonPath | undefined;
  readonly paths: readonly JsonPath[];
  readonly nested: readonly ArrayUniquenessEntry[];
}

/** The paths of an entry that lie in one array. */
interface ScopeGroup {
  readonly scope: JsonPath;
  readonly paths: JsonPath[];
}

/** Paths of an entry by array scope, scopes in order, paths in listed order. */
export function groupByScope(label: string, paths: readonly JsonPath[]): ScopeGroup[] {
  const groups = new Map<string, ScopeGroup>();
  for (const path of paths) {
    const scope = arrayScope(path);
    if (!scope) {
      const text = `arrayUniquenessConstraints names ${path.canonical}, which lies in no array`;
      return failResource('ARRAY_UNIQUENESS_NO_ARRAY', label, text, path.canonical, { path: path.canonical });
    }
    const group = groups.get(scope.canonical) ?? { scope, paths: [] };
    group.paths.push(path);
    groups.set(scope.canonical, group);
  }
  return [...groups.values()].sort((a, b) => (a.scope.canonical < b.scope.canonical ? -1 : 1));
}

/** All entries, outer before nested. */
export function flattenUniqueness(entries: readonly ArrayUniquenessEntry[]): ArrayUniquenessEntry[] {
  return entries.flatMap((entry) => [entry, ...flattenUniqueness(entry.nested)]);
}

/** Whether a path ends in the elements of an array, as a base path must. */
export const isElement = (path: JsonPath) => path.segments.at(-1)?.kind === 'anyElement';

/** Reads `arrayUniquenessConstraints` of a resource. */
export function readArrayUniqueness(
  entry: ResourceEntry,
  references: readonly ReferenceMapping[],
  diagnostics: DiagnosticCollector,
): ArrayUniquenessEntry[] {
  const value = entry.json.get('arrayUniquenessConstraints');
  if (value === undefined || value === null) return [];
  if (!isJsonArray(value)) {
    diagnostics.attempt(() => invalid(entry, 'arrayUniquenessConstraints', 'must be an array'));
    return [];
  }
  return value.flatMap((item, index) => {
    return (
      diagnostics.attempt(() => {
        const entries = readEntry(
          entry,
          item,
          { member: `arrayUniquenessConstraints[${index}]`, isNested: false },
          diagnostics,
        );
        // paths below a base path that cannot be an array have no scope; checkPlaces reports the base path as written
        const inArrays = flattenUniqueness(entries).filter(
          ({ basePath }) => basePath === undefined || isElement(basePath),
        );
        for (const constraint of inArrays) checkReferenceCompleteness(entry, constraint, references);
        return entries;
      }) ?? []
    );
  });
}

function invalid(entry: ResourceEntry, member: string, text: string): never {
  failResource('ARRAY_UNIQUENESS_INVALID', entry.label, `${member} ${text}`, member, { member });
}

function readEntry(
  entry: ResourceEntry,
  value: JsonValue,
  { member, isNested }: { readonly member: string; readonly isNested: boolean },
  diagnostics: DiagnosticCollector,
): ArrayUniquenessEntry[] {
  if (isJsonArray(value)) {
    if (isNested) invalid(entry, member, 'must be an object with a basePath');
    return value.length === 0
      ? []
      : [{ basePath: undefined, paths: value.map((path) => compile(entry, path, member)), nested: [] }];
  }
  if (!isJsonObject(value)) return invalid(entry, member, 'must be an object or an array of paths');
  const base = value.get('basePath');
  if (isNested && (base === undefined || base === null))
    invalid(entry, member, 'needs a basePath, as every nested constraint does');
  const basePath = base === undefined || base === null ? undefined : compile(entry, base, `${member}.basePath`);
  const paths = value.get('paths');
  if (!isJsonArray(paths) || paths.length === 0) return invalid(entry, member, 'needs a non-empty array "paths"');
  const nested = value.get('nestedConstraints');
  if (nested !== undefined && nested !== null && !isJsonArray(nested))
    return invalid(entry, `${member}.nestedConstraints`, 'must be an array');
  return [
    {
      basePath,
      paths: paths.map((path, index) => {
        const compiled = compile(entry, path, `${member}.paths[${index}]`);
        return basePath ? concatPaths(basePath, compiled) : compiled;
      }),
      nested: (nested ?? []).flatMap((inner, index) => {
        const place = { member: `${member}.nestedConstraints[${index}]`, isNested: true };
        return diagnostics.attempt(() => readEntry(entry, inner, place, diagnostics)) ?? [];
      }),
    },
  ];
}

function compile(entry: ResourceEntry, value: JsonValue, member: string): JsonPath {
  if (typeof value !== 'string') return invalid(entry, member, 'must be a JSONPath');
  return compileJsonPath(value, { resource: entry.label }, member);
}

/** A constraint with one part of a reference must have all parts of the reference (design 02 §10.2). */
function checkReferenceCompleteness(
  entry: ResourceEntry,
  constraint: ArrayUniquenessEntry,
  references: readonly ReferenceMapping[],
): void {
  for (const group of groupByScope(entry.label, constraint.paths)) {
    if (checkReferenceParts(entry.label, group, references)) continue;
    const scope = stripExtensionPrefix(group.scope);
    const paths = group.paths.map(stripExtensionPrefix);
    if (scope && paths.every((path) => path !== undefined))
      checkReferenceParts(entry.label, { scope, paths }, references);
  }
}

/** Whether paths contain all parts of a reference; false if they contain none. Throws if they contain only some. */
function checkReferenceParts(
  label: string,
  { scope, paths }: ScopeGroup,
  references: readonly ReferenceMapping[],
): boolean {
  const listed = new Set(paths.map((path) => path.canonical));
  let isAnyNamed = false;
  for (const reference of references) {
    const parts = reference.paths.map((pair) => pair.referenceJsonPath.canonical);
    if (!parts.some((path) => listed.has(path))) continue;
    isAnyNamed = true;
    const missing = [...new Set(parts.filter((path) => !listed.has(path)))].sort();
    if (missing.length > 0) refuseIncomplete(label, scope, reference, missing);
  }
  return isAnyNamed;
}

function refuseIncomplete(
  label: string,
  scope: JsonPath,
  reference: ReferenceMapping,
  missing: readonly string[],
): never {
  const text = `the uniqueness of ${scope.canonical} names a part of the reference ${reference.referenceObjectPath.canonical} only; missing: ${missing.join(', ')}`;
  return failResource('ARRAY_UNIQUENESS_REFERENCE_INCOMPLETE', label, text, scope.canonical, {
    scope: scope.canonical,
    reference: reference.referenceObjectPath.canonical,
    missing,
  });
}
