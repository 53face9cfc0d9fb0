import type { ResourceReadPlan, ResourceWritePlan } from './plan.ts';
import type { QueryCapabilities } from './query/query-capability.ts';

type Members = Readonly<Record<string, unknown>>;

/** The form of a generation's plans in `plans.<dialect>.json`; model objects are written as their names (design 08 §11.5, 17 §6). */
export interface PlansFileFormat {
  /** The format number in the file. */
  readonly format: number;
  writePlan(plan: ResourceWritePlan): Members;
  readPlan(plan: ResourceReadPlan): Members;
  /** After the plans of a resource. */
  capabilities(label: string, capabilities: QueryCapabilities): Members;
}
