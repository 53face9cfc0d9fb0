import { resourceLabel } from '@dms/api-schema';
import { repeated } from '@dms/canonical-json';
import type { InspectedModel } from './inspected-model.ts';

/** 22: the model has every numbered resource once, and every resource that it names is one of them. */
export function resourceSet({ model }: InspectedModel): string[] {
  const { resources, abstractIdentityTables, abstractUnionViews, effectiveSchema } = model;
  const keys = [...resources, ...abstractIdentityTables].map(({ resourceKey }) => resourceKey);
  const text = (key: (typeof keys)[number] | Omit<(typeof keys)[number], 'isAbstract'>) => `${key.id} ${resourceLabel(key)}`;
  const modelled = new Set(keys.map(text));
  const numbered = new Set(effectiveSchema.resourceKeys.map(text));
  const concrete = new Set(resources.map(({ resourceKey }) => resourceLabel(resourceKey)));
  const abstract = new Set(abstractIdentityTables.map(({ resourceKey }) => resourceLabel(resourceKey)));
  return [
    ...repeated(keys.map(resourceLabel)).map((label) => `22 ${label} occurs twice`),
    ...repeated(keys.map(({ id }) => id)).map((id) => `22 the resource key ${id} occurs twice`),
    ...[...numbered].filter((key) => !modelled.has(key)).map((key) => `22 no model has the resource key ${key}`),
    ...[...modelled].filter((key) => !numbered.has(key)).map((key) => `22 the resource key ${key} is not in the manifest`),
    ...resources.flatMap(({ resourceKey, superclass, identityElements }) => {
      if (superclass === null) return [];
      const label = resourceLabel(resourceKey);
      const target = resourceLabel(superclass.resource);
      return [
        ...(abstract.has(target) ? [] : [`22 ${label}: its superclass ${target} is not an abstract resource`]),
        ...(superclass.identityJsonPath === null || identityElements.length === 1
          ? []
          : [`22 ${label}: a renamed identity has ${identityElements.length} paths`]),
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
            : [`22 an arm of ${label} has ${projections.length} columns instead of ${outputColumns.length}`]),
        ]),
      ];
    }),
  ];
}
