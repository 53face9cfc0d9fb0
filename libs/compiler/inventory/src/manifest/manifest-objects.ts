import type { ColumnMapping, DbTableName, IdentityElement, QualifiedResourceName, ScalarType } from '@dms/model';

/* Objects that several members of a manifest share (design 03 §11). */

export type ManifestMembers = Readonly<Record<string, unknown>>;

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

export const mappingObjects = (mappings: readonly ColumnMapping[]) =>
  mappings.map(({ sourceColumn, targetColumn }) => ({ source_column: sourceColumn, target_column: targetColumn }));

/** The additional members of a generation's identity elements. */
export interface IdentityForm {
  /** Members at the end of an identity element; an empty object if there are none. */
  readonly identityElement: (element: IdentityElement) => ManifestMembers;
}

export const elementObjects = (elements: readonly IdentityElement[], { identityElement }: IdentityForm) =>
  elements.map((element) => ({
    column: element.column,
    identity_json_path: element.identityJsonPath.canonical,
    ...identityElement(element),
  }));
