import { resourceLabel } from '@dms/api-schema';
import { counted, DmsError, diagnostic, failIfAny } from '@dms/diagnostics';
import { compareBy, repeated } from '@dms/values';
import {
  bindingOrder,
  constraintOrder,
  edgeSourceOrder,
  orderColumns,
  type ReferenceGroup,
  tableOrder,
} from '../canonical-order.ts';
import { qualified } from '../full-names.ts';
import type { QualifiedResourceName, RelationalModelSet, ResourceModel, Table } from '../model.ts';
import { findDanglingNames } from './dangling-names.ts';
import {
  bindings,
  deleteActions,
  descriptorForeignKeys,
  documentForeignKeys,
  keyTypes,
  referencedKeys,
  storedKeyColumns,
  targetKeys,
} from './foreign-key-columns.ts';
import { InspectedModel, sameList } from './inspected-model.ts';
import { descriptorSources, referenceSources } from './sources.ts';
import { collections, columnScopes, fieldNotes, rootTables, structuralColumns, uniqueNames } from './table-shape.ts';
import { findInUnifiedColumns } from './unified-columns.ts';

/** 22: the model has every numbered resource once, and every resource that it mentions is one of them. */
function resourceSet({ model }: InspectedModel): string[] {
  const { resources, abstractIdentityTables, abstractUnionViews, effectiveSchema } = model;
  const keys = [...resources, ...abstractIdentityTables].map(({ resourceKey }) => resourceKey);
  const text = (key: (typeof keys)[number] | Omit<(typeof keys)[number], 'isAbstract'>) =>
    `${key.id} ${resourceLabel(key)}`;
  const modelled = new Set(keys.map(text));
  const numbered = new Set(effectiveSchema.resourceKeys.map(text));
  const concrete = new Set(resources.map(({ resourceKey }) => resourceLabel(resourceKey)));
  const abstract = new Set(abstractIdentityTables.map(({ resourceKey }) => resourceLabel(resourceKey)));
  return [
    ...repeated(keys.map(resourceLabel)).map((label) => `22 ${label} occurs twice`),
    ...repeated(keys.map(({ id }) => id)).map((id) => `22 the resource key ${id} occurs twice`),
    ...[...numbered].filter((key) => !modelled.has(key)).map((key) => `22 no model has the resource key ${key}`),
    ...[...modelled]
      .filter((key) => !numbered.has(key))
      .map((key) => `22 the resource key ${key} is not in the manifest`),
    ...resources.flatMap(({ resourceKey, superclass, identityElements }) => {
      if (superclass === null) return [];
      const label = resourceLabel(resourceKey);
      const target = resourceLabel(superclass.resource);
      return [
        ...(abstract.has(target) ? [] : [`22 ${label}: its superclass ${target} is not an abstract resource`]),
        ...(superclass.identityJsonPath === null || identityElements.length === 1
          ? []
          : [`22 ${label}: a renamed identity has ${counted(identityElements.length, 'path')}`]),
      ];
    }),
    ...abstractUnionViews.flatMap(({ resourceKey, unionArms, outputColumns }) => {
      const label = resourceLabel(resourceKey);
      return [
        ...(abstract.has(label) ? [] : [`22 the view of ${label} has no identity table`]),
        ...outputColumns.flatMap(({ name, targetResource, isDescriptorReference }) =>
          isDescriptorReference === (targetResource !== null)
            ? []
            : [`22 the view of ${label} contradicts itself about ${name}`],
        ),
        ...unionArms.flatMap(({ concreteMember, projections }) => [
          ...(concrete.has(resourceLabel(concreteMember))
            ? []
            : [`22 ${resourceLabel(concreteMember)}, an arm of ${label}, is not a resource`]),
          ...(projections.length === outputColumns.length
            ? []
            : [
                `22 an arm of ${label} has ${counted(projections.length, 'column')} instead of ${outputColumns.length}`,
              ]),
        ]),
      ];
    }),
  ];
}

const invariants = [
  rootTables,
  structuralColumns,
  uniqueNames,
  columnScopes,
  documentForeignKeys,
  bindings,
  targetKeys,
  keyTypes,
  storedKeyColumns,
  descriptorForeignKeys,
  deleteActions,
  canonicalOrder,
  referencedKeys,
  referenceSources,
  descriptorSources,
  resourceSet,
  fieldNotes,
  collections,
];

/**
 * Checks a derived model, as a safety net for derivation, not for input. Throws `MODEL_INVARIANT` with every finding.
 */
export function validateModel(model: RelationalModelSet): void {
  failIfAny(
    brokenInvariants(model).map((finding) =>
      diagnostic(
        'MODEL_INVARIANT',
        `The derived model for ${model.dialect} breaks an invariant: ${finding}.`,
        {},
        { violation: finding },
      ),
    ),
  );
}

/**
 * The findings of all invariants that a single model can show, with chapter and number: design 02 §18 (and its field
 * notes of §15), 03 §13 and 04 §19. Empty for every derived model.
 */
export function brokenInvariants(model: RelationalModelSet): string[] {
  const inspected = new InspectedModel(model);
  return [
    ...invariants.flatMap((invariant) => invariant(inspected)).map((text) => `02 §18 ${text}`),
    ...findDanglingNames(inspected).map((text) => `03 §13 ${text}`),
    ...findInUnifiedColumns(inspected).map((text) => `04 §19 ${text}`),
  ];
}

/** Whether the items are in order. */
function isSorted<Item>(items: readonly Item[], order: (a: Item, b: Item) => number): boolean {
  for (let index = 1; index < items.length; index += 1)
    if (order(items[index - 1] as Item, items[index] as Item) > 0) return false;
  return true;
}

const byResourceKey = compareBy<{ readonly resourceKey: QualifiedResourceName }>(
  ({ resourceKey }) => resourceKey.projectName,
  ({ resourceKey }) => resourceKey.resourceName,
);

const byStorageColumn = compareBy<ResourceModel['descriptorFkDeduplications'][number]>(
  ({ table }) => table.schema,
  ({ table }) => table.name,
  ({ storageColumn }) => storageColumn,
  ({ bindingColumns }) => bindingColumns.join('|'),
);

const bySourcePath = compareBy<ResourceModel['decimalPrecisionFallbacks'][number]>(
  ({ sourcePath }) => sourcePath.canonical,
  ({ reason }) => reason,
);

/**
 * The names of the columns in their order; undefined if dangling aliases make an order impossible, which 04 §19
 * reports.
 */
function columnOrder(table: Table, groups: readonly ReferenceGroup[]): string[] {
  try {
    return orderColumns(qualified(table.table), table.key, table.columns, groups).map(({ name }) => name);
  } catch (error) {
    if (error instanceof DmsError) return [];
    throw error;
  }
}

/** 16: everything is in the order of §13, so sorting again changes nothing. */
function canonicalOrder(inspected: InspectedModel): string[] {
  const { resources } = inspected.model;
  const faults: string[] = [];
  const check = (holds: boolean, text: () => string) => {
    if (!holds) faults.push(`16 ${text()}`);
  };
  check(isSorted(resources, byResourceKey), () => 'resources');
  check(isSorted(inspected.model.abstractIdentityTables, byResourceKey), () => 'abstract identity tables');
  check(isSorted(inspected.model.abstractUnionViews, byResourceKey), () => 'union views');
  for (const resource of resources) {
    const label = () => resourceLabel(resource.resourceKey);
    const tables = resource.tablesInDependencyOrder;
    check(isSorted(tables, tableOrder), () => `tables of ${label()}`);
    check(isSorted(resource.documentReferenceBindings, bindingOrder), () => `reference bindings of ${label()}`);
    check(isSorted(resource.descriptorEdgeSources, edgeSourceOrder), () => `descriptor edge sources of ${label()}`);
    check(
      isSorted(resource.descriptorFkDeduplications, byStorageColumn),
      () => `descriptor key deduplications of ${label()}`,
    );
    check(isSorted(resource.decimalPrecisionFallbacks, bySourcePath), () => `decimal fallbacks of ${label()}`);
    for (const table of tables) {
      const name = () => qualified(table.table);
      const actual = table.columns.map((column) => column.name);
      const groups = inspected.index.bindingsOn(table).map(({ fkColumn, identityBindings }) => ({
        fkColumn,
        identityColumns: identityBindings.map(({ column }) => column),
      }));
      const again = columnOrder(table, groups);
      check(sameList(actual, again), () => `columns of ${name()}: ${actual.join(', ')} are not in their order`);
      check(isSorted(table.constraints, constraintOrder), () => `constraints of ${name()}`);
    }
  }
  return faults;
}
