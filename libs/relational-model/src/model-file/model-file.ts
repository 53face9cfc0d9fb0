import { type EffectiveSchemaManifest, resourceLabel } from '@dms/api-schema';
import { listText } from '@dms/canonical-json';
import { fail } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';
import type { z } from 'zod';
import type { Inventory } from '../model/inventory.ts';
import type { RelationalModelSet } from '../model/model.ts';
import { inventoryFile } from './inventory-format.ts';
import { modelFile } from './model-format.ts';

/**
 * The text of `relational-model.<dialect>.json`: everything but the fingerprint, so that the file does not change when only
 * that does (design 02 §15.1).
 */
export function modelText({ effectiveSchema: _, ...model }: RelationalModelSet): string {
  return listText({ modelFormat: 1, ...model });
}

/** The text of `inventory.<dialect>.json` (design 05 §8.1). */
export function inventoryText(inventory: Inventory): string {
  return listText({ inventoryFormat: 1, ...inventory });
}

function invalid(file: string, expected: string, found: string): never {
  const text = `${file} is no ${expected}: ${found}; run the step that writes it again.`;
  fail('MODEL_FILE_INVALID', text, { file }, { expected, found });
}

function readFile<Schema extends z.ZodType<{ dialect: SqlDialect }>>(
  schema: Schema,
  text: string,
  file: string,
  dialect: SqlDialect,
  expected: string,
): z.output<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return invalid(file, expected, 'it is no JSON');
  }
  const result = schema.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    return invalid(file, expected, `${issue?.path.join('.') || 'the root'}: ${issue?.message}`);
  }
  if (result.data.dialect !== dialect) invalid(file, expected, `its dialect is ${result.data.dialect}`);
  return result.data;
}

/**
 * Reads a model file back; with the manifest of the same schema set the result equals the model that was written. Throws
 * `MODEL_FILE_INVALID` for another format or dialect, or anything that is no such file.
 */
export function readModel(
  text: string,
  file: string,
  dialect: SqlDialect,
  manifest: EffectiveSchemaManifest,
): RelationalModelSet {
  const { modelFormat: _, ...model } = readFile(modelFile, text, file, dialect, `model file of format 1 for ${dialect}`);
  const abstracts = new Set(model.abstractIdentityTables.map(({ resourceKey }) => resourceLabel(resourceKey)));
  const resourceKeys = manifest.resourceKeys.map((key) => ({ ...key, isAbstract: abstracts.has(resourceLabel(key)) }));
  return { effectiveSchema: { ...manifest, resourceKeys }, ...model };
}

/** Reads an inventory file back. Throws `MODEL_FILE_INVALID`. */
export function readInventory(text: string, file: string, dialect: SqlDialect): Inventory {
  const { inventoryFormat: _, ...inventory } = readFile(
    inventoryFile,
    text,
    file,
    dialect,
    `inventory file of format 1 for ${dialect}`,
  );
  return inventory;
}
