import { buildEffectiveSchema, loadApiSchemaFiles } from '@dms/api-schema';
import type { MappingVersion } from '@dms/model';
import { deriveMapping } from '@dms/ods';
import type { SqlDialect } from '@dms/sql';
import { type Document, type MainGeneration, ownProjects, ownSchemaFile, scriptedSet, scriptOf } from '@dms/testing';
import type { VerificationInput } from '../src/index.ts';

/** The input of ApiSchema documents; by default not in strict mode, in which small schemas fail (design 15 §7.4). */
export const inputOfDocuments = (
  documents: readonly Document[],
  dialect: SqlDialect,
  mappingVersion: MappingVersion,
  strict = false,
): VerificationInput => scriptedSet(documents, dialect, mappingVersion, strict);

export { ownScriptedSet as ownInput, scriptedFiles as inputOf } from '@dms/testing';

/** The two projects of this repository for a generation, with the mapping of an ODS. */
export async function ownWithViews(mappingVersion: MainGeneration) {
  const documents = await loadApiSchemaFiles(
    ownProjects[mappingVersion].map((name) => ({ file: ownSchemaFile(name) })),
  );
  const set = buildEffectiveSchema(documents, { mappingVersion });
  return { input: scriptOf(set, 'pgsql', false), ods: deriveMapping(set).mapping };
}
