import type { MappingVersion } from '@dms/api-schema';
import type { SqlDialect } from '@dms/sql';
import { type Document, ownProjects, ownSchema, scriptedSet } from '@dms/testing';
import type { CheckedScript } from '../src/index.ts';

/** The script of documents; by default not in strict mode, which small schemas do not pass (design 15 §7.4). */
export const inputOfDocuments = (
  documents: readonly Document[],
  dialect: SqlDialect,
  mappingVersion: MappingVersion,
  strict = false,
): CheckedScript => scriptedSet(documents, dialect, mappingVersion, strict);

/** The script of the two projects of this repository for a generation. */
export const ownInput = (dialect: SqlDialect, mappingVersion: MappingVersion = 'v1'): CheckedScript =>
  inputOfDocuments(
    ownProjects[mappingVersion].map((name) => ownSchema(name)),
    dialect,
    mappingVersion,
  );
