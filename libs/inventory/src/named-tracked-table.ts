import type { FullName } from '@dms/model';
import type { TrackedChangeTable, TrackedValue } from './inventory.ts';

/** A value with its full-length name; `Old` and `New` are added as prefixes when names become final. */
export type NamedTrackedValue = Omit<TrackedValue, 'oldColumn' | 'newColumn' | 'isNewColumnNullable'> & {
  readonly name: FullName;
};

/** A tracked-change table before its names become final. */
export type NamedTrackedTable = Pick<
  TrackedChangeTable,
  'kind' | 'sourceTable' | 'systemColumns' | 'descriptorJoins' | 'personJoins'
> & {
  readonly schema: FullName;
  readonly name: FullName;
  readonly values: readonly NamedTrackedValue[];
};
