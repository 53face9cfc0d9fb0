import { compileJsonPath, isPathPrefix, type JsonPath, pathOf } from '@dms/api-schema';
import { type DiagnosticCode, type DiagnosticCollector, DmsError, listOfNames } from '@dms/diagnostics';
import { pascalCase } from '@dms/model';
import { isJsonObject, type JsonObject, type JsonValue, orderedMembers } from '@dms/values';
import type { ReferenceMapping } from './document-paths.ts';
import { type InsertSchema, isRefusedAround, isUnread } from './insert-schema.ts';
import { failResource, findProjectKey, type ResourceEntry, resourceDiagnostic } from './resource-entry.ts';

type OverrideKind = 'column' | 'collection';

export interface NameOverride {
  readonly rawKey: string;
  readonly path: JsonPath;
  readonly kind: OverrideKind;
  readonly name: string;
}

/** The `relational` block of a resource (design 02 §14, 03 §4). */
export interface NameOverrides {
  readonly rootTableName: string | undefined;
  /** Overrides by canonical path, in ordinal order. */
  readonly byPath: ReadonlyMap<string, NameOverride>;
}

export const noOverrides: NameOverrides = { rootTableName: undefined, byPath: new Map() };

/** Reads and checks the `relational` block. */
export function readNameOverrides(
  entry: ResourceEntry,
  insertSchema: InsertSchema,
  references: readonly ReferenceMapping[],
  diagnostics: DiagnosticCollector,
): NameOverrides {
  const relational = entry.json.get('relational');
  if (relational === undefined || relational === null) return noOverrides;
  if (!isJsonObject(relational)) {
    const details = { member: 'relational' };
    const text = 'relational must be an object';
    diagnostics.add([resourceDiagnostic('OVERRIDE_INVALID', entry.label, text, 'relational', details)]);
    return noOverrides;
  }
  const rootTableName = diagnostics.attempt(() => readRootOverride(entry, relational));
  const overrides = relational.get('nameOverrides');
  const byPath = new Map<string, NameOverride>();
  if (overrides !== undefined && overrides !== null) {
    if (!isJsonObject(overrides)) {
      const text = 'relational.nameOverrides must be an object';
      const details = { member: 'nameOverrides' };
      diagnostics.add([resourceDiagnostic('OVERRIDE_INVALID', entry.label, text, 'relational.nameOverrides', details)]);
      return { rootTableName, byPath };
    }
    diagnostics.forEach(orderedMembers(overrides), ([rawKey, value]) => {
      const compiled = compileKey(entry, rawKey);
      const path = entry.isResourceExtension ? extensionKeyPath(entry, insertSchema, compiled) : compiled;
      if (path === null) return;
      const name = overrideText(entry, value, `relational.nameOverrides["${rawKey}"]`);
      checkReferenceMember(entry, rawKey, path, references);
      const other = byPath.get(path.canonical);
      if (other) {
        const text = `the overrides "${other.rawKey}" and "${rawKey}" both mean ${path.canonical}`;
        failResource('OVERRIDE_DUPLICATE', entry.label, text, rawKey, { keys: [other.rawKey, rawKey] });
      }
      const kind = path.segments.at(-1)?.kind === 'anyElement' ? 'collection' : 'column';
      byPath.set(path.canonical, { rawKey, path, kind, name });
    });
  }
  return { rootTableName, byPath: new Map(orderedMembers(byPath)) };
}

function compileKey(entry: ResourceEntry, key: string): JsonPath {
  try {
    return compileJsonPath(key, { resource: entry.label }, 'relational.nameOverrides');
  } catch (error) {
    if (!(error instanceof DmsError)) throw error;
    const code: DiagnosticCode = 'OVERRIDE_PATH_INVALID';
    return failResource(code, entry.label, `the key "${key}" of relational.nameOverrides is not a JSONPath`, key, {
      key,
    });
  }
}

/**
 * The path `$._ext.<k>.nickName` for `$.nickName` on a resource extension (design 02 §14.2). Null if `_ext` cannot be
 * read, which is reported at its place.
 */
function extensionKeyPath(entry: ResourceEntry, insertSchema: InsertSchema, path: JsonPath): JsonPath | null {
  const [first] = path.segments;
  if (first?.kind === 'property' && first.name === '_ext') return path;
  if (isUnread(insertSchema, '$._ext') || isRefusedAround(insertSchema, '$._ext')) return null;
  const extension = insertSchema.root.properties.get('_ext')?.node;
  const candidates = extension?.kind === 'object' ? [...extension.properties.keys()] : [];
  const projectKey = findProjectKey(entry.project, candidates);
  if (projectKey === undefined) {
    const text = `the override ${path.canonical} cannot be placed: no key under _ext of jsonSchemaForInsert belongs to ${entry.project.projectEndpointName}; it has: ${listOfNames(candidates)}`;
    failResource('EXTENSION_KEY_UNRESOLVED', entry.label, text, path.canonical, {
      endpoint: entry.project.projectEndpointName,
      candidates,
    });
  }
  return pathOf([{ kind: 'property', name: '_ext' }, { kind: 'property', name: projectKey }, ...path.segments]);
}

function overrideText(entry: ResourceEntry, value: JsonValue | undefined, member: string): string {
  if (typeof value !== 'string' || value.trim() === '' || pascalCase(value) === '') {
    return failResource(
      'OVERRIDE_INVALID',
      entry.label,
      `${member} must be a name with at least one letter or digit`,
      member,
      {
        member,
      },
    );
  }
  return pascalCase(value);
}

function checkReferenceMember(
  entry: ResourceEntry,
  rawKey: string,
  path: JsonPath,
  references: readonly ReferenceMapping[],
): void {
  if (references.some(({ paths }) => paths.some((pair) => pair.referenceJsonPath.canonical === path.canonical))) return;
  for (const reference of references) {
    const isInside =
      isPathPrefix(reference.referenceObjectPath, path) && path.canonical !== reference.referenceObjectPath.canonical;
    if (!isInside) continue;
    failResource(
      'OVERRIDE_REFERENCE_MEMBER',
      entry.label,
      `the override ${rawKey} (${path.canonical}) lies inside the reference ${reference.referenceObjectPath.canonical}, where only the identity fields can be renamed`,
      rawKey,
      { key: rawKey, canonical: path.canonical, reference: reference.referenceObjectPath.canonical },
    );
  }
}

/** Reads `rootTableNameOverride`, normalized. A resource extension may only repeat its own name. */
export function readRootOverride(entry: ResourceEntry, relational: JsonObject): string | undefined {
  if (!relational.has('rootTableNameOverride')) return undefined;
  const name = overrideText(entry, relational.get('rootTableNameOverride'), 'relational.rootTableNameOverride');
  if (!entry.isResourceExtension) return name;
  const expected = `${pascalCase(entry.resourceName)}Extension`;
  if (name !== expected) {
    const text = `rootTableNameOverride is "${name}"; on a resource extension only "${expected}" is possible`;
    failResource('OVERRIDE_ROOT_ON_EXTENSION', entry.label, text, 'relational.rootTableNameOverride', { value: name });
  }
  return undefined;
}

/**
 * Looks up name overrides in several resources; the first match wins (design 03 §4.4). It records which overrides were
 * found.
 */
export class OverrideLookup {
  private readonly sources: readonly NameOverrides[];
  private readonly used: Set<NameOverride>;

  constructor(sources: readonly NameOverrides[], used: Set<NameOverride>) {
    this.sources = sources;
    this.used = used;
  }

  /** The override at exactly this path and of this kind. */
  find(kind: OverrideKind, path: JsonPath): string | undefined {
    for (const { byPath } of this.sources) {
      const override = byPath.get(path.canonical);
      if (override?.kind !== kind) continue;
      this.used.add(override);
      return override.name;
    }
    return undefined;
  }
}
