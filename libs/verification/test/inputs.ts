import { buildEffectiveSchema, loadApiSchemaFiles } from '@dms/api-schema';
import { emitDdl } from '@dms/ddl';
import { deriveModel } from '@dms/derivation';
import { deriveInventory } from '@dms/inventory';
import type { SqlDialect } from '@dms/sql';
import { ownSchemaFile } from '@dms/testing';
import type { VerificationInput } from '../src/index.ts';

/** What the steps before verification make of ApiSchema files. */
export async function inputOf(files: readonly string[], dialect: SqlDialect): Promise<VerificationInput> {
  const set = buildEffectiveSchema(await loadApiSchemaFiles(files.map((file) => ({ file }))));
  const { model } = deriveModel(set, dialect);
  const inventory = deriveInventory(model);
  return { ...emitDdl(model, inventory), scriptSha256: null, model, inventory };
}

/** The two projects of this repository. */
export const ownInput = (dialect: SqlDialect) => inputOf([ownSchemaFile('campus'), ownSchemaFile('athletics')], dialect);
