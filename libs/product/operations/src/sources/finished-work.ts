import { completeVersions, type MappingVersion, type MappingWork, mappingWork, missingWork } from '@dms/api-schema';
import { type Diagnostic, type DiagnosticLocation, diagnostic, fail, listWith } from '@dms/diagnostics';
import type { StepName } from '../incremental-build/step-table.ts';

/** The generations that a user can choose instead. */
const others = listWith('or', completeVersions);

/** The commands that do each kind of work. */
const commands: Readonly<Record<MappingWork, readonly string[]>> = {
  artifacts: ['emit'],
  databases: ['provision', 'check', 'inspect', 'upgrade status', 'doctor'],
  documents: ['load', 'seed-descriptors', 'get', 'dump', 'changes', 'sample', 'translate'],
  packs: ['pack build', 'pack verify'],
  checking: ['check --data'],
  verification: ['verify'],
  upgrades: ['upgrade', 'adopt'],
  reporting: ['reporting', 'read-ods', 'explore'],
  descriptions: ['dictionary', 'diagram', 'comments', 'impact'],
  others: [],
};

/** The kind of work of each step. Other steps are of the kind `others`. */
const stepWork: Readonly<Partial<Record<StepName, MappingWork>>> = {
  'derive-model': 'artifacts',
  'derive-inventory': 'artifacts',
  'compile-plans': 'artifacts',
  'emit-ddl': 'artifacts',
  'derive-ods-mapping': 'artifacts',
  'build-pack': 'packs',
  'verify-db': 'verification',
  'emit-reporting': 'reporting',
  'derive-earlier-mapping': 'reporting',
  'emit-earlier-reporting': 'reporting',
  'explore-model': 'reporting',
  'plan-upgrade': 'upgrades',
  'verify-upgrade': 'upgrades',
  'emit-comments': 'descriptions',
  'report-impact': 'descriptions',
};

/** The kind of work of a step. */
export const workOf = (step: StepName): MappingWork => stepWork[step] ?? 'others';

/** The commands that work for a generation: `emit, provision and check`. */
const finished = (version: MappingVersion): string =>
  listWith(
    'and',
    mappingWork.flatMap((work) => (missingWork[version].includes(work) ? [] : commands[work])),
  );

/**
 * Refuses work that this version of dms does not do yet for the artifacts of a generation: `GENERATION_UNFINISHED`. So
 * nothing half-finished touches a database or a document. `where` is the file that names the generation.
 */
export function expectFinished(version: MappingVersion, work: MappingWork, where: DiagnosticLocation = {}): void {
  if (!missingWork[version].includes(work)) return;
  const text = `This version of dms cannot do this with mapping version ${version}; so far ${finished(version)} work with it. Use ${others}, or a later version of dms.`;
  const message = where.file === undefined ? text : `${where.file}: ${text}`;
  fail('GENERATION_UNFINISHED', message, where, { version, work });
}

/** The note of `emit` about a generation whose artifacts other commands refuse. */
export function unfinishedNotes(version: MappingVersion): readonly Diagnostic[] {
  if (missingWork[version].length === 0) return [];
  const text = `In this version of dms, ${finished(version)} work with mapping version ${version}; other commands refuse its artifacts.`;
  return [diagnostic('GENERATION_INCOMPLETE', text, {}, { version })];
}
