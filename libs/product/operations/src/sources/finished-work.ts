import { completeVersions, type MappingVersion, type MappingWork, missingWork } from '@dms/api-schema';
import { type Diagnostic, type DiagnosticLocation, diagnostic, fail, listWith } from '@dms/diagnostics';

/** The generations that a user can choose instead. */
const others = listWith('or', completeVersions);

/**
 * Refuses work that this version of dms does not do yet for the artifacts of a generation: `GENERATION_UNFINISHED`. So
 * nothing half-finished touches a database or a document. `where` is the file that names the generation.
 */
export function expectFinished(version: MappingVersion, work: MappingWork, where: DiagnosticLocation = {}): void {
  if (!missingWork[version].includes(work)) return;
  const text = `This version of dms only writes artifacts of the mapping version ${version}; no other command works on them yet. Use ${others}, or a later version of dms.`;
  const message = where.file === undefined ? text : `${where.file}: ${text}`;
  fail('GENERATION_UNFINISHED', message, where, { version, work });
}

/** The note that `emit` gives about a generation for which other work is missing. */
export function unfinishedNotes(version: MappingVersion): readonly Diagnostic[] {
  if (missingWork[version].length === 0) return [];
  const text = `Only emit works with the mapping version ${version} in this version of dms: other commands refuse its artifacts.`;
  return [diagnostic('GENERATION_ARTIFACTS_ONLY', text, {}, { version })];
}
