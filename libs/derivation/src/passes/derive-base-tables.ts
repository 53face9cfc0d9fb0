import { type JsonPath, rootPath } from '@dms/api-schema';
import { pascalCase } from '@dms/model';
import { DraftTable, documentTable } from '../draft/draft-table.ts';
import type { DraftResource, ModelDraft } from '../draft/model-draft.ts';
import type { ObjectNode } from '../input/insert-schema.ts';
import type { OverrideLookup } from '../input/name-overrides.ts';
import { failResource, resourceDiagnostic } from '../input/resource-entry.ts';
import type { ResourceInput } from '../input/resource-input.ts';
import { type CollectionContext, defaultCollectionName, reduceCollectionOverride } from '../naming/collection-name.ts';

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

/**
 * Creates the root table and one child table per array outside `_ext`, with keys and structural foreign keys (design 02
 * §6.5, §6.6). Objects create no table and add nothing to a name.
 */
export function deriveBaseTables(draft: ModelDraft, resource: DraftResource): void {
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
