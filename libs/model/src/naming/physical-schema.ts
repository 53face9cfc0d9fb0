import type { FullName } from './name-forms.ts';

/** Schemas that exist besides the schemas of projects (design 03 §2.1). */
export const coreSchema = 'dms';
export const authSchema = 'auth';

/**
 * The database schema of a project: the ASCII letters and digits of the endpoint name in lower case, with the prefix
 * `p` if needed.
 */
export function physicalSchemaName(projectEndpointName: string): FullName {
  const kept = projectEndpointName.replace(/[^A-Za-z0-9]/g, '').toLowerCase();
  return /^[a-z]/.test(kept) ? kept : `p${kept}`;
}
