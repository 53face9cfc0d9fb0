import { resourceLabel } from '@dms/api-schema';
import { counted, diagnostic, failIfAny } from '@dms/diagnostics';
import { repeated } from '@dms/files';
import type { RelationalModelSet } from '../model.ts';
import { findDanglingNames } from './dangling-names.ts';
import { deleteActions, descriptorForeignKeys, keyTypes, storedKeyColumns } from './foreign-key-columns.ts';
import { InspectedModel } from './inspected-model.ts';
import { canonicalOrder } from './ordering.ts';
import { bindings, documentForeignKeys, referencedKeys, targetKeys } from './reference-columns.ts';
import { descriptorSources, referenceSources } from './sources.ts';
import { collections, columnScopes, fieldNotes, rootTables, structuralColumns, uniqueNames } from './table-shape.ts';
import { findInUnifiedColumns } from './unified-columns.ts';

/** 22: the model has every numbered resource once, and every resource that it names is one of them. */
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
 * The findings of the invariants 3, 5–7, 9–16, 18 and 20–22 of design 02 §18 (and of the field notes of §15) in a
 * model. Each entry starts with the number of the invariant. Empty for every derived model.
 */
export function modelFindings(model: RelationalModelSet): string[] {
  return runInvariants(new InspectedModel(model));
}

const runInvariants = (inspected: InspectedModel) => invariants.flatMap((invariant) => invariant(inspected));

/**
 * The findings of all invariants that a single model can show, with chapter and number: design 02 §18, 03 §13 and 04
 * §19.
 */
export function brokenInvariants(model: RelationalModelSet): string[] {
  const inspected = new InspectedModel(model);
  return [
    ...runInvariants(inspected).map((text) => `02 §18 ${text}`),
    ...findDanglingNames(inspected).map((text) => `03 §13 ${text}`),
    ...findInUnifiedColumns(inspected).map((text) => `04 §19 ${text}`),
  ];
}

/**
 * Checks a derived model, as a safety net for derivation, not for input. Throws `MODEL_INVARIANT` for every finding.
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
