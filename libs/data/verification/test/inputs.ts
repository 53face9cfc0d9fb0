import { buildEffectiveSchema, type EffectiveSchemaSet, loadApiSchemaFiles } from '@dms/api-schema';
import type { MappingVersion } from '@dms/model';
import { deriveMapping } from '@dms/ods';
import type { SqlDialect } from '@dms/sql';
import { type Document, ownSchemaFile, ownSchemas, ownSchemasV2, schemaSetOf, scriptOf } from '@dms/testing';
import type { VerificationInput } from '../src/index.ts';

/** The input of a schema set; by default not in strict mode, in which small schemas fail (design 15 §7.4). */
const inputOfSet = (set: EffectiveSchemaSet, dialect: SqlDialect, strict = false): VerificationInput =>
  scriptOf(set, dialect, strict);

/** The input of ApiSchema documents. */
export const inputOfDocuments = (
  documents: readonly Document[],
  dialect: SqlDialect,
  mappingVersion: MappingVersion,
  strict = false,
): VerificationInput => inputOfSet(schemaSetOf(mappingVersion, documents), dialect, strict);

/** The input of ApiSchema files. */
export async function inputOf(
  files: readonly string[],
  dialect: SqlDialect,
  mappingVersion: MappingVersion = 'v1',
): Promise<VerificationInput> {
  const documents = await loadApiSchemaFiles(files.map((file) => ({ file })));
  return inputOfSet(buildEffectiveSchema(documents, { mappingVersion }), dialect);
}

const ownNames = { v1: ownSchemas, v2: ownSchemasV2 } as const;

/** The two projects of this repository for a generation, with the mapping of an ODS. */
export async function ownWithViews(mappingVersion: MappingVersion) {
  const documents = await loadApiSchemaFiles(ownNames[mappingVersion].map((name) => ({ file: ownSchemaFile(name) })));
  const set = buildEffectiveSchema(documents, { mappingVersion });
  return { input: inputOfSet(set, 'pgsql'), ods: deriveMapping(set).mapping };
}

/** The two projects of this repository for a generation. */
export function ownInput(dialect: SqlDialect, mappingVersion: MappingVersion = 'v1'): Promise<VerificationInput> {
  return inputOf(ownNames[mappingVersion].map(ownSchemaFile), dialect, mappingVersion);
}
