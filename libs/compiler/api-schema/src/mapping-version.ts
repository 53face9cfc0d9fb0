import { type DiagnosticLocation, fail } from '@dms/diagnostics';

/** The generations of the mapping rules that this version of the tool knows (design 01 §1). */
export const mappingVersions = ['v1', 'v2'] as const;

/**
 * The version of the rules that turn a schema set into a database. A change that makes the same ApiSchema produce other
 * tables, columns, constraints or names needs a new version, so that a database built under the old rules no longer
 * matches.
 */
export type MappingVersion = (typeof mappingVersions)[number];

/** The users of each generation, as a part of a sentence. */
export const generationPurposes: Readonly<Record<MappingVersion, string>> = {
  v1: 'for databases of your own',
  v2: 'for databases that the Ed-Fi Data Management Service runs on',
};

/** The default mapping version. */
export const defaultMappingVersion: MappingVersion = 'v1';

/** The mapping version of databases that the Ed-Fi Data Management Service runs on. */
export const serviceMappingVersion: MappingVersion = 'v2';

/**
 * Reads the mapping version of an artifact, a pack or an option. `subject` names the artifact, pack or option in the
 * message, `where` its file. Throws `MAPPING_VERSION_UNKNOWN`.
 */
export function readMappingVersion(text: string, subject: string, where: DiagnosticLocation = {}): MappingVersion {
  const known = mappingVersions.find((version) => version === text);
  if (known !== undefined) return known;
  return fail(
    'MAPPING_VERSION_UNKNOWN',
    `${subject}: the mapping version is ${JSON.stringify(text)}; this version of dms knows ${mappingVersions.join(', ')}. Use the version of dms that wrote it, or emit the artifacts again.`,
    where,
    { version: text, known: [...mappingVersions] },
  );
}
