import { type ResourceKeyEntry, resourceLabel } from '@dms/api-schema';
import { mustExist, type ResourceModel } from '@dms/model';
import {
  type DescriptorQueryCapability,
  type MappingSet,
  mappingSetDescription,
  type QueryCapability,
  type ResourceReadPlan,
  type ResourceWritePlan,
} from '@dms/plans';
import type { SqlDialect } from '@dms/sql';
import { checkModel, checkReadPlan, checkWritePlan, type LoadedModel } from '../check-resource.ts';
import { failInvariant, type PackPlace } from '../fail-pack.ts';
import type { PackRules, PayloadReader } from '../pack-rules.ts';
import type { PackMessage } from '../wire/message.ts';
import * as format from '../wire/pack-format.ts';
import { probesMessage } from './probes.ts';
import { descriptorCapabilityMessage, queryCapabilityMessage } from './query-capability.ts';
import { readPlanMessage } from './read-plan.ts';
import { descriptorModel, resourceModelMessage } from './resource-model.ts';
import { writePlanMessage } from './write-plan.ts';

/* A resource of a pack: its model, its plans, and its query capabilities (design 08 §12.3, 17 §6). */

const { relationalTables, sharedDescriptorTable, unspecified } = format.resourceStorageKind;

/** The parts of a mapping set that belong to one concrete resource. */
interface PackedResource {
  readonly model: ResourceModel;
  /** Null for a descriptor resource. */
  readonly plans: { readonly write: ResourceWritePlan; readonly read: ResourceReadPlan } | null;
  readonly queryCapability: QueryCapability | null;
  readonly descriptorQueryCapability: DescriptorQueryCapability | null;
}

/** The context of reading the resources of a payload. */
export interface ResourceReader extends PayloadReader {
  readonly dialect: SqlDialect;
  /** The physical schema of the project of a resource. */
  schemaOf(key: ResourceKeyEntry, at: PackPlace): string;
  /** Refuses tables that belong to another resource. */
  claimTables(loaded: LoadedModel): void;
}

type ResourceMessageParts = Pick<PackMessage<'ResourcePack'>, 'relationalModel' | 'writePlan' | 'readPlan'>;

/** Checks that a resource has the parts of its kind: a model and plans if it has tables of its own, otherwise none. */
function checkParts(message: PackMessage<'ResourcePack'>, key: ResourceKeyEntry, at: PackPlace): void {
  const { isAbstractResource, storageKind } = message;
  if (isAbstractResource !== key.isAbstract)
    failInvariant(at, 'is_abstract_resource', key.isAbstract, isAbstractResource);
  const kinds: readonly number[] = isAbstractResource ? [unspecified] : [relationalTables, sharedDescriptorTable];
  if (!kinds.includes(storageKind)) failInvariant(at, 'storage_kind', kinds.join(' or '), storageKind);
  const parts: readonly (keyof ResourceMessageParts)[] = ['relationalModel', 'writePlan', 'readPlan'];
  for (const part of parts) {
    const due = storageKind === relationalTables;
    const found = message[part] !== null;
    if (due !== found)
      failInvariant(
        at,
        `${part} of a resource with storage_kind ${storageKind}`,
        due ? 'set' : 'none',
        found ? 'set' : 'none',
      );
  }
}

export const resourceMessage = {
  write(
    key: ResourceKeyEntry,
    model: ResourceModel | undefined,
    mappingSet: MappingSet,
    rules: PackRules,
  ): PackMessage<'ResourcePack'> {
    const { writePlansByResource, readPlansByResource, queryCapabilities, descriptorQueryCapabilities } = mappingSet;
    const { naturalKeys } = mustExist(mappingSetDescription(mappingSet), 'the description of a mapping set');
    const label = resourceLabel(key);
    const capability = queryCapabilities.get(label);
    const descriptorCapability = descriptorQueryCapabilities.get(label);
    const naturalKey = naturalKeys?.byResource.get(label);
    const bare = {
      projectName: key.projectName,
      resourceName: key.resourceName,
      isAbstractResource: key.isAbstract,
      storageKind: unspecified,
      relationalModel: null,
      writePlan: null,
      readPlan: null,
      queryCapability: capability ? queryCapabilityMessage.write(capability) : null,
      descriptorQueryCapability: descriptorCapability ? descriptorCapabilityMessage.write(descriptorCapability) : null,
      ...probesMessage.write({ target: naturalKey?.target?.probe ?? null, own: naturalKey?.own?.probe ?? null }),
    };
    if (key.isAbstract) return bare;
    const concrete = mustExist(model, `the model of ${label}`);
    if (concrete.storageKind === 'SharedDescriptorTable') return { ...bare, storageKind: sharedDescriptorTable };
    return {
      ...bare,
      storageKind: relationalTables,
      relationalModel: resourceModelMessage.write(concrete, rules),
      writePlan: writePlanMessage.write(mustExist(writePlansByResource.get(label), `the write plan of ${label}`)),
      readPlan: readPlanMessage.write(mustExist(readPlansByResource.get(label), `the read plan of ${label}`), rules),
    };
  },
  /** Null for an abstract resource. */
  read(
    message: PackMessage<'ResourcePack'>,
    key: ResourceKeyEntry,
    at: PackPlace,
    reader: ResourceReader,
  ): PackedResource | null {
    const { rules, dialect } = reader;
    checkParts(message, key, at);
    rules.checkResource(message, at);
    if (message.isAbstractResource) return null;
    const { relationalModel, writePlan, readPlan, queryCapability: capability } = message;
    const descriptorQueryCapability =
      message.descriptorQueryCapability &&
      descriptorCapabilityMessage.read(message.descriptorQueryCapability, at, reader);
    if (relationalModel === null || writePlan === null || readPlan === null) {
      const queryCapability = capability && queryCapabilityMessage.read(capability, null, at, reader);
      const model = descriptorModel(key, reader.schemaOf(key, at));
      return { model, plans: null, queryCapability, descriptorQueryCapability };
    }
    const loaded = checkModel(resourceModelMessage.read(relationalModel, key, at, reader), relationalModel, at, rules);
    reader.claimTables(loaded);
    const write = writePlanMessage.read(writePlan, loaded, reader);
    checkWritePlan(dialect, loaded, write, rules);
    const read = readPlanMessage.read(readPlan, dialect, loaded, reader);
    checkReadPlan(loaded, read, reader);
    const queryCapability = capability && queryCapabilityMessage.read(capability, loaded, at, reader);
    return { model: loaded.model, plans: { write, read }, queryCapability, descriptorQueryCapability };
  },
} as const;
