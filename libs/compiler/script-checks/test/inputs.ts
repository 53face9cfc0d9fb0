import type { CompleteVersion } from '@dms/api-schema';
import type { SqlDialect } from '@dms/sql';
import { type Document, ownSchema, ownSchemas, ownSchemasV2, scriptedSet } from '@dms/testing';
import type { CheckedScript } from '../src/index.ts';

/** The script of documents; by default not in strict mode, which small schemas do not pass (design 15 §7.4). */
export const inputOfDocuments = (
  documents: readonly Document[],
  dialect: SqlDialect,
  mappingVersion: CompleteVersion,
  strict = false,
): CheckedScript => scriptedSet(documents, dialect, mappingVersion, strict);

const ownNames = { v1: ownSchemas, v2: ownSchemasV2 } as const;

/** The script of the two projects of this repository for a generation. */
export const ownInput = (dialect: SqlDialect, mappingVersion: CompleteVersion = 'v1'): CheckedScript =>
  inputOfDocuments(
    ownNames[mappingVersion].map((name) => ownSchema(name)),
    dialect,
    mappingVersion,
  );
