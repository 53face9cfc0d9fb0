import type { DbTableName, QualifiedResourceName, ScalarType } from '@dms/model';

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
