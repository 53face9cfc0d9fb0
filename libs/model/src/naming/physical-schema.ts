import type { FullName } from './name-forms.ts';

/** Schemas that exist beside those of the projects (design 03 §2.1). */
export const coreSchema = 'dms';
export const authSchema = 'auth';

/** The database schema of a project: ASCII letters and digits of the endpoint name, lower-cased; `p` in front if needed. */
export function physicalSchemaName(projectEndpointName: string): FullName {
  const kept = projectEndpointName.replace(/[^A-Za-z0-9]/g, '').toLowerCase();
  return /^[a-z]/.test(kept) ? kept : `p${kept}`;
}
