import { defaultMappingVersion, type MappingVersion } from '@dms/api-schema';
import { emitDdl } from '@dms/ddl';
import { deriveModel } from '@dms/derivation';
import { deriveInventory, type Inventory } from '@dms/inventory';
import type { RelationalModelSet } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { type Document, schemaSetOf } from './derived.ts';

/** A derived schema set with the script of its database. */
export interface ScriptedSet {
  readonly model: RelationalModelSet;
  readonly inventory: Inventory;
  readonly script: string;
}

/** The set of the documents. Throws the same errors as a command. */
export function scriptedSet(
  documents: readonly Document[],
  dialect: SqlDialect = 'pgsql',
  mappingVersion: MappingVersion = defaultMappingVersion,
): ScriptedSet {
  const { model } = deriveModel(schemaSetOf(mappingVersion, documents), dialect);
  const inventory = deriveInventory(model);
  return { model, inventory, script: emitDdl(model, inventory).script };
}
