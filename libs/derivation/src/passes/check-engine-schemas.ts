import { type Diagnostic, diagnostic, failIfAny } from '@dms/diagnostics';
import type { DialectRules } from '@dms/sql';
import type { FinishedDraft } from '../draft/model-draft.ts';

/** A physical schema has letters and digits alone, so it is told from those of an engine by these: `dbowner` is `db_owner`. */
const lettersAndDigits = (name: string) => name.replace(/[^A-Za-z0-9]/g, '').toLowerCase();

/**
 * A project must not live in a schema that the engine keeps for itself, nor in one that reads like it:
 * `PHYSICAL_SCHEMA_RESERVED`. The schema that every database has for anybody's objects is taken with a warning,
 * `PHYSICAL_SCHEMA_SHARED` (design 03 §2.1).
 */
export function checkEngineSchemas(
  draft: FinishedDraft,
  { name: dialect, engineSchemas, defaultSchema }: DialectRules,
): Diagnostic[] {
  const reserved = new Map(engineSchemas.map((schema) => [lettersAndDigits(schema), schema]));
  const facts = draft.entries.projects.map(({ projectName, projectEndpointName, physicalSchema }) => ({
    subject: `${projectName}: the projectEndpointName "${projectEndpointName}" gives the database schema "${physicalSchema}"`,
    details: { project: projectName, endpoint: projectEndpointName, schema: physicalSchema, engine: dialect },
  }));
  failIfAny(
    facts.flatMap(({ subject, details }) => {
      const schema = reserved.get(details.schema);
      if (schema === undefined) return [];
      const text = `${subject}, but ${dialect} keeps ${schema} for itself; choose another endpoint name.`;
      return [diagnostic('PHYSICAL_SCHEMA_RESERVED', text, {}, details)];
    }),
  );
  return facts.flatMap(({ subject, details }) => {
    if (details.schema !== defaultSchema) return [];
    const text = `${subject}, which every ${dialect} database has already and others may use; a name of its own keeps objects apart.`;
    return [diagnostic('PHYSICAL_SCHEMA_SHARED', text, {}, details)];
  });
}
