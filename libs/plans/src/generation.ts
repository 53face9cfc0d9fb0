import type { ResourceModel } from '@dms/model';
import type { ManifestForm } from './manifest-form.ts';
import type { PlansFileFormat } from './plans-file-format.ts';
import type { DescriptorQueryCapability, QueryCapability } from './query/query-capability.ts';
import type { ReadRules } from './read/read-rules.ts';
import type { WriteRules } from './write/write-rules.ts';

/** The rules of a generation for plans (design 08, 17). */
export interface PlanGeneration {
  readonly write: WriteRules;
  readonly read: ReadRules;
  /** Null if the caller decides which queries are possible. Throws `QUERY_FIELD_COLLISION`. */
  queryCapability(resource: ResourceModel): QueryCapability | null;
  /** The same for the fields that all descriptors share. */
  descriptorQueryCapability(resource: ResourceModel): DescriptorQueryCapability | null;
  readonly manifest: ManifestForm;
  readonly file: PlansFileFormat;
}
