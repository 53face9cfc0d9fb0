import {
  buildEffectiveSchema,
  defaultMappingVersion,
  type EffectiveSchemaSet,
  loadApiSchemaFiles,
  type MappingVersion,
} from '@dms/api-schema';
import type { Catalog } from '@dms/catalog';
import { emitDdl } from '@dms/ddl';
import { deriveModel } from '@dms/derivation';
import { deriveInventory, type Inventory } from '@dms/inventory';
import type { RelationalModelSet } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { ownSchemaFile, ownSchemas, ownSchemasV2 } from '../own-fixtures.ts';
import { type Document, schemaSetOf } from './derived.ts';

/** A derived schema set with the script of its database. */
export interface ScriptedSet {
  readonly dialect: SqlDialect;
  readonly model: RelationalModelSet;
  readonly inventory: Inventory;
  readonly script: string;
  /** The desired catalog. */
  readonly catalog: Catalog;
  /** Null, because no manifest was written with the script. */
  readonly scriptSha256: null;
}

/** The artifacts that `emit` makes from a set for a dialect. Throws the same errors. */
export function scriptOf(set: EffectiveSchemaSet, dialect: SqlDialect, strict = true): ScriptedSet {
  const { model } = deriveModel(set, dialect, { strict });
  const inventory = deriveInventory(model, { strict });
  const { script, catalog } = emitDdl(model, inventory);
  return { dialect, model, inventory, script, catalog, scriptSha256: null };
}

/** The artifacts of the documents. Throws the same errors as a command. */
export function scriptedSet(
  documents: readonly Document[],
  dialect: SqlDialect = 'pgsql',
  mappingVersion: MappingVersion = defaultMappingVersion,
  strict = true,
): ScriptedSet {
  return scriptOf(schemaSetOf(mappingVersion, documents), dialect, strict);
}

/** The artifacts of ApiSchema files; not in strict mode, in which small schemas fail (design 15 §7.4). */
export async function scriptedFiles(
  files: readonly string[],
  dialect: SqlDialect,
  mappingVersion: MappingVersion = defaultMappingVersion,
): Promise<ScriptedSet> {
  const documents = await loadApiSchemaFiles(files.map((file) => ({ file })));
  return scriptOf(buildEffectiveSchema(documents, { mappingVersion }), dialect, false);
}

/** The names of the two projects of this repository for each generation. */
export const ownProjects = { v1: ownSchemas, v2: ownSchemasV2, 'v2-natural': ownSchemasV2 } as const;

/** The artifacts of the two projects of this repository for a generation. */
export const ownScriptedSet = (dialect: SqlDialect, mappingVersion: MappingVersion = 'v1'): Promise<ScriptedSet> =>
  scriptedFiles(ownProjects[mappingVersion].map(ownSchemaFile), dialect, mappingVersion);
