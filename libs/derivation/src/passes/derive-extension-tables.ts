import { childPath, elementPath, type JsonPath, pathOf, rootPath } from '@dms/api-schema';
import { isJsonObject, type JsonObject } from '@dms/canonical-json';
import { forEachReported } from '@dms/diagnostics';
import { DraftTable, keyColumnsFor } from '../draft/draft-table.ts';
import type { DraftResource, SetDraft } from '../draft/model-draft.ts';
import { findProjectKey } from '../input/extension-key.ts';
import { isDeclaredNullable, itemsSchema, nodeKind, propertySchemas, requiredNames } from '../input/insert-schema.ts';
import { failResource, type ResourceEntry } from '../input/resource-entry.ts';
import { type ResourceInput, readResourceInput } from '../input/resource-input.ts';
import { type CollectionContext, defaultCollectionName } from '../naming/collection-name.ts';
import { pascalCase } from '../naming/pascal-case.ts';
import { singularize } from '../naming/singularize.ts';
import { checkDescriptorPathsMet } from './derive-base-columns.ts';
import { addParentForeignKey, collectionBaseName } from './derive-base-tables.ts';
import { addValueColumn, type ValueColumnContext } from './value-column.ts';

/** The one concrete resource of that name outside extension projects (design 03 §10.1). */
function baseOf(entry: ResourceEntry, bases: ReadonlyMap<string, readonly DraftResource[]>): DraftResource {
  if (!entry.project.isExtensionProject) {
    failResource('EXTENSION_NOT_IN_EXTENSION_PROJECT', entry.label, 'a resource extension must stand in an extension project');
  }
  const found = bases.get(entry.resourceName) ?? [];
  const [base, ...others] = found;
  if (!base || others.length > 0) {
    const candidates = found.map((candidate) => candidate.label).sort();
    const text = `it extends "${entry.resourceName}", but ${base ? `several core resources have that name: ${candidates.join(', ')}` : 'no core resource has that name'}`;
    return failResource('EXTENSION_BASE_UNRESOLVED', entry.label, text, undefined, { candidates });
  }
  if (base.isSharedDescriptor) {
    failResource(
      'EXTENSION_BASE_UNRESOLVED',
      entry.label,
      `its base ${base.label} is a descriptor, which has no table to extend`,
      undefined,
      { candidates: [base.label] },
    );
  }
  return base;
}

function checkOverrideConflicts(input: ResourceInput, base: DraftResource): void {
  const own = new Set(input.overrides.paths);
  const shared = base.input.overrides.paths.filter((path) => own.has(path)).sort();
  if (shared.length === 0) return;
  const text = `it and its base ${base.label} both override ${shared.join(', ')}`;
  failResource('OVERRIDE_CONFLICT', input.label, text, shared[0], { base: base.label, paths: shared });
}

/** The state of a walk over an extension schema: the table that is filled (none outside `_ext`) and the names on the way. */
interface ExtensionPlace {
  readonly path: JsonPath;
  readonly location: string;
  readonly table: DraftTable | undefined;
  readonly prefix: readonly string[];
  readonly optional: boolean;
}

class ExtensionWalk {
  private readonly context: ValueColumnContext;
  private readonly input: ResourceInput;
  private readonly base: DraftResource;

  constructor(input: ResourceInput, base: DraftResource) {
    this.input = input;
    this.base = base;
    this.context = {
      resource: base,
      input,
      descriptorPaths: input.entry.descriptorPaths.extension,
      overrides: [input.overrides, base.input.overrides],
      met: new Set(),
      decimals: 'required',
      checksIdentity: false,
    };
  }

  run(): void {
    this.visitObject(this.input.insertSchema, { path: rootPath, location: '$', table: undefined, prefix: [], optional: false });
    checkDescriptorPathsMet(this.input.label, this.context.descriptorPaths.keys(), this.context.met);
  }

  private get extensionRoot(): string {
    return `${this.base.rootBaseName}Extension`;
  }

  private collectionContext(parentBaseNames: readonly string[]): CollectionContext {
    const { superclassResourceName } = this.input;
    return {
      rootBaseName: this.extensionRoot,
      parentBaseNames,
      additionalRoots: [this.base.rootBaseName],
      superclassBaseName: superclassResourceName === undefined ? null : pascalCase(superclassResourceName),
    };
  }

  private visitObject(node: JsonObject, at: ExtensionPlace): void {
    const { label } = this.input;
    const required = requiredNames(label, node, at.location);
    for (const [name, property] of propertySchemas(label, node, at.location)) {
      const location = `${at.location}.properties.${name}`;
      const path = childPath(at.path, name);
      const nullable = isDeclaredNullable(label, property, location) || at.optional || !required.has(name);
      if (name === '_ext') {
        this.visitSite(property, { ...at, location, optional: nullable });
        continue;
      }
      if (name === 'link' && this.input.referenceObjectPaths.has(at.path.canonical)) continue;
      const kind = nodeKind(label, property, location);
      if (kind === 'object')
        this.visitObject(property, { path, location, table: at.table, prefix: [...at.prefix, name], optional: nullable });
      else if (kind === 'array') this.visitArray(property, name, { ...at, path, location });
      else if (at.table) addValueColumn(this.context, at.table, property, path, [...at.prefix, name], nullable);
      else if (this.context.descriptorPaths.has(path.canonical)) this.context.met.add(path.canonical);
    }
  }

  private visitArray(array: JsonObject, name: string, at: ExtensionPlace): void {
    const { label } = this.input;
    const items = itemsSchema(label, array, at.location);
    const location = `${at.location}.items`;
    const scope = elementPath(at.path);
    const isObject = nodeKind(label, items, location) === 'object';
    const inside: ExtensionPlace = { path: scope, location, table: undefined, prefix: [], optional: false };
    if (!at.table) {
      if (isObject) this.visitObject(items, inside);
      else if (this.context.descriptorPaths.has(scope.canonical)) this.context.met.add(scope.canonical);
      return;
    }
    const properties = items.get('properties');
    const mirrorsBaseCollection = isObject && isJsonObject(properties) && properties.has('_ext');
    if (mirrorsBaseCollection) {
      this.visitObject(items, inside);
      return;
    }
    const table = this.addCollectionTable(at.table, name, scope);
    if (isObject) this.visitObject(items, { ...inside, table });
    else addValueColumn(this.context, table, items, scope, [singularize(name)], isDeclaredNullable(label, items, location));
  }

  /** An `_ext` property: finds the project's own part of it and the table that keeps it, a companion of the base table. */
  private visitSite(extension: JsonObject, at: ExtensionPlace): void {
    const { label, entry } = this.input;
    const properties = extension.get('properties');
    if (!isJsonObject(properties))
      failResource('EXTENSION_SITE_INVALID', label, `"_ext" at ${at.location} needs an object "properties"`, at.location);
    const key = findProjectKey(entry.project, properties);
    if (key === undefined) {
      const candidates = [...(properties as JsonObject).keys()].sort();
      const text = `no key under "_ext" of ${at.path.canonical} (${at.location}) belongs to the project ${entry.project.projectEndpointName}; it has: ${candidates.join(', ')}`;
      return failResource('EXTENSION_KEY_UNRESOLVED', label, text, at.location, {
        endpoint: entry.project.projectEndpointName,
        owningScope: at.path.canonical,
        candidates,
      });
    }
    const location = `${at.location}.properties.${key}`;
    const schema = (properties as JsonObject).get(key);
    if (!isJsonObject(schema))
      return failResource('EXTENSION_SITE_INVALID', label, `the extension schema at ${location} must be an object`, location);
    const isOptional =
      at.optional || !requiredNames(label, extension, at.location).has(key) || isDeclaredNullable(label, schema, location);
    const path = childPath(childPath(at.path, '_ext'), key);
    const table = this.alignedTable(path, at.path, key);
    this.visitObject(schema, { path, location, table, prefix: [], optional: isOptional });
  }

  private alignedTable(scope: JsonPath, owningScope: JsonPath, key: string): DraftTable {
    const [existing] = this.base.tablesAt(scope);
    if (existing) return existing;
    const baseScope = baseScopeOf(owningScope, key);
    const [baseTable] = this.base.tablesAt(baseScope);
    if (!baseTable) {
      const text = `the extension scope ${scope.canonical} belongs to ${baseScope.canonical}, which is no collection of ${this.base.label}`;
      return failResource('EXTENSION_BASE_TABLE_MISSING', this.input.label, text, scope.canonical, {
        extensionScope: scope.canonical,
        baseScope: baseScope.canonical,
      });
    }
    const collectionNames = this.baseCollectionNames(baseScope);
    const table = this.addTable(scope, collectionNames);
    addParentForeignKey(table, baseTable, table.keyNames);
    return table;
  }

  /** Base names of the arrays of a base scope, by overrides at the base paths. */
  private baseCollectionNames(baseScope: JsonPath): string[] {
    const names: string[] = [];
    baseScope.segments.forEach((segment, index) => {
      const next = baseScope.segments[index + 1];
      if (segment.kind !== 'property' || next?.kind !== 'anyElement') return;
      const path = pathOf(baseScope.segments.slice(0, index + 2));
      names.push(
        collectionBaseName(this.input.label, segment.name, path, this.context.overrides, this.collectionContext(names)),
      );
    });
    return names;
  }

  private addCollectionTable(parent: DraftTable, name: string, scope: JsonPath): DraftTable {
    const baseName = collectionBaseName(
      this.input.label,
      name,
      scope,
      this.context.overrides,
      this.collectionContext(parent.collectionNames),
    );
    const table = this.addTable(scope, [...parent.collectionNames, baseName]);
    addParentForeignKey(table, parent, table.keyNames.slice(0, -1));
    return table;
  }

  private addTable(scope: JsonPath, collectionNames: readonly string[]): DraftTable {
    const defaultNames = scope.segments.flatMap((segment, index) => {
      const isArray = segment.kind === 'property' && scope.segments[index + 1]?.kind === 'anyElement';
      return isArray ? [defaultCollectionName(segment.name)] : [];
    });
    const defaultRoot = pascalCase(this.base.entry.resourceName);
    const table = new DraftTable({
      table: { schema: this.input.entry.project.physicalSchema, name: this.extensionRoot + collectionNames.join('') },
      scope,
      origin: {
        defaultName: `${defaultRoot}Extension${defaultNames.join('')}`,
        label: this.input.label,
        path: scope.canonical,
      },
      collectionNames,
      keyColumns: keyColumnsFor(this.base.rootBaseName, collectionNames),
      defaultKeyNames: keyColumnsFor(defaultRoot, defaultNames).map(({ name }) => name),
    });
    this.base.addTable(table);
    return table;
  }
}

/** The base scope that an extension site belongs to: without a leading `_ext.{key}`, cut after its last `[*]` (03 §10.4). */
function baseScopeOf(owningScope: JsonPath, key: string): JsonPath {
  const [first, second] = owningScope.segments;
  const isPrefixed =
    first?.kind === 'property' &&
    first.name === '_ext' &&
    second?.kind === 'property' &&
    second.name.toLowerCase() === key.toLowerCase();
  const segments = isPrefixed ? owningScope.segments.slice(2) : owningScope.segments;
  const last = segments.findLastIndex((segment) => segment.kind === 'anyElement');
  return pathOf(segments.slice(0, last + 1));
}

/**
 * Adds the tables of resource extensions to the drafts of their base resources: companions of base tables and collections of
 * their own, in the extension's schema (design 02 §12, 03 §10).
 */
export function deriveExtensionTables(draft: SetDraft): void {
  const bases = new Map<string, DraftResource[]>();
  for (const resource of draft.resources.values()) {
    if (resource.entry.project.isExtensionProject) continue;
    bases.set(resource.entry.resourceName, [...(bases.get(resource.entry.resourceName) ?? []), resource]);
  }
  forEachReported(
    draft.entries.concrete.filter((entry) => entry.isResourceExtension),
    (entry) => {
      const base = baseOf(entry, bases);
      const input = readResourceInput(entry);
      checkOverrideConflicts(input, base);
      base.extensions.push(input);
      draft.extensions.push({ input, base });
      new ExtensionWalk(input, base).run();
    },
  );
}
