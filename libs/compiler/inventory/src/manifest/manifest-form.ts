import type {
  DbTableName,
  DescriptorEdgeSource,
  DocumentReferenceBinding,
  IdentityElement,
  QualifiedResourceName,
  ReferenceIdentityBinding,
  ScalarType,
  Table,
  UnionViewColumn,
} from '@dms/model';
import type { DocumentStampingTrigger, Inventory } from '../inventory.ts';

type Members = Readonly<Record<string, unknown>>;

/**
 * The additional members of a generation's manifest, object by object; an empty object if there are none (design 15
 * §12, 15a §5).
 */
export interface ManifestForm {
  /** After the key unification classes of a table. */
  readonly tableIdentity: (table: Table) => Members;
  /** After `is_identity_component` of a reference or descriptor edge. */
  readonly roles: (source: DocumentReferenceBinding | DescriptorEdgeSource) => Members;
  /** For a part of a reference. */
  readonly identityBinding: (binding: ReferenceIdentityBinding) => Members;
  /** At the end of an output column of a union view. */
  readonly viewColumn: (column: UnionViewColumn) => Members;
  /** At the end of an identity element. */
  readonly identityElement: (element: IdentityElement) => Members;
  /** At the end of a stamping trigger. */
  readonly stamp: (trigger: DocumentStampingTrigger) => Members;
  /** After the triggers. */
  readonly inventory: (inventory: Inventory) => Members;
}

/* Objects that several members of a manifest share (design 03 §11). */

export const tableRef = ({ schema, name }: DbTableName) => ({ schema, name });

export const resourceRef = ({ projectName, resourceName }: QualifiedResourceName) => ({
  project_name: projectName,
  resource_name: resourceName,
});

export function typeObject({ kind, maxLength, decimal }: ScalarType) {
  return {
    kind,
    ...(maxLength === null ? {} : { max_length: maxLength }),
    ...(decimal === null ? {} : { precision: decimal.precision, scale: decimal.scale }),
  };
}
