import { byResource, type ResourceKeyEntry, resourceLabel } from '@dms/api-schema';
import { mustExist, type ResourceModel } from '@dms/model';
import type { MappingSet } from '@dms/plans';
import { generations } from '../generations.ts';
import type { PackRules } from '../pack-rules.ts';
import * as format from '../wire/pack-format.ts';
import { descriptorCapabilityMessage, queryCapabilityMessage } from './capability-messages.ts';
import { modelMessage, nameMessage } from './model-messages.ts';
import { readPlanMessage, writePlanMessage } from './plan-messages.ts';

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
