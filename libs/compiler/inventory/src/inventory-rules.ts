import type { FullNames, RelationalModelSet } from '@dms/model';
import type { NamedIndex } from './derive-indexes.ts';
import type { AuthView, TrackedChangeTable } from './inventory.ts';
import type { NamedTrackedTable } from './tracked-table-names.ts';
import type { NamedTrigger, TriggerRules } from './trigger-kinds.ts';

interface InventoryContext {
  readonly model: RelationalModelSet;
  readonly names: FullNames;
  /** The indexes that every generation has. */
  readonly indexes: readonly NamedIndex[];
  /** Whether the required parts of the data standard must exist (design 15 §7.4). */
  readonly strict: boolean;
}

/** The objects of a generation besides the indexes and triggers that all generations have. */
interface GenerationObjects {
  readonly indexes: readonly NamedIndex[];
  readonly triggers: readonly NamedTrigger[];
  readonly trackedTables: readonly NamedTrackedTable[];
}

/** The rules of a generation for inventories (design 05, 15a). */
export interface InventoryRules {
  readonly triggers: TriggerRules;
  further(context: InventoryContext): GenerationObjects;
  /** The views of schema `auth`, if there is a hierarchy. */
  authViews(model: RelationalModelSet, trackedTables: readonly TrackedChangeTable[]): readonly AuthView[];
}
