import { childPath, type JsonPath, resourceLabel, rootPath } from '@dms/api-schema';
import { alternatives, append, type DiagnosticCollector, listOfNames } from '@dms/diagnostics';
import {
  type DecimalPrecisionFallback,
  type ExtensionSite,
  isDescriptorRoleNamed,
  pascalCase,
  pascalCaseAll,
  type QualifiedResourceName,
  type ScalarType,
  singularize,
} from '@dms/model';
import { compareBy } from '@dms/values';
import { DraftTable, documentTable } from '../draft/draft-table.ts';
import { DraftResource, descriptorPathsOf, type ModelDraft } from '../draft/model-draft.ts';
import {
  type ArrayNode,
  isRefused,
  type ObjectNode,
  type ScalarNode,
  type SchemaNode,
} from '../input/insert-schema.ts';
import type { OverrideLookup } from '../input/name-overrides.ts';
import { failResource, missingProject, resolveProjectKey, resourceDiagnostic } from '../input/resource-entry.ts';
import { type ResourceInput, readResourceInput } from '../input/resource-input.ts';
import { deriveScalarType, int64Type, stringType } from '../input/scalar-type.ts';
import { type CollectionContext, defaultCollectionName, reduceCollectionOverride } from '../naming/collection-name.ts';
import { descriptorColumn } from '../naming/constraint-name.ts';

/**
 * For each resource that is not an extension: reads and checks its schema, records extension sites, creates tables and
 * columns (design 02 §5–§7).
 */
export function deriveResources(draft: ModelDraft): void {
  const keys = new Map(draft.set.info.resourceKeys.map((key) => [resourceLabel(key), key]));
  const entries = draft.entries.concrete.filter((entry) => !entry.isResourceExtension);
  draft.diagnostics.forEach(entries, (entry) => {
    // the first of two resources with the same name is kept
    if (draft.resources.has(entry.label)) return;
    const resourceKey = keys.get(entry.label);
    if (!resourceKey) throw new Error(`${entry.label} has no resource key`);
    const resource = new DraftResource(
      readResourceInput(
        entry,
        draft.documentPaths,
        descriptorPathsOf(draft, entry).base,
        draft.rules,
        draft.diagnostics,
      ),
      resourceKey,
    );
    draft.resources.set(entry.label, resource);
    findExtensionSites(draft, resource);
    deriveBaseTables(draft, resource);
    deriveBaseColumns(draft, resource);
  });
}

/**
 * Records the places where a base schema itself has `_ext` (design 02 §6.4, 03 §10.7). For information only: no tables
 * follow from it.
 */
function findExtensionSites(draft: ModelDraft, resource: DraftResource): void {
  const sites: ExtensionSite[] = [];
  const visit = (object: ObjectNode): void => {
    for (const [name, { node }] of object.properties) {
      if (name === '_ext')
        append(sites, draft.diagnostics.attempt(() => [readSite(draft, resource, object.path, node)]) ?? []);
      else if (node.kind === 'object') visit(node);
      else if (node.kind === 'array' && node.items.kind === 'object') visit(node.items);
    }
  };
  visit(resource.input.insertSchema.root);
  resource.extensionSites = sites.sort(
    compareBy(
      (site) => site.owningScope.canonical,
      (site) => site.extensionPath.canonical,
      (site) => site.projectKeys.join('|'),
    ),
  );
}

function readSite(
  draft: ModelDraft,
  { label }: DraftResource,
  owningScope: JsonPath,
  extension: SchemaNode,
): ExtensionSite {
  const { location } = extension;
  if (extension.kind !== 'object' || !extension.declares.properties) {
    const text = `"_ext" at ${location} needs "properties" whose values are objects`;
    return failResource('EXTENSION_SITE_INVALID', label, text, location);
  }
  const projectKeys = [...extension.properties.keys()];
  const extensionPath = childPath(owningScope, '_ext');
  draft.diagnostics.forEach(projectKeys, (key) => {
    const resolved = resolveProjectKey(key, draft.entries.projects);
    if ('project' in resolved || (resolved.candidates.length === 0 && !draft.isWhole)) return;
    const extensions = draft.entries.projects.filter((project) => project.isExtensionProject);
    const found =
      resolved.candidates.length > 0
        ? `; it could be: ${listOfNames(resolved.candidates)}`
        : missingProject(
            key,
            extensions.map((project) => project.projectEndpointName),
          );
    const text = `the key "${key}" under ${extensionPath.canonical} (${location}) names no single extension project of the set${found}`;
    failResource('EXTENSION_KEY_UNRESOLVED', label, text, extensionPath.canonical, {
      key,
      owningScope: owningScope.canonical,
      extensionPath: extensionPath.canonical,
      candidates: resolved.candidates,
    });
  });
  return { owningScope, extensionPath, projectKeys };
}

/**
 * Creates the root table and one child table per array outside `_ext`, with keys and structural foreign keys (design 02
 * §6.5, §6.6). Objects create no table and add nothing to a name.
 */
function deriveBaseTables(draft: ModelDraft, resource: DraftResource): void {
  const { input, entry } = resource;
  const schema = entry.project.physicalSchema;
  const defaultRoot = pascalCase(entry.resourceName);
  resource.rootBaseName = input.overrides.rootTableName ?? defaultRoot;
  if (resource.rootBaseName === '') {
    const text = 'the resource name has no letter or digit to name a table with';
    draft.diagnostics.add([resourceDiagnostic('NAME_EMPTY', resource.label, text, '$')]);
  }
  const superclassBaseName = superclassBaseNameOf(input);
  const overrides = resource.overridesFor(input);

  const addTable = (
    scope: JsonPath,
    parent: DraftTable | undefined,
    collectionNames: readonly string[],
    defaultNames: readonly string[],
  ): DraftTable => {
    const place = { kind: parent ? 'Collection' : 'Root', parentKind: parent?.kind } as const;
    const table = new DraftTable({
      table: { schema, name: resource.rootBaseName + collectionNames.join('') },
      scope,
      origin: { defaultName: defaultRoot + defaultNames.join(''), label: resource.label, path: scope.canonical },
      collectionNames,
      shape: draft.rules.tableShape(
        { ...place, rootBaseName: resource.rootBaseName, collectionNames },
        { ...place, rootBaseName: defaultRoot, collectionNames: defaultNames },
      ),
    });
    resource.addTable(table);
    return table;
  };

  const visit = (object: ObjectNode, owner: DraftTable, defaultNames: readonly string[]): void => {
    for (const [name, { node }] of object.properties) {
      if (name === '_ext') continue;
      if (node.kind === 'object') visit(node, owner, defaultNames);
      if (node.kind !== 'array') continue;
      const { items } = node;
      const baseName = draft.diagnostics.attempt(() =>
        collectionBaseName(resource.label, name, items.path, overrides, {
          rootBaseName: resource.rootBaseName,
          parentBaseNames: owner.collectionNames,
          additionalRoots: [],
          superclassBaseName,
        }),
      );
      if (baseName === undefined) continue;
      const names = [...defaultNames, defaultCollectionName(name)];
      const child = addTable(items.path, owner, [...owner.collectionNames, baseName], names);
      addParentForeignKey(draft, child, owner);
      if (items.kind === 'object') visit(items, child, names);
    }
  };

  const root = addTable(rootPath, undefined, [], []);
  addDocumentForeignKey(root);
  visit(input.insertSchema.root, root, []);
}

/**
 * Adds a column for every scalar outside `_ext` that is not part of a reference (design 02 §7). Objects are inlined,
 * with their name as a prefix. Optionality passes through objects, but not through arrays.
 */
function deriveBaseColumns(draft: ModelDraft, resource: DraftResource): void {
  const { input } = resource;
  const context: ValueColumnContext = {
    resource,
    input,
    descriptorPaths: descriptorPathsOf(draft, resource.entry).base,
    overrides: resource.overridesFor(input),
    met: new Set(),
    diagnostics: draft.diagnostics,
    decimals: { onFallback: (reason, path) => resource.decimalPrecisionFallbacks.push({ sourcePath: path, reason }) },
    checksIdentity: true,
  };

  const visitItems = ({ items }: ArrayNode, name: string): void => {
    const [child] = resource.tablesAt(items.path);
    // the array has no table if its name has an error
    if (!child) return;
    if (items.kind === 'object') visit(items, child, [], false);
    else addValueColumn(context, child, { node: items, segments: [singularize(name)], isNullable: items.isNullable });
  };

  const visit = (object: ObjectNode, table: DraftTable, prefix: readonly string[], optional: boolean): void => {
    for (const [name, { node, isRequired }] of object.properties) {
      if (name === '_ext') continue;
      if (name === 'link' && input.referenceObjectPaths.has(object.path.canonical)) continue;
      const nullable = node.isNullable || optional || !isRequired;
      if (node.kind === 'object') visit(node, table, [...prefix, name], nullable);
      else if (node.kind === 'scalar')
        addValueColumn(context, table, { node, segments: [...prefix, name], isNullable: nullable });
      else visitItems(node, name);
    }
  };

  visit(input.insertSchema.root, resource.root, [], false);
  checkDescriptorPathsMet(context);
}

/** The collection base name of an array, from its override at `path` or by default. */
export function collectionBaseName(
  label: string,
  arrayProperty: string,
  path: JsonPath,
  overrides: OverrideLookup,
  context: CollectionContext,
): string {
  const override = overrides.find('collection', path);
  if (override === undefined) {
    const name = defaultCollectionName(arrayProperty);
    if (name === '')
      failResource(
        'NAME_EMPTY',
        label,
        `the array ${path.canonical} gives an empty table name; add an override`,
        path.canonical,
      );
    return name;
  }
  const reduced = reduceCollectionOverride(arrayProperty, override, context);
  if ('baseName' in reduced) return reduced.baseName;
  const text = `the override "${override}" of ${path.canonical} is nothing but the implied prefix "${reduced.equalsPrefix}"`;
  return failResource('OVERRIDE_EQUALS_PREFIX', label, text, path.canonical, {
    path: path.canonical,
    prefix: reduced.equalsPrefix,
  });
}

/** Adds the foreign key from a table to the table of its parent rows. */
export function addParentForeignKey({ rules }: ModelDraft, table: DraftTable, parent: DraftTable): void {
  table.addConstraint({
    kind: 'ForeignKey',
    purpose: { kind: 'Parent' },
    ...rules.parentKey(table, parent),
    target: parent,
    onDelete: 'Cascade',
  });
}

export function addDocumentForeignKey(table: DraftTable): void {
  table.addConstraint({
    kind: 'ForeignKey',
    purpose: { kind: 'Document' },
    columns: [table.documentId],
    target: documentTable,
    targetColumns: [documentTable.documentId],
    onDelete: 'Cascade',
  });
}

/** The name of the superclass that collection overrides may repeat (design 03 §4.3). */
export function superclassBaseNameOf({ superclass: { resourceName } }: ResourceInput): string | null {
  return resourceName === undefined ? null : pascalCase(resourceName);
}

/** The context of a walk over an insert schema that adds columns. */
export interface ValueColumnContext {
  /** The resource whose tables get the columns; for an extension its base. */
  readonly resource: DraftResource;
  /** The schema of the walk: of the resource or of an extension. */
  readonly input: ResourceInput;
  readonly descriptorPaths: ReadonlyMap<string, QualifiedResourceName>;
  readonly overrides: OverrideLookup;
  /** Descriptor paths that the walk has found. */
  readonly met: Set<string>;
  readonly diagnostics: DiagnosticCollector;
  readonly decimals:
    | 'required'
    | { readonly onFallback: (reason: DecimalPrecisionFallback['reason'], path: JsonPath) => void };
  readonly checksIdentity: boolean;
}

/** A scalar that gets a column; `segments` are the names from the scope of its table to the value. */
interface ColumnValue {
  readonly node: ScalarNode;
  readonly segments: readonly string[];
  readonly isNullable: boolean;
}

/**
 * Adds the column of one scalar (design 02 §7.2): none for a part of a reference, `{base}_DescriptorId` for a
 * descriptor, else `{base}`.
 */
export function addValueColumn(context: ValueColumnContext, table: DraftTable, value: ColumnValue): void {
  context.diagnostics.attempt(() => addColumn(context, table, value));
}

/** The type of a column whose schema has no valid type, which was reported. */
const unknownType = stringType(1);

function addColumn(context: ValueColumnContext, table: DraftTable, { node, segments, isNullable }: ColumnValue): void {
  const { input } = context;
  const { path } = node;
  const descriptor = context.descriptorPaths.get(path.canonical);
  if (descriptor) context.met.add(path.canonical);
  if (input.referencePaths.has(path.canonical)) return;
  if (context.checksIdentity && isNullable && input.identity.has(path.canonical)) {
    const text = `the identity path ${path.canonical} may be absent; it and the objects around it must be required`;
    context.diagnostics.add([resourceDiagnostic('IDENTITY_NULLABLE', input.label, text, path.canonical)]);
  }
  const defaultName = pascalCaseAll(segments);
  const baseName = context.overrides.find('column', path) ?? defaultName;
  if (baseName === '')
    failResource(
      'NAME_EMPTY',
      input.label,
      `${path.canonical} gives an empty column name; add an override`,
      path.canonical,
    );
  const columnName = (base: string) => (descriptor ? descriptorColumn(base) : base);
  const column = table.addColumn({
    name: columnName(baseName),
    kind: descriptor ? 'DescriptorFk' : 'Scalar',
    scalarType: descriptor ? int64Type : (context.diagnostics.attempt(() => scalarType(context, node)) ?? unknownType),
    isNullable,
    sourcePath: path,
    targetResource: descriptor ?? null,
    storage: { kind: 'Stored' },
    origin: { defaultName: columnName(defaultName), label: input.label, path: path.canonical },
  });
  if (!descriptor) return;
  context.resource.edgeSources.push({
    isIdentityComponent: input.identity.has(path.canonical),
    isRequired: !isNullable,
    isRoleNamed: isDescriptorRoleNamed(path, descriptor.resourceName),
    descriptorValuePath: path,
    table,
    fkColumn: column,
    descriptorResource: descriptor,
  });
}

function scalarType({ input, decimals }: ValueColumnContext, node: ScalarNode): ScalarType {
  const policy =
    decimals === 'required'
      ? decimals
      : { onFallback: (reason: DecimalPrecisionFallback['reason']) => decimals.onFallback(reason, node.path) };
  return deriveScalarType(input.label, node, input.decimalInfos, policy);
}

/** Reports descriptor paths of a context that the walk did not find (design 02 §7.2). */
export function checkDescriptorPathsMet({ input, descriptorPaths, met, diagnostics }: ValueColumnContext): void {
  const [first, ...others] = [...descriptorPaths.keys()]
    .filter((path) => !met.has(path) && !isRefused(input.insertSchema, path))
    .sort();
  if (first === undefined) return;
  const near = others.length === 0 ? alternatives(first, input.insertSchema.nodes.keys()) : '';
  const text = `descriptor paths that jsonSchemaForInsert does not have: ${[first, ...others].join(', ')}${near}`;
  const details = { paths: [first, ...others] };
  diagnostics.add([resourceDiagnostic('DESCRIPTOR_PATH_NOT_IN_SCHEMA', input.label, text, first, details)]);
}
