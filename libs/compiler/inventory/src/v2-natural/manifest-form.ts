import type { ManifestForm } from '../manifest/manifest-form.ts';
import { manifestFormV2 } from '../v2/manifest-form.ts';

/** Columns with texts of identities say so, where the scripts give them a collation (design 22 §2.4). */
export const manifestFormV2Natural: ManifestForm = {
  ...manifestFormV2,
  column: {
    ...manifestFormV2.column,
    mssql: ({ identityText }) => (identityText ? { uses_sql_server_identity_collation: true } : {}),
  },
};
