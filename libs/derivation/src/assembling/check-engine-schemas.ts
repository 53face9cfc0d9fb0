import { diagnostic, failIfAny } from '@dms/diagnostics';
import type { DialectRules } from '@dms/sql';
import type { FinishedDraft } from '../draft/model-draft.ts';

/**
 * A physical schema has only letters and digits, so it is compared with the letters and digits of engine schemas:
 * `dbowner` matches `db_owner`.
 */
const lettersAndDigits = (name: string) => name.replace(/[^A-Za-z0-9]/g, '').toLowerCase();

/**
 * Refuses a project whose schema exists in every database of the engine, or whose name reads like such a schema:
 * `PHYSICAL_SCHEMA_RESERVED` (design 03 §2.1).
 */
export function checkEngineSchemas(draft: FinishedDraft, { name: dialect, engineSchemas }: DialectRules): void {
  const reserved = new Map(engineSchemas.map((schema) => [lettersAndDigits(schema), schema]));
  failIfAny(
    draft.entries.projects.flatMap(({ projectName, projectEndpointName, physicalSchema }) => {
      const schema = reserved.get(physicalSchema);
      if (schema === undefined) return [];
      const text = `${projectName}: the projectEndpointName "${projectEndpointName}" gives the database schema "${physicalSchema}", but every ${dialect} database has the schema ${schema} already; choose another endpoint name.`;
      const details = { project: projectName, endpoint: projectEndpointName, schema: physicalSchema, engine: dialect };
      return [diagnostic('PHYSICAL_SCHEMA_RESERVED', text, { path: 'projectSchema.projectEndpointName' }, details)];
    }),
  );
}
