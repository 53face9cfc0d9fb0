import { resourceLabel } from '@dms/api-schema';
import { fail, nearestName } from '@dms/diagnostics';
import { deriveInventory, type Inventory } from '@dms/inventory';
import {
  Identities,
  identityBlocksByResource,
  modelIndex,
  mustExist,
  type QualifiedResourceName,
  qualified,
} from '@dms/model';
import { documentRulesOf, getReadPlan, getWritePlan, type MappingSet } from '@dms/plans';
import { once, type TextEquality } from '@dms/values';
import { generations } from './generations.ts';
import { ReferentialIds } from './identity/referential-id.ts';
import type { DocumentPlans, ResourcePlans } from './resource-plans.ts';
import { resourceShape } from './resource-shape.ts';

function unknownResource(mappingSet: MappingSet, label: string): never {
  const { resources, abstracts, relational } = modelIndex(mappingSet.model);
  if (resources.has(label))
    return fail(
      'DOCUMENT_RESOURCE_UNKNOWN',
      `${label} is a descriptor; descriptors are seeded, not written as documents.`,
      {
        resource: label,
      },
    );
  if (abstracts.has(label))
    return fail('DOCUMENT_RESOURCE_UNKNOWN', `${label} is abstract; name one of its concrete resources.`, {
      resource: label,
    });
  const names = relational.map(({ resourceKey }) => resourceLabel(resourceKey));
  const { nearest, hint } = nearestName(label, names);
  // a name without a project has the label `:Student`
  const text = `The mapping set has no resource ${label.replace(/^:/, '')}${hint}`;
  return fail('DOCUMENT_RESOURCE_UNKNOWN', text, { resource: label }, { resource: label, nearest });
}

/**
 * The same plans for comparing documents where no database is asked which identities are equal (design 22 §6). Texts are
 * equal as `equality` says, or else as in the databases of the plans.
 */
export function plansInMemory(
  plans: DocumentPlans,
  equality: TextEquality = documentRulesOf(plans.version).textEquality[plans.dialect],
): DocumentPlans {
  const texts = generations[plans.version].textsInMemory?.[equality];
  return texts ? { ...plans, texts, referentialIds: new ReferentialIds(texts) } : plans;
}

/**
 * Prepares a mapping set for operations on documents (design 14); each resource is prepared at its first use. Without
 * `given`, the inventory is derived from the model, but only when identities are needed. Reading needs none, so the
 * mapping set of a pack, which has no inventory (design 08 §12.3), is enough for reading.
 */
export function documentPlans(mappingSet: MappingSet, given?: Inventory): DocumentPlans {
  const inventory = once(() => given ?? deriveInventory(mappingSet.model));
  const blocks = once(() => identityBlocksByResource(mappingSet.model));
  const identities = new Identities(mappingSet.model);
  const index = modelIndex(mappingSet.model);
  const prepared = new Map<string, ResourcePlans>();
  const version = mappingSet.key.relationalMappingVersion;
  const { texts } = generations[version];
  const projections = once(
    () =>
      new Map(
        inventory().triggers.flatMap(({ kind, table, identityProjectionColumns }) =>
          kind === 'DocumentStamping' ? [[qualified(table), identityProjectionColumns] as const] : [],
        ),
      ),
  );
  const identityOf = (resource: QualifiedResourceName) =>
    mustExist(blocks().get(resourceLabel(resource)), `the identity of ${resourceLabel(resource)}`);
  const prepare = (label: string): ResourcePlans => {
    const model = index.resources.get(label);
    if (model?.storageKind !== 'RelationalTables') return unknownResource(mappingSet, label);
    const { resourceKey } = model;
    return {
      dialect: mappingSet.key.dialect,
      version,
      resourceKey,
      label,
      shape: resourceShape(model, generations[version].shape),
      write: getWritePlan(mappingSet, resourceKey),
      read: getReadPlan(mappingSet, resourceKey),
      get identity() {
        return identityOf(resourceKey);
      },
      get superclassIdentity() {
        return identities.ofSuperclass(model);
      },
      get identityProjection() {
        const root = index.rootOf(label);
        return (root && projections().get(qualified(root.table))) ?? [];
      },
    };
  };
  return {
    dialect: mappingSet.key.dialect,
    version,
    mappingSet,
    get inventory() {
      return inventory();
    },
    labels: index.relational.map((model) => resourceLabel(model.resourceKey)),
    of: (resource) => {
      const label = resourceLabel(resource);
      const known = prepared.get(label) ?? prepare(label);
      prepared.set(label, known);
      return known;
    },
    identityOf,
    texts,
    referentialIds: new ReferentialIds(texts),
  };
}
