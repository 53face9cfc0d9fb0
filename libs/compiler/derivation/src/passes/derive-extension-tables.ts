import { type JsonPath, pathOf } from '@dms/api-schema';
import { alternatives, listOfNames } from '@dms/diagnostics';
import { pascalCase, singularize, type TableKind } from '@dms/model';
import { groupBy } from '@dms/values';
import { DraftTable } from '../draft/draft-table.ts';
import { type DraftResource, descriptorPathsOf, type ModelDraft } from '../draft/model-draft.ts';
import { type ArrayNode, isRefusedAround, type ObjectNode, type SchemaNode } from '../input/insert-schema.ts';
import { failResource, findProjectKey, type ResourceEntries, type ResourceEntry } from '../input/resource-entry.ts';
import { type ResourceInput, readResourceInput } from '../input/resource-input.ts';
import { type CollectionContext, defaultCollectionName } from '../naming/collection-name.ts';
import {
  addParentForeignKey,
  addValueColumn,
  checkDescriptorPathsMet,
  collectionBaseName,
  superclassBaseNameOf,
  type ValueColumnContext,
} from './derive-resources.ts';

/** The state of a walk over an extension schema: the current table (none outside `_ext`) and the names on the way. */
interface ExtensionPlace {
  readonly table: DraftTable | undefined;
  readonly prefix: readonly string[];
  readonly optional: boolean;
}

/**
 * Adds the tables of resource extensions to the drafts of their base resources: companions of base tables and
 * collections of their own, in the extension's schema (design 02 §12, 03 §10).
 */
export function deriveExtensionTables(draft: ModelDraft): void {
  const bases = groupBy(
    [...draft.resources.values()].filter(({ entry }) => !entry.project.isExtensionProject),
    ({ entry }) => entry.resourceName,
  );
  draft.diagnostics.forEach(
    draft.entries.concrete.filter((entry) => entry.isResourceExtension),
    (entry) => {
      const base = draft.diagnostics.attempt(() => findBase(draft, entry, bases));
      const paths = descriptorPathsOf(draft, entry).extension;
      const input = readResourceInput(entry, draft.documentPaths, paths, draft.rules, draft.diagnostics);
      if (!base) return;
      draft.diagnostics.attempt(() => checkOverrideConflicts(input, base));
      base.extensions.push(input);
      draft.extensions.push({ input, base });
      new ExtensionWalk(draft, input, base).run();
    },
  );
}

/** The only concrete resource with that name outside extension projects (design 03 §10.1). */
function findBase(
  { isWhole, entries }: ModelDraft,
  entry: ResourceEntry,
  bases: ReadonlyMap<string, readonly DraftResource[]>,
): DraftResource | undefined {
  if (!entry.project.isExtensionProject) {
    failResource(
      'EXTENSION_NOT_IN_EXTENSION_PROJECT',
      entry.label,
      'a resource extension must be in an extension project',
    );
  }
  const found = bases.get(entry.resourceName) ?? [];
  const [base, ...others] = found;
  // the base may be in a part that could not be read
  if (!base && !isWhole) return undefined;
  if (!base || others.length > 0) {
    const candidates = found.map((candidate) => candidate.label).sort();
    const text = `it extends "${entry.resourceName}", but ${base ? `several core resources have that name: ${listOfNames(candidates)}` : `no core resource has that name${missingBase(entry, entries, bases)}`}`;
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

/** The end of the sentence: a similar name, or the extension project that has the resource. */
function missingBase(
  { resourceName }: ResourceEntry,
  { concrete }: ResourceEntries,
  bases: ReadonlyMap<string, unknown>,
): string {
  const owner = concrete.find((other) => other.resourceName === resourceName && !other.isResourceExtension);
  return owner
    ? `; ${owner.label} belongs to an extension, and only resources of the core can be extended.`
    : alternatives(resourceName, bases.keys());
}

function checkOverrideConflicts(input: ResourceInput, base: DraftResource): void {
  const shared = [...base.input.overrides.byPath.keys()].filter((path) => input.overrides.byPath.has(path));
  if (shared.length === 0) return;
  const text = `it and its base ${base.label} both override ${shared.join(', ')}`;
  failResource('OVERRIDE_CONFLICT', input.label, text, shared[0], { base: base.label, paths: shared });
}

/** Places without a table of the extension: outside `_ext`, and inside a copy of a base collection. */
const outside: ExtensionPlace = { table: undefined, prefix: [], optional: false };

class ExtensionWalk {
  private readonly context: ValueColumnContext;
  private readonly draft: ModelDraft;
  private readonly input: ResourceInput;
  private readonly base: DraftResource;

  constructor(draft: ModelDraft, input: ResourceInput, base: DraftResource) {
    this.draft = draft;
    this.input = input;
    this.base = base;
    this.context = {
      resource: base,
      input,
      descriptorPaths: descriptorPathsOf(draft, input.entry).extension,
      overrides: base.overridesFor(input),
      met: new Set(),
      diagnostics: draft.diagnostics,
      decimals: 'required',
      checksIdentity: false,
    };
  }

  run(): void {
    this.visitObject(this.input.insertSchema.root, outside);
    checkDescriptorPathsMet(this.context);
  }

  private get extensionRoot(): string {
    return `${this.base.rootBaseName}Extension`;
  }

  private collectionContext(parentBaseNames: readonly string[]): CollectionContext {
    return {
      rootBaseName: this.extensionRoot,
      parentBaseNames,
      additionalRoots: [this.base.rootBaseName],
      superclassBaseName: superclassBaseNameOf(this.input),
    };
  }

  private visitObject(object: ObjectNode, at: ExtensionPlace): void {
    for (const [name, { node, isRequired }] of object.properties) {
      const optional = node.isNullable || at.optional || !isRequired;
      if (name === '_ext') {
        this.draft.diagnostics.attempt(() => this.visitSite(node, object.path, optional));
        continue;
      }
      if (name === 'link' && this.input.referenceObjectPaths.has(object.path.canonical)) continue;
      const prefix = [...at.prefix, name];
      if (node.kind === 'object') this.visitObject(node, { table: at.table, prefix, optional });
      else if (node.kind === 'array') this.draft.diagnostics.attempt(() => this.visitArray(node, name, at.table));
      else if (at.table) addValueColumn(this.context, at.table, { node, segments: prefix, isNullable: optional });
      else this.meet(node);
    }
  }

  /** Marks the descriptor path of a scalar whose column belongs to the base as found. */
  private meet({ path }: SchemaNode): void {
    if (this.context.descriptorPaths.has(path.canonical)) this.context.met.add(path.canonical);
  }

  private visitArray({ items }: ArrayNode, name: string, owner: DraftTable | undefined): void {
    if (!owner) {
      if (items.kind === 'object') this.visitObject(items, outside);
      else this.meet(items);
      return;
    }
    const mirrorsBaseCollection = items.kind === 'object' && items.properties.has('_ext');
    if (mirrorsBaseCollection) {
      this.visitObject(items, outside);
      return;
    }
    const table = this.addCollectionTable(owner, name, items.path);
    if (items.kind === 'object') this.visitObject(items, { ...outside, table });
    else
      addValueColumn(this.context, table, { node: items, segments: [singularize(name)], isNullable: items.isNullable });
  }

  /** Visits an `_ext` property: finds the project's part of it and its table, a companion of the base table. */
  private visitSite(site: SchemaNode, owningScope: JsonPath, optional: boolean): void {
    const { label, entry } = this.input;
    if (site.kind !== 'object' || !site.declares.properties)
      return failResource(
        'EXTENSION_SITE_INVALID',
        label,
        `"_ext" at ${site.location} needs an object "properties"`,
        site.location,
      );
    const key = findProjectKey(entry.project, site.properties.keys());
    const property = key === undefined ? undefined : site.properties.get(key);
    if (key === undefined || !property) {
      // the key may be the one whose schema was reported because it is not an object
      if (isRefusedAround(this.input.insertSchema, site.path.canonical)) return;
      const candidates = [...site.properties.keys()];
      const text = `no key under "_ext" of ${owningScope.canonical} (${site.location}) belongs to the project ${entry.project.projectEndpointName}; it has: ${listOfNames(candidates)}`;
      return failResource('EXTENSION_KEY_UNRESOLVED', label, text, site.location, {
        endpoint: entry.project.projectEndpointName,
        owningScope: owningScope.canonical,
        candidates,
      });
    }
    const { node, isRequired } = property;
    if (node.kind !== 'object') {
      const text = `the extension schema at ${node.location} must be an object`;
      return failResource('EXTENSION_SITE_INVALID', label, text, node.location);
    }
    const table = this.alignedTable(node.path, owningScope, key);
    this.visitObject(node, { table, prefix: [], optional: optional || !isRequired || node.isNullable });
  }

  private alignedTable(scope: JsonPath, owningScope: JsonPath, key: string): DraftTable {
    const [existing] = this.base.tablesAt(scope);
    if (existing) return existing;
    const baseScope = findBaseScope(owningScope, key);
    const [baseTable] = this.base.tablesAt(baseScope);
    if (!baseTable) {
      const places = placesOfCollection(this.draft, this.base, baseScope);
      const moved =
        places.length === 0
          ? ''
          : `; a collection of this name is in ${listOfNames(places)}: extend it there if it has moved`;
      const text = `the extension scope ${scope.canonical} belongs to ${baseScope.canonical}, which is not a collection of ${this.base.label}${moved}`;
      return failResource('EXTENSION_BASE_TABLE_MISSING', this.input.label, text, scope.canonical, {
        base: this.base.label,
        extensionScope: scope.canonical,
        baseScope: baseScope.canonical,
        ...(places.length === 0 ? {} : { places }),
      });
    }
    const kind = baseTable.kind === 'Root' ? 'RootExtension' : 'CollectionExtensionScope';
    return this.addTable(scope, kind, baseTable, this.baseCollectionNames(baseScope));
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
    return this.addTable(scope, 'ExtensionCollection', parent, [...parent.collectionNames, baseName]);
  }

  private addTable(
    scope: JsonPath,
    kind: TableKind,
    parent: DraftTable,
    collectionNames: readonly string[],
  ): DraftTable {
    const defaultNames = scope.segments.flatMap((segment, index) => {
      const isArray = segment.kind === 'property' && scope.segments[index + 1]?.kind === 'anyElement';
      return isArray ? [defaultCollectionName(segment.name)] : [];
    });
    const defaultRoot = pascalCase(this.base.entry.resourceName);
    const place = { kind, parentKind: parent.kind };
    const table = new DraftTable({
      table: { schema: this.input.entry.project.physicalSchema, name: this.extensionRoot + collectionNames.join('') },
      scope,
      origin: {
        defaultName: `${defaultRoot}Extension${defaultNames.join('')}`,
        label: this.input.label,
        path: scope.canonical,
      },
      collectionNames,
      shape: this.draft.rules.tableShape(
        { ...place, rootBaseName: this.base.rootBaseName, collectionNames },
        { ...place, rootBaseName: defaultRoot, collectionNames: defaultNames },
      ),
    });
    this.base.addTable(table);
    addParentForeignKey(this.draft, table, parent);
    return table;
  }
}

/** The base scope of an extension site: without a leading `_ext.{key}`, up to its last `[*]` (03 §10.4). */
function findBaseScope(owningScope: JsonPath, key: string): JsonPath {
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
 * The places where the core has a collection with the same name as `scope`: a new version of the standard may have
 * moved it there. If resources have a name with the same first word as the base, only these are returned.
 */
function placesOfCollection({ resources }: ModelDraft, base: DraftResource, scope: JsonPath): readonly string[] {
  const end = /\.[^.[]+\[\*\]$/.exec(scope.canonical)?.[0];
  if (end === undefined) return [];
  const found = [...resources.values()]
    .filter(({ entry }) => !entry.project.isExtensionProject)
    .flatMap(({ label, entry, tables }) =>
      tables
        .filter(({ kind, scope: place }) => kind === 'Collection' && place.canonical.endsWith(end))
        .map(({ scope: place }) => ({ name: `${label}.${place.canonical}`, word: firstWord(entry.resourceName) })),
    );
  const near = found.filter(({ word }) => word === firstWord(base.entry.resourceName));
  return (near.length > 0 ? near : found).map(({ name }) => name).sort();
}

/** The first word of a name: `Student` of `StudentDirectory`. */
const firstWord = (name: string) => /^\p{Lu}?\P{Lu}*/u.exec(name)?.[0] ?? name;
