import { type DiagnosticLocation, fail } from '@dms/diagnostics';

/** The generations of the mapping rules that this version of the tool knows (design 01 §1). */
export const mappingVersions = ['v1', 'v2', 'v2-natural'] as const;

/**
 * The version of the rules that turn a schema set into a database. A change that makes the same ApiSchema produce other
 * tables, columns, constraints or names needs a new version, so that a database built under the old rules no longer
 * matches, by its hash or by its marks (design 16 §1.1).
 */
export type MappingVersion = (typeof mappingVersions)[number];

/**
 * The version that a generation writes into the fingerprint of a database, where the service reads it, and that its
 * hash covers. Two generations with one fingerprint version have the same hash for a schema set.
 */
export const fingerprintVersions: Readonly<Record<MappingVersion, string>> = {
  v1: 'v1',
  v2: 'v2',
  'v2-natural': 'v2',
};

/** The users of each generation, as a part of a sentence. */
export const generationPurposes: Readonly<Record<MappingVersion, string>> = {
  v1: 'for databases of your own',
  v2: 'for databases that the Ed-Fi Data Management Service runs on',
  'v2-natural': 'for the next shape of the databases of that service, in which documents are found by natural keys',
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
  return mappingVersions.find((version) => version === text) ?? unknownVersion(text, mappingVersions, subject, where);
}

function unknownVersion(text: string, known: readonly string[], subject: string, where: DiagnosticLocation): never {
  return fail(
    'MAPPING_VERSION_UNKNOWN',
    `${subject}: the mapping version is ${JSON.stringify(text)}; this version of dms knows ${known.join(', ')}. Use the version of dms that wrote it, or emit the artifacts again.`,
    where,
    { version: text, known: [...known] },
  );
}

/**
 * The name of a generation for a file that also has its fingerprint version; undefined if that version is its name, so
 * that the member is left out.
 */
export const generationMember = (version: MappingVersion): MappingVersion | undefined =>
  version === fingerprintVersions[version] ? undefined : version;

/** Reads the fingerprint version of an artifact. Throws `MAPPING_VERSION_UNKNOWN`. */
export function readFingerprintVersion(text: string, subject: string, where: DiagnosticLocation = {}): string {
  const known = [...new Set(Object.values(fingerprintVersions))];
  return known.includes(text) ? text : unknownVersion(text, known, subject, where);
}

/**
 * Reads the generation of a file from its fingerprint version and, where the file has one, the name of the generation.
 * Throws `MAPPING_VERSION_UNKNOWN`, also for a generation with another fingerprint version.
 */
export function readGeneration(
  { fingerprintVersion, generation = fingerprintVersion }: GenerationMembers,
  subject: string,
  where: DiagnosticLocation = {},
): MappingVersion {
  const hashed = readFingerprintVersion(fingerprintVersion, subject, where);
  const version = readMappingVersion(generation, subject, where);
  if (fingerprintVersions[version] === hashed) return version;
  return fail(
    'MAPPING_VERSION_UNKNOWN',
    `${subject}: the generation ${version} does not belong to the mapping version ${hashed}. Emit the artifacts again.`,
    where,
    { version: hashed, generation: version },
  );
}

/** How a file names its generation. */
interface GenerationMembers {
  readonly fingerprintVersion: string;
  readonly generation?: string | undefined;
}
