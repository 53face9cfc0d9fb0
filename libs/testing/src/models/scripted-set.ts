import { defaultMappingVersion, type EffectiveSchemaSet, type MappingVersion } from '@dms/api-schema';
import type { Catalog } from '@dms/catalog';
import { emitDdl } from '@dms/ddl';
import { deriveModel } from '@dms/derivation';
import { deriveInventory, type Inventory } from '@dms/inventory';
import type { RelationalModelSet } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
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
