import { fingerprintVersions, generationMember, resourceLabel } from '@dms/api-schema';
import { type Column, mustExist, type QualifiedResourceName, type ScalarType } from '@dms/model';
import { hexOf, listText } from '@dms/values';
import { mappingSetDescription } from './description/describe-mapping-set.ts';
import type { MappingSetDescription, ResourceDescription } from './description/description.ts';
import type { PlansFileFormat } from './generation.ts';
import { generations } from './generations.ts';
import type { MappingSet } from './mapping-set.ts';
import { resourcesInOrder } from './mapping-set-manifest.ts';
import type { KeyUnificationMember, ResourceReadPlan, ResourceWritePlan, WriteColumnBinding } from './plan.ts';

/**
 * The format number of the file: 4 if documents are found by natural keys, otherwise 3. Formats 1 and 2 contained only
 * the plans of `v1` and `v2`.
 */
const formatOf = ({ naturalKeys }: MappingSetDescription): number => (naturalKeys === null ? 3 : 4);

type PlanMembers = Readonly<Record<string, unknown>>;

/** Removes the members that a format does not have. */
const membersOf =
  ({ absent }: PlansFileFormat) =>
  (all: PlanMembers): PlanMembers =>
    absent.size === 0 ? all : Object.fromEntries(Object.entries(all).filter(([name]) => !absent.has(name)));

/** A type without its null members. */
const typeMembers = ({ kind, maxLength, decimal }: ScalarType): PlanMembers => ({
  kind,
  ...(maxLength !== null && { maxLength }),
  ...(decimal !== null && { decimal }),
});

/** The type of a value, or the resource of a descriptor. */
function valueMembers({ kind, scalarType, targetResource }: Column): PlanMembers {
  if (kind === 'DescriptorFk') return { descriptorResource: targetResource };
  return scalarType === null ? {} : { scalarType };
}

function sourceMembers({ source, column }: WriteColumnBinding): PlanMembers {
  return source.kind === 'reference_derived' ? { ...source, ...valueMembers(column) } : { ...source };
}

const memberMembers = (member: KeyUnificationMember, columns: readonly Column[]): PlanMembers =>
  member.kind === 'reference_derived'
    ? {
        ...member,
        ...valueMembers(
          mustExist(
            columns.find(({ name }) => name === member.memberPathColumn),
            `the column ${member.memberPathColumn}`,
          ),
        ),
      }
    : { ...member };

/** The tables of a write plan, in a valid order of inserts (design 08 §11.5). */
const writePlanMembers = (
  { tablePlansInDependencyOrder }: ResourceWritePlan,
  description: ResourceDescription,
  of: (all: PlanMembers) => PlanMembers,
): PlanMembers => ({
  tablePlansInDependencyOrder: description.insertionOrder.map((index) => {
    const { tableModel, columnBindings, ...plan } = mustExist(
      tablePlansInDependencyOrder[index],
      'the plan of a table',
    );
    const { constraints, ...table } = mustExist(description.tables[index], 'the description of a table');
    return of({
      table: tableModel.table,
      ...table,
      insertSql: plan.insertSql,
      updateSql: plan.updateSql,
      deleteByParentSql: plan.deleteByParentSql,
      collectionMergePlan: plan.collectionMergePlan,
      bulkInsertBatching: plan.bulkInsertBatching,
      columnBindings: columnBindings.map((binding) => ({
        column: binding.column.name,
        source: sourceMembers(binding),
        parameterName: binding.parameterName,
      })),
      collectionKeyPreallocationPlan: plan.collectionKeyPreallocationPlan,
      keyUnificationPlans: plan.keyUnificationPlans.map((each) => ({
        ...each,
        membersInOrder: each.membersInOrder.map((member) => memberMembers(member, tableModel.columns)),
      })),
      constraints,
    });
  }),
});

/**
 * A column of a select list: the meaning of its values in a document. A value has a type or a descriptor instead of its
 * kind, and the path of a foreign key is in the references of the resource.
 */
function columnMembers({ name, kind, sourcePath, scalarType, targetResource }: Column): PlanMembers {
  const isValue = kind === 'Scalar' || kind === 'DescriptorFk';
  if (!isValue) return { name, kind };
  return {
    name,
    ...(sourcePath !== null && { path: sourcePath }),
    ...(kind === 'Scalar' && scalarType !== null && { scalarType: typeMembers(scalarType) }),
    ...(kind === 'DescriptorFk' && targetResource !== null && { descriptorResource: targetResource }),
  };
}

const readPlanMembers = (plan: ResourceReadPlan, of: (all: PlanMembers) => PlanMembers): PlanMembers =>
  of({
    keysetTable: plan.keysetTable,
    tablePlansInDependencyOrder: plan.tablePlansInDependencyOrder.map((table) =>
      of({
        table: table.tableModel.table,
        columns: table.selectListColumnsInOrder.map(columnMembers),
        selectByKeysetSql: table.selectByKeysetSql,
        selectBySingleDocumentSql: table.selectBySingleDocumentSql,
      }),
    ),
    referenceIdentityProjectionPlansInDependencyOrder: plan.referenceIdentityProjectionPlansInDependencyOrder.map(
      ({ table, bindingsInOrder }) => ({
        table,
        bindingsInOrder: bindingsInOrder.map((binding) => ({
          ...binding,
          identityFieldOrdinalsInOrder: binding.identityFieldOrdinalsInOrder.map(({ scalarType, ...field }) => ({
            ...field,
            ...of({ scalarType }),
          })),
        })),
      }),
    ),
    descriptorProjectionPlansInOrder: plan.descriptorProjectionPlansInOrder.map((projection) => of({ ...projection })),
    documentReferenceLookup: plan.documentReferenceLookup,
  });

const pairs = (values: ReadonlyMap<string, string> | undefined): PlanMembers => Object.fromEntries(values ?? []);

/** How documents are found: by natural keys (design 22 §4.6), or by the hashes of their identities. */
function identityMembers({ naturalKeys, identities }: MappingSetDescription): PlanMembers {
  if (naturalKeys === null) return { identities };
  const { byResource, ...shared } = naturalKeys;
  return { naturalKeys: shared };
}

/** The probes of a resource, if documents are found by them; null for a descriptor. */
const naturalKeyMember = ({ naturalKeys }: MappingSetDescription, label: string): PlanMembers =>
  naturalKeys === null ? {} : { naturalKey: naturalKeys.byResource.get(label) ?? null };

/** The members at the head of the file, which all resources share. */
function headMembers({ key, model }: MappingSet, description: MappingSetDescription): PlanMembers {
  const { apiSchemaFormatVersion, resourceKeyCount, resourceKeySeedHash } = model.effectiveSchema;
  const { rules, coreStatements, pageTemplate, abstractResources } = description;
  const ends = rules.values.endsOfTime[key.dialect];
  const { relationalMappingVersion: version } = key;
  return {
    plansFormat: formatOf(description),
    mappingSetKey: {
      ...key,
      relationalMappingVersion: fingerprintVersions[version],
      generation: generationMember(version),
    },
    effectiveSchema: {
      apiSchemaFormatVersion,
      resourceKeyCount,
      resourceKeySeedHash: hexOf(resourceKeySeedHash),
      projects: description.projects,
    },
    ...identityMembers(description),
    rules: {
      emptyExtensionsHaveRows: rules.emptyExtensionsHaveRows,
      keepsSecondFractions: rules.values.keepsSecondFractions,
      absentValuesAreEqual: description.absentValuesAreEqual,
      endsOfTime: { Date: pairs(ends.Date), DateTime: pairs(ends.DateTime) },
    },
    coreStatements: Object.fromEntries(coreStatements.map(({ name, ...statement }) => [name, statement])),
    pageTemplate,
    abstractResources: abstractResources.map((each) => ({
      ...each,
      ...naturalKeyMember(description, resourceLabel(each.resource)),
    })),
  };
}

/**
 * The text of `plans.<dialect>.json`: all data that a program needs to write, read and find documents (design 08
 * §11.5). Model objects are written as their names. Throws for a mapping set from a pack without a description (a bug).
 */
export function plansText(mappingSet: MappingSet): string {
  const { key, model, writePlansByResource, readPlansByResource } = mappingSet;
  const { queryCapabilities, descriptorQueryCapabilities } = mappingSet;
  const of = membersOf(generations[key.relationalMappingVersion].file);
  const description = mustExist(mappingSetDescription(mappingSet), 'the description of the mapping set');
  return listText({
    ...headMembers(mappingSet, description),
    resources: resourcesInOrder(model.resources).map(({ resourceKey }) => {
      const label = resourceLabel(resourceKey);
      const writePlan = writePlansByResource.get(label);
      const readPlan = readPlansByResource.get(label);
      const described = mustExist(description.resources.get(label), `the description of ${label}`);
      const { resourceKeyId, endpointName, identities, references, page } = described;
      const resource: QualifiedResourceName = {
        projectName: resourceKey.projectName,
        resourceName: resourceKey.resourceName,
      };
      return of({
        resource,
        resourceKeyId,
        endpointName,
        identities,
        references,
        equalPaths: described.equalPaths,
        distinctReferences: described.distinctReferences,
        ...naturalKeyMember(description, label),
        writePlan: writePlan ? writePlanMembers(writePlan, described, of) : null,
        readPlan: readPlan ? readPlanMembers(readPlan, of) : null,
        deleteRootSql: described.deleteRootSql,
        page,
        queryCapability: queryCapabilities.get(label) ?? null,
        descriptorQueryCapability: descriptorQueryCapabilities.get(label) ?? null,
      });
    }),
  });
}
