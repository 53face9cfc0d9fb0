import { byResource, type ResourceKeyEntry, resourceLabel } from '@dms/api-schema';
import { mustExist, type ResourceModel } from '@dms/model';
import type {
  DescriptorQueryCapability,
  MappingSet,
  QueryCapability,
  QueryFieldPath,
  QueryFieldTarget,
  QuerySupport,
} from '@dms/plans';
import { generations } from '../generations.ts';
import type { PackRules } from '../pack-rules.ts';
import * as format from '../wire/pack-format.ts';
import { descriptorTargetTokens, failureTokens, omissionTokens } from '../wire/tokens.ts';
import { columnMessage, modelMessage, nameMessage, optionalColumn } from './model-messages.ts';
import { readPlanMessage, writePlanMessage } from './plan-messages.ts';

/** The query capabilities of a resource in the form of a pack (design 17 §6). */

const supportMessage = (support: QuerySupport): format.QuerySupport =>
  support.kind === 'supported'
    ? { omissionKind: format.queryOmissionKind.unspecified, reason: '' }
    : { omissionKind: omissionTokens.code(support.omissionKind), reason: support.reason };

const pathMessage = ({ path, type }: QueryFieldPath): format.QueryFieldPath => ({ path: path.canonical, type });

function targetMessage(target: QueryFieldTarget): format.QueryFieldTarget {
  const none = { rootColumn: null, documentUuid: null, descriptorIdColumn: null };
  switch (target.kind) {
    case 'root_column':
      return { ...none, rootColumn: columnMessage(target.column) };
    case 'document_uuid':
      return { ...none, documentUuid: {} };
    case 'descriptor_id_column':
      return {
        ...none,
        descriptorIdColumn: {
          column: columnMessage(target.column),
          descriptorResource: nameMessage(target.descriptorResource),
        },
      };
  }
}

const queryCapabilityMessage = (capability: QueryCapability): format.QueryCapability => ({
  support: supportMessage(capability.support),
  supportedFields: capability.supportedFields.map(({ field, target, ...path }) => ({
    field,
    path: pathMessage(path),
    target: targetMessage(target),
  })),
  unsupportedFields: capability.unsupportedFields.map(({ field, failure, paths }) => ({
    field,
    failure: failureTokens.code(failure),
    paths: paths.map(pathMessage),
  })),
});

const descriptorCapabilityMessage = (capability: DescriptorQueryCapability): format.DescriptorQueryCapability => ({
  support: supportMessage(capability.support),
  supportedFields: capability.supportedFields.map(({ field, target, column }) => ({
    field,
    target: descriptorTargetTokens.code(target),
    column: optionalColumn(column),
  })),
});

const { relationalTables, sharedDescriptorTable, unspecified } = format.resourceStorageKind;

function resourceMessage(
  key: ResourceKeyEntry,
  model: ResourceModel | undefined,
  mappingSet: MappingSet,
  rules: PackRules,
): format.ResourcePack {
  const { writePlansByResource, readPlansByResource, queryCapabilities, descriptorQueryCapabilities } = mappingSet;
  const label = resourceLabel(key);
  const capability = queryCapabilities.get(label);
  const descriptorCapability = descriptorQueryCapabilities.get(label);
  const bare = {
    ...nameMessage(key),
    isAbstractResource: key.isAbstract,
    storageKind: unspecified,
    relationalModel: null,
    writePlan: null,
    readPlan: null,
    queryCapability: capability ? queryCapabilityMessage(capability) : null,
    descriptorQueryCapability: descriptorCapability ? descriptorCapabilityMessage(descriptorCapability) : null,
  };
  if (key.isAbstract) return bare;
  if (mustExist(model, `the model of ${label}`).storageKind === 'SharedDescriptorTable') {
    return { ...bare, storageKind: sharedDescriptorTable };
  }
  return {
    ...bare,
    storageKind: relationalTables,
    relationalModel: modelMessage(mustExist(model, `the model of ${label}`), rules),
    writePlan: writePlanMessage(mustExist(writePlansByResource.get(label), `the write plan of ${label}`)),
    readPlan: readPlanMessage(mustExist(readPlansByResource.get(label), `the read plan of ${label}`), rules),
  };
}

/** The payload of a pack (design 08 §12.3): everything needed to execute the plans, and the resource keys. */
export function payloadOf(mappingSet: MappingSet): format.MappingPackPayload {
  const { effectiveSchema, resources } = mappingSet.model;
  const rules = generations[mappingSet.key.relationalMappingVersion];
  const models = new Map(resources.map((model) => [resourceLabel(model.resourceKey), model]));
  return {
    apiSchemaFormatVersion: effectiveSchema.apiSchemaFormatVersion,
    schemaComponents: effectiveSchema.schemaComponents.map((component) => ({
      projectEndpointName: component.projectEndpointName,
      projectName: component.projectName,
      projectVersion: component.projectVersion,
      isExtensionProject: component.isExtensionProject,
    })),
    resourceKeyCount: effectiveSchema.resourceKeyCount,
    resourceKeySeedHash: effectiveSchema.resourceKeySeedHash,
    resourceKeys: effectiveSchema.resourceKeys.map((key) => ({
      resourceKeyId: key.id,
      projectName: key.projectName,
      resourceName: key.resourceName,
      resourceVersion: key.resourceVersion,
      isAbstractResource: key.isAbstract,
    })),
    resources: effectiveSchema.resourceKeys
      .toSorted(byResource((key) => key))
      .map((key) => resourceMessage(key, models.get(resourceLabel(key)), mappingSet, rules)),
  };
}
