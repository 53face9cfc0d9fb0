import type { ResourceModel } from '@dms/model';
import type { ManifestForm } from './manifest-form.ts';
import type { DescriptorQueryCapability, QueryCapability } from './query/query-capability.ts';
import type { ReadRules } from './read/read-rules.ts';
import type { WriteRules } from './write/write-rules.ts';

/** The plans of a generation in `plans.<dialect>.json` (design 08 §11.5, 17 §6). */
export interface PlansFileFormat {
  /** The format number in the file. */
  readonly format: number;
  /** The members that its plans, statements and fields do not have. */
  readonly absent: ReadonlySet<string>;
}

/** The rules of a generation for plans (design 08, 17). */
export interface PlanGeneration {
  readonly write: WriteRules;
  readonly read: ReadRules;
  /** Null if the caller decides which queries are possible. */
  queryCapability(resource: ResourceModel): QueryCapability | null;
  /** The same for the fields that all descriptors share. */
  descriptorQueryCapability(resource: ResourceModel): DescriptorQueryCapability | null;
  readonly manifest: ManifestForm;
  readonly file: PlansFileFormat;
}
