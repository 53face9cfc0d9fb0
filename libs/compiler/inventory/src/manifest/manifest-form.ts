import type {
  Column,
  DescriptorEdgeSource,
  DocumentReferenceBinding,
  ReferenceIdentityBinding,
  Table,
  UnionViewColumn,
} from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import type { Inventory } from '../inventory.ts';
import type { IdentityForm, ManifestMembers } from './manifest-objects.ts';

/**
 * The additional members of a generation's manifest, object by object; an empty object if there are none (design 15
 * §12, 15a §5).
 */
export interface ManifestForm extends IdentityForm {
  /** Members after the storage of a column, by dialect. */
  readonly column: Readonly<Record<SqlDialect, (column: Column) => ManifestMembers>>;
  /** Members after the key unification classes of a table. */
  readonly tableIdentity: (table: Table) => ManifestMembers;
  /** Members after `is_identity_component` of a reference or descriptor edge. */
  readonly roles: (source: DocumentReferenceBinding | DescriptorEdgeSource) => ManifestMembers;
  /** Members of a part of a reference. */
  readonly identityBinding: (binding: ReferenceIdentityBinding) => ManifestMembers;
  /** Members at the end of an output column of a union view. */
  readonly viewColumn: (column: UnionViewColumn) => ManifestMembers;
  /** Members after the triggers. */
  readonly inventory: (inventory: Inventory) => ManifestMembers;
}

/** No further members of a column. */
export const unmarkedColumn: ManifestForm['column'] = { pgsql: () => ({}), mssql: () => ({}) };
